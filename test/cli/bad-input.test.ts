import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";
import { describeAsEachViewer, root, PROGRAMS } from "../support/viewers.ts";

const NOBODY = "4194304";
const LONG = "x".repeat(5000);

describeAsEachViewer("bad input to the built program", (viewer) => {
  let folder: TemporaryFolder;
  const at = (name: string): string => join(folder.path, name);
  const server = createServer();
  beforeAll(async () => {
    folder = temporaryFolder();
    chmodSync(folder.path, 0o755);
    mkdirSync(at("folder"));
    writeFileSync(at("file"), "");
    execFileSync("mkfifo", [at("fifo")]);
    await new Promise<void>((resolve) => server.listen(at("socket"), resolve));
  });
  afterAll(() => {
    server.close();
    folder[Symbol.dispose]();
  });

  test.each([
    ["no such file", () => at("nothing"), 4, "ENOENT"],
    ["a directory", () => at("folder"), 4, "ENOTTY"],
    ["/dev/null", () => "/dev/null", 4, "ENOTTY"],
    ["a regular file", () => at("file"), 4, "ENOTTY"],
    ["a socket", () => at("socket"), 4, "ENOTTY"],
    ["a FIFO that nobody writes to", () => at("fifo"), 4, "ENOTTY"],
    ["a file as a folder", () => `${at("file")}/x`, 4, "ENOTDIR"],
    ["a dead process", () => `${NOBODY}/net`, 4, "ENOENT"],
    ["a dead process by its path", () => `/proc/${NOBODY}/ns/net`, 4, "ENOENT"],
    ["a thread of another process", () => `self/${NOBODY}/net`, 4, "ENOENT"],
    ["a descriptor that is not open", () => "fd:999", 4, "EBADF"],
    ["a descriptor of Node's own", () => "fd:3", 4, "EBADF"],
    ["a descriptor that is no namespace", () => "fd:0", 4, "ENOTTY"],
    ["another kind", () => "net:/proc/self/ns/uts", 2, undefined],
    ["an inode of another kind", () => "uts:4026531837", 2, undefined],
    ["an inode that nothing has", () => "1", 2, undefined],
    ["an id that nothing has", () => "net:id:18446744073709551615", 2, undefined],
    ["a device that nothing is on", () => "net:[4294967295:0/1]", 2, undefined],
    ["a number out of range", () => "99999999999999999999", 2, undefined],
    ["a pid out of range", () => "4194305/net", 2, undefined],
    ["a descriptor out of range", () => "fd:99999999999", 2, undefined],
    ["a name of 5,000 characters", () => `net:${LONG}`, 2, undefined],
    ["a path of 5,000 characters", () => `/${LONG}`, 2, undefined],
    ["5,000 characters that mean nothing", () => LONG, 2, undefined],
    ["nothing", () => "", 2, undefined],
    ["two dots", () => "net:..", 2, undefined],
    ["a name with a newline", () => "net:a\nb", 2, undefined],
    ["a name with terminal escapes", () => "net:\u001b[31m\u001b]0;x\u0007", 2, undefined],
    ["a path with terminal escapes", () => "/tmp/\u001b[31m\n\u202e", 4, "ENOENT"],
  ])("%s", async (_, ref, exit, errno) => {
    const ran = await viewer.nsatlas(["show", ref()]);
    expect({ exit: ran.code, stdout: ran.stdout }).toEqual({ exit, stdout: "" });
    expect(ran.stderr).toMatch(/^nsatlas: /);
    // No stack, nothing that a terminal would act on, nothing endless.
    expect(ran.stderr).not.toMatch(/[^\n\P{Cc}]|\u202e|node:internal|\.ts:|\.js:/u);
    expect(ran.stderr.length).toBeLessThan(700);
    if (errno !== undefined) expect(ran.stderr.replaceAll(/\n +/g, " ")).toContain(`: ${errno},`);
  });
});

describe("a /proc that is not ours", root.needs, () => {
  let folder: TemporaryFolder;
  let proc = "";
  beforeAll(() => {
    folder = temporaryFolder();
    proc = join(folder.path, "proc");
    chmodSync(folder.path, 0o755);
    mkdirSync(proc);
  });
  afterAll(() => folder[Symbol.dispose]());

  /** A shell's line as root in a mount namespace of its own, with $NSATLAS for the built program. */
  const alone = (line: string) =>
    root.run("unshare", ["--mount", "--propagation", "private", "sh", "-c", line], {
      env: { NSATLAS: `${process.execPath} ${PROGRAMS.nsatlas}`, DIR: proc },
    });

  test("absent: an empty folder over it", async () => {
    const { code, stderr } = await alone("mount -t tmpfs none /proc; $NSATLAS list");
    expect(code).toBe(4);
    expect(stderr).toMatch(/^nsatlas: openat \/proc: \w+/);
    expect(stderr).toContain("mount -t proc proc /proc");
  });
  test("of another pid namespace: its processes are shown, and that it is another's is said", async () => {
    const inner = 'mount -t proc proc "$DIR"; exec sleep 5';
    const line = `unshare --pid --fork --kill-child sh -c '${inner}' & sleep 0.5; $NSATLAS tree --proc "$DIR"; code=$?; kill $!; exit $code`;
    const { code, stdout, stderr } = await alone(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("sleep");
    expect(stdout).toMatch(/pid namespace/);
  });
  test("of another pid namespace: it has no self", async () => {
    const inner = 'mount -t proc proc "$DIR"; exec sleep 5';
    const line = `unshare --pid --fork --kill-child sh -c '${inner}' & sleep 0.5; $NSATLAS show self/net --proc "$DIR"; code=$?; kill $!; exit $code`;
    const { code, stderr } = await alone(line);
    expect(code).toBe(4);
    expect(stderr).toContain("ENOENT");
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("a pid namespace in which nsatlas has no number");
  });
  test(
    "that hides other users' processes: only one's own are shown, and that is said",
    needs("ordinary-user"),
    async () => {
      const line =
        'mount -t proc -o hidepid=2 proc "$DIR"; ' +
        'setpriv --reuid 12345 --regid 12345 --clear-groups $NSATLAS tree --proc "$DIR"';
      const { code, stdout, stderr } = await alone(line);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("hidepid");
    },
  );
});
