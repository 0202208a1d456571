import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeExecutable } from "../../scripts/make-executable.js";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Ran, root } from "../support/viewers.ts";

/** In a mount and a pid namespace of its own, which has no other processes: `$1` is the root, `$2` what is done before, the rest the command. */
const IN_ROOT = `set -e
  root=$1 before=$2; shift 2
  mount --bind "$root" "$root"; cd "$root"
  mount -t proc proc proc; mount -t tmpfs tmpfs tmp; mount -t tmpfs tmpfs dev/shm
  mount --bind /dev/null dev/null
  chmod 1777 tmp dev/shm
  eval "$before"
  # Not chroot(2) alone: who is chrooted may make no user namespace.
  pivot_root . .; umount -l .
  /bin/chroot $AS / "$@" && code=0 || code=$?
  for left in /tmp/* /tmp/.[!.]* /dev/shm/* /dev/shm/.[!.]* /var/tmp/*; do [ ! -e "$left" ] || echo "left $left" >&2; done
  exit $code`;
const PROGRAMS = ["sh", "chroot", "umount"];

describe(
  "nsatlas as one file, in a root without Node",
  { timeout: 120_000, ...needs("native", "root", "package:util-linux") },
  () => {
    const folder = temporaryFolder();
    const there = join(folder.path, "root");
    const file = join(there, "bin/nsatlas");
    afterAll(() => folder[Symbol.dispose]());

    beforeAll(async () => {
      chmodSync(folder.path, 0o755);
      for (const name of ["bin", "proc", "run", "tmp", "dev/shm", "var/tmp"])
        mkdirSync(join(there, name), { recursive: true });
      chmodSync(join(there, "var/tmp"), 0o1777);
      writeFileSync(join(there, "dev/null"), "");
      await makeExecutable(ROOT, file);
      // What Debian's essential packages have, and nothing of Node.
      const { stdout } = await root.run("ldd", [file, ...PROGRAMS.map(found)]);
      for (const [path] of stdout.matchAll(/\/\S+\.so[.\d]*(?= \()/g)) {
        mkdirSync(dirname(join(there, path)), { recursive: true });
        copyFileSync(path, join(there, path));
      }
      for (const name of PROGRAMS) cpSync(found(name), join(there, "bin", name), { dereference: true });
    }, 120_000);

    const within = (words: readonly string[], { as = "", before = "" } = {}): Promise<Ran> =>
      root.run("unshare", ["-mpf", "--kill-child", "sh", "-c", IN_ROOT, "sh", there, before, ...words], {
        env: { AS: as },
      });
    const ORDINARY = "--userspec=12345:12345 --groups=";

    test.each([
      ["root", ""],
      ["an ordinary user", ORDINARY],
    ])("does all that it does elsewhere, as %s, and leaves no file behind", async (_, as) => {
      expect(await within(["/bin/nsatlas", "--version"], { as })).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^nsatlas \d/),
        stderr: "",
      });
      // The native half was loaded: the kernel was asked for owners.
      const listed = await within(["/bin/nsatlas", "list", "--json", "-o", "NS,ONS"], { as });
      expect(listed).toMatchObject({ code: 0, stderr: "" });
      const { namespaces } = JSON.parse(listed.stdout) as { namespaces: readonly { ons: number }[] };
      expect(namespaces.some(({ ons }) => ons > 0)).toBe(true);
      // The launcher.
      const ran = await within(["/bin/nsatlas", "run", "-r", "-u", "/bin/sh", "-c", "echo $$; exit 7"], { as });
      expect(ran).toMatchObject({ code: 7, stdout: expect.stringMatching(/^\d+\n$/), stderr: "" });
      // The holder: it makes the calls, and the model agrees.
      const verified = await within(["/bin/nsatlas", "what-if", "--verify", "--as", "self", "unshare user"], { as });
      expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0, stderr: "" });
    });

    test("finds a folder for its native half where programs may be, and says so where there is none", async () => {
      const noexec = (name: string) => `mount -o remount,noexec ${name};`;
      const elsewhere = await within(["/bin/nsatlas", "run", "-r", "/bin/sh", "-c", ":"], { before: noexec("tmp") });
      expect(elsewhere).toMatchObject({ code: 0, stderr: "" });
      const all = `${noexec("tmp")} ${noexec("dev/shm")} mount -t tmpfs -o noexec tmpfs var/tmp`;
      const nowhere = await within(["/bin/nsatlas", "run", "-r", "/bin/sh", "-c", ":"], { before: all });
      expect(nowhere.code, nowhere.stderr).not.toBe(0);
      expect(nowhere.stderr).toContain("no folder for a program");
      expect(nowhere.stderr).not.toMatch(/^\s+at /m);
    });

    test(
      "where a file system has no files without names, it has one for a moment",
      needs("package:strace"),
      async () => {
        using own = temporaryFolder();
        const log = join(folder.path, "strace");
        // Whoever opens the folder itself wants such a file.
        const trace = ["-f", "-o", log, "-P", own.path, "-e", "inject=openat:error=EOPNOTSUPP"];
        const ran = await root.run("strace", [...trace, file, "run", "-r", "sh", "-c", "exit 7"], {
          env: { TMPDIR: own.path },
        });
        expect(ran, ran.stderr).toMatchObject({ code: 7, stderr: "" });
        expect(readFileSync(log, "utf8")).toMatch(/O_TMPFILE.* = -1 EOPNOTSUPP .*INJECTED/);
        expect(readdirSync(own.path)).toEqual([]);
      },
    );

    test("has nothing beside it", () => {
      expect(readdirSync(dirname(file)).toSorted()).toEqual(["nsatlas", ...PROGRAMS].toSorted());
    });
  },
);

const found = (name: string): string => {
  const path = ["/usr/sbin", "/usr/bin"].map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (path === undefined) throw new Error(`${name} is not in /usr/bin`);
  return path;
};
