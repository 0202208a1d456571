import { readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { deviceOf } from "../../src/abi/ids.ts";
import { needs } from "../support/needs.ts";
import { describeAsEachViewer, PROGRAMS, self, type RunOptions } from "../support/viewers.ts";
import { openResident } from "./ns-show/residents.ts";

type Env = RunOptions["env"];
const FRENCH = { LC_ALL: "fr_FR.UTF-8" };

/** `[0,4] / 4026531837`, by stat(2). */
function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  const { major, minor } = deviceOf(dev);
  return `[${major.toString(16)},${minor.toString(16)}] / ${ino}`;
}

describeAsEachViewer("the words of ns_show", (viewer) => {
  const options = needs("native", "user-namespaces", "package:util-linux");

  test("for an owner and a parent that were found", options, async () => {
    await using child = await openResident(viewer, "--user", "--uts");
    await using grandchild = await openResident(viewer, "--user", "-r", "unshare", "--user", "--uts");
    const found = identityOf(`/proc/${child.pid}/ns/user`);
    const own = identityOf("/proc/self/ns/user");
    const ask = async (path: string, letters: string, env: Env = {}) =>
      viewer.nsShow([`/proc/${path}`, letters], { env });
    expect((await ask(`${child.pid}/ns/uts`, "u")).stdout).toBe(`owning user namespace: ${found}\n`);
    expect((await ask(`${child.pid}/ns/user`, "pu")).stdout).toBe(
      `owning user namespace: ${own}\nparent namespace: ${own}\n`,
    );
    expect((await ask(`${child.pid}/ns/uts`, "u", FRENCH)).stdout).toBe(
      `espace de noms utilisateur propriétaire : ${found}\n`,
    );
    expect((await ask(`${child.pid}/ns/user`, "p", FRENCH)).stdout).toBe(`espace de noms parent : ${own}\n`);
    expect((await ask(`${grandchild.pid}/ns/user`, "p")).stdout).not.toContain(own);
  });

  test("for what the kernel refuses", options, async () => {
    const rows = [
      [["/proc/self/ns/user", "u"], "owning user namespace: outside your namespace scope"],
      [["/proc/self/ns/user", "p"], "parent namespace: outside your namespace scope"],
      [["/proc/self/ns/pid", "p"], "parent namespace: outside your namespace scope"],
      [["/proc/self/ns/net", "p"], "parent namespace: none, this kind does not nest"],
    ] as const;
    for (const [words, line] of rows) {
      expect(await viewer.nsShow(words)).toEqual({ code: 1, signal: null, stdout: `${line}\n`, stderr: "" });
    }
    const french = [
      [["/proc/self/ns/user", "u"], "espace de noms utilisateur propriétaire : hors de portée de vos espaces de noms"],
      [["/proc/self/ns/user", "p"], "espace de noms parent : hors de portée de vos espaces de noms"],
      [["/proc/self/ns/net", "p"], "espace de noms parent : aucun, ce type n'est pas hiérarchique"],
    ] as const;
    for (const [words, line] of french) {
      const said = await viewer.nsShow(words, { env: FRENCH });
      expect(said).toEqual({ code: 1, signal: null, stdout: `${line}\n`, stderr: "" });
    }
  });

  test("for other errors are the C library's, on standard error", options, async () => {
    const said = async (words: readonly string[], env: Env = {}) => (await viewer.nsShow(words, { env })).stderr;
    expect(await said(["/dev/null", "p"])).toBe("ioctl-NS_GET_PARENT: Inappropriate ioctl for device\n");
    expect(await said(["/dev/null", "p"], FRENCH)).toBe(
      "ioctl-NS_GET_PARENT: Ioctl() inapproprié pour un périphérique\n",
    );
    expect(await said(["/nowhere"])).toBe("open: No such file or directory\n");
    expect(await said(["/nowhere"], FRENCH)).toBe("open: Aucun fichier ou dossier de ce type\n");
  });
});

describe("ns_show", needs("native"), () => {
  test("speaks the language that setlocale(3) would choose", async () => {
    const language = async (env: Env) =>
      (await self.nsShow(["/proc/self/ns/net", "p"], { env: { LC_ALL: undefined, ...env } })).stdout.startsWith(
        "espace",
      )
        ? "fr"
        : "en";
    expect(await language({})).toBe("en");
    expect(await language({ LANG: "fr_FR.UTF-8" })).toBe("fr");
    expect(await language({ LC_MESSAGES: "fr_CA", LANG: "en_US.UTF-8" })).toBe("fr");
    expect(await language({ LC_MESSAGES: "C", LANG: "fr_FR.UTF-8" })).toBe("en");
    expect(await language({ LC_ALL: "fr", LC_MESSAGES: "de_DE", LANG: "C" })).toBe("fr");
    expect(await language({ LC_ALL: "de_DE.UTF-8", LC_MESSAGES: "fr_FR", LANG: "fr_FR" })).toBe("en");
    expect(await language({ LC_ALL: "", LC_MESSAGES: "", LANG: "fr_BE@euro" })).toBe("fr");
    expect(await language({ LC_TIME: "fr_FR.UTF-8", LANGUAGE: "fr" })).toBe("en");
  });

  test("explains its use on standard error, or on standard output where that is asked for", async () => {
    const { stdout, stderr, code } = await self.nsShow([]);
    expect({ stdout, code }).toEqual({ stdout: "", code: 1 });
    expect(stderr).toMatchInlineSnapshot(`
      "Usage: ns_show /proc/PID/ns/FILE [p|u]

      Prints device and inode of the namespace that a namespace belongs to:
        u   its owning user namespace (NS_GET_USERNS); also where nothing is said
        p   its parent (NS_GET_PARENT), of user and pid namespaces
        pu  both, the owner first
      "
    `);
    expect(await self.nsShow(["--help"])).toEqual({ stdout: stderr, stderr: "", code: 0, signal: null });
    expect((await self.nsShow([], { env: FRENCH })).stderr).toMatchInlineSnapshot(`
      "Utilisation : ns_show /proc/PID/ns/FICHIER [p|u]

      Affiche le périphérique et l'inœud de l'espace de noms dont un espace dépend :
        u   son espace de noms utilisateur propriétaire (NS_GET_USERNS) ; par défaut
        p   son parent (NS_GET_PARENT), pour les types utilisateur et pid
        pu  les deux, le propriétaire d'abord
      "
    `);
  });

  test("is one file, since each further one would cost its start a millisecond", () => {
    const imports = [...readFileSync(PROGRAMS.nsShow, "utf8").matchAll(/(?:^import .*|\bimport\()"(.*?)"/gm)];
    expect(imports.map(([, name]) => name).filter((name) => !name?.startsWith("node:"))).toEqual([]);
  });

  test("ends quietly where nobody reads its output, and says it where a disk is full", async () => {
    const show = 'exec "$0" "$1" /proc/self/ns/net p';
    const shell = async (script: string) => self.run("sh", ["-c", script, process.execPath, PROGRAMS.nsShow]);
    expect(await shell(`{ sleep 0.2; ${show}; } | true`)).toMatchObject({ code: 0, stderr: "" });
    expect(await shell(`${show} >/dev/full`)).toMatchObject({ code: 1, stderr: "write: No space left on device\n" });
  });
});
