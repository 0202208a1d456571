import { chmodSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { DEMO_JSON_SCHEMA } from "../../src/demo/schema.ts";
import { needs } from "../support/needs.ts";
import { productFolder } from "../support/product.ts";
import { runOf } from "../support/run.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeAsEachViewer, PROGRAMS, self, type Ran } from "../support/viewers.ts";
import { openResident } from "./ns-show/residents.ts";

const product = productFolder(runOf(process.env));
const REAL = needs("native", "user-namespaces", "package:util-linux");
const DEADLINE_MS = 10_000;

interface Session {
  readonly name: string;
  readonly agree: boolean | null;
  readonly commands: readonly { readonly prompt: string; readonly text: string }[];
  readonly kernel: {
    readonly answers?: readonly Readonly<Record<string, string | number>>[];
    readonly refused?: { readonly errno: string };
  } | null;
}
const sessionsOf = ({ stdout }: Ran): readonly Session[] => JSON.parse(stdout).demo.sessions;
const lastLineOf = ({ stdout }: Ran): string | undefined => stdout.trimEnd().split("\n").at(-1);

describeAsEachViewer("nsatlas demo", (viewer) => {
  describe("where user namespaces can be made", REAL, () => {
    test("plays all sessions on the kernel and on the model in time, and they agree", async () => {
      const ran = await viewer.nsatlas(["demo"], { timeoutMs: DEADLINE_MS });
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      expect(lastLineOf(ran)).toMatch(/^Linux \S+ and the model agree in all 4 sessions\.$/);
      expect(ran.stdout.match(/^ {5}kernel {2}/gm)).toHaveLength(ran.stdout.match(/^ {5}model {3}/gm)?.length ?? 0);
    });
    test("speaks French", async () => {
      const ran = await viewer.nsatlas(["demo"], { env: { LC_ALL: "fr_FR.UTF-8" } });
      expect(lastLineOf(ran)).toMatch(/^Linux \S+ et le modèle concordent sur les 4 sessions\.$/);
    });
    test("prints JSON that its schema describes", async () => {
      const { stdout } = await viewer.nsatlas(["demo", "--json"]);
      const validate = new Ajv2020({ strict: true }).compile(DEMO_JSON_SCHEMA);
      expect({ valid: validate(JSON.parse(stdout)), errors: validate.errors }).toEqual({ valid: true, errors: null });
    });
    test("says what a shell says to whoever types its commands", async () => {
      const sessions = sessionsOf(await viewer.nsatlas(["demo", "--json"]));
      using folder = temporaryFolder();
      chmodSync(folder.path, 0o755);
      const nsShow = `#!/bin/sh\nexec '${process.execPath}' '${PROGRAMS.nsShow}' "$@"\n`;
      writeFileSync(join(folder.path, "ns_show"), nsShow, { mode: 0o755 });
      const env = { PATH: `${folder.path}:${process.env["PATH"]}` };
      const typed = await viewer.run("sh", ["-c", scriptOf(sessions)], { env });
      expect(typed).toMatchObject({ stderr: "" });
      const answers = sessions.flatMap(({ kernel }) => kernel?.answers ?? []);
      expect(typed.stdout.trimEnd().split("\n").map(lineInWords)).toEqual(answers.flatMap(inWords));
    });
  });

  describe("where none can be made", REAL, () => {
    test("by the number that is allowed, plays on the model and says why", async () => {
      const noMore = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"';
      const ran = await viewer.run("unshare", [
        "-Ur",
        "sh",
        "-c",
        noMore,
        "sh",
        process.execPath,
        PROGRAMS.nsatlas,
        "demo",
      ]);
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      const text = ran.stdout.replaceAll(/\s+/g, " ");
      expect(text).toContain("On the model alone. The kernel refused clone3 CLONE_NEWUSER|CLONE_NEWUTS: ENOSPC");
      expect(text).toContain("see user.max_user_namespaces");
      expect(text).toContain("agree in 1 of 4 sessions; the others ran on the model alone.");
    });
    test("by a root that is not that of the mount namespace, too", async () => {
      const inside = 'mount --rbind / /mnt && exec chroot /mnt "$@"';
      const words = ["-Ur", "--mount", "sh", "-c", inside, "sh", process.execPath, PROGRAMS.nsatlas, "demo", "--json"];
      const sessions = sessionsOf(await viewer.run("unshare", words));
      expect(sessions.map(({ agree, kernel }) => [agree, kernel?.refused?.errno])).toEqual([
        [true, undefined],
        [null, "EPERM"],
        [null, "EPERM"],
        [null, "EPERM"],
      ]);
    });
  });
});

describe("nsatlas demo on the model alone", () => {
  const heading = "The sessions of the manual page ioctl_ns(2), on nsatlas's model of the kernel.";

  test("where there is no native half, and it says so", async () => {
    using folder = temporaryFolder();
    cpSync(product, folder.path, { recursive: true });
    rmSync(join(folder.path, "prebuilds"), { recursive: true, force: true });
    const ran = await self.run(process.execPath, [join(folder.path, "dist/cli.cjs"), "demo"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout.split("\n").slice(0, 2)).toEqual([heading, expect.stringContaining("native half")]);
    expect(lastLineOf(ran)).toMatch(/^All 4 sessions ran on the model alone/);
  });
  test("where the program that makes the calls is gone, and it says so", needs("native"), async () => {
    using folder = temporaryFolder();
    cpSync(product, folder.path, { recursive: true });
    const holder = join(folder.path, "prebuilds", `linux-${process.arch}`, "holder");
    rmSync(holder);
    const ran = await self.run(process.execPath, [join(folder.path, "dist/cli.cjs"), "demo"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    // Lines end within a path too, where it is longer than one.
    const unwrapped = (text: string) => text.replaceAll(/\s+/g, "");
    const said = unwrapped(`${heading} The program that makes the calls did not start: ${holder}`);
    expect(unwrapped(ran.stdout)).toContain(said);
  });
  test.each(["darwin", "win32"])("on %s, and it says so", async (platform) => {
    using folder = temporaryFolder();
    const pretend = join(folder.path, "pretend.cjs");
    writeFileSync(pretend, `Object.defineProperty(process, "platform", { value: "${platform}" })`);
    const ran = await self.run(process.execPath, ["--require", pretend, PROGRAMS.nsatlas, "demo"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout.split("\n").slice(0, 2)).toEqual([
      heading,
      `Namespaces are a feature of Linux; this is ${platform}.`,
    ]);
  });
});

describe("nsatlas start", REAL, () => {
  const mark = "Drawn, not this machine";
  test("adds the demo's drawing where one user namespace is all there is to see", async () => {
    const inside = await self.run("unshare", ["-U", process.execPath, PROGRAMS.nsatlas, "start"]);
    expect(inside).toMatchObject({ code: 0, stderr: "" });
    expect(inside.stdout).toContain(mark);
    expect(inside.stdout.slice(inside.stdout.indexOf(mark))).toMatch(/user:\[\d+\] +1 +3 +0 +sleep 1000\n/);
  });
  test("and draws nothing but this machine where there are more", async () => {
    await using _ = await openResident(self, "-U");
    expect((await self.nsatlas(["start"])).stdout).not.toContain(mark);
  });
});

/** The sessions' commands as a shell script; what comes after the inner shell's start is typed into that. */
function scriptOf(sessions: readonly Session[]): string {
  const lines = sessions.flatMap(({ commands }) => {
    const outer = commands.filter(({ prompt }) => prompt === "$ ").map(({ text }) => text);
    const inner = commands.filter(({ prompt }) => prompt !== "$ ").map(({ text }) => text);
    return inner.length === 0 ? outer : [`${outer.join("\n")} <<'END'`, ...inner, "END"];
  });
  // Nobody types so fast that unshare has not done its work yet.
  const isThere = 'until [ "$(readlink /proc/$pid/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.01; done';
  return lines.flatMap((line) => (line.endsWith("pid=$!") ? [line, isThere] : [line])).join("\n") + "\nkill $pid\n";
}

/** What a line of the shell says, without its numbers. */
const lineInWords = (line: string): string =>
  line.startsWith("user:[") ? "link" : line.replace(/: \[.*/, ": found").replace(/: outside.*/, ": EPERM");

/** The same of an answer of the demo; the shell does not say that a process was started. */
const inWords = (answer: Readonly<Record<string, string | number>>): string[] => {
  if ("pid" in answer) return [];
  if ("link" in answer) return ["link"];
  const subject = answer["relation"] === "owner" ? "owning user namespace" : "parent namespace";
  return [`${subject}: ${answer["errno"] ?? "found"}`];
};
