import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { EXAMPLES } from "../support/examples.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeAsEachViewer, PROGRAMS, root, self } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

const CONTAINERS = join(EXAMPLES, "worlds/containers.world");
const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** A file with this drawing in it. */
function drawing(text: string): string {
  const file = join(folder.path, "drawn.world");
  writeFileSync(file, text);
  return file;
}

describe("--world", () => {
  test("draws a world as its root sees it: what is drawn, and nothing that building took", async () => {
    expect(await runProgram(["tree", "--world", CONTAINERS])).toMatchInlineSnapshot(`
      {
        "err": "",
        "exit": 0,
        "out": "NAMESPACE                  PROCS  PID   UID  CGROUP  PROCESS
      user:[4026531837]       ●      2    1     0  /       /sbin/init
      ├─cgroup:[4026531835]   ●      9    1     0  /       /sbin/init
      ├─ipc:[4026531839]      ●      9    1     0  /       /sbin/init
      ├─mnt:[4026531832]      ●      8    1     0  /       /sbin/init
      ├─net:[4026531833]      ●      7    1     0  /       /sbin/init
      ├─pid:[4026531836]      ●      7    1     0  /       /sbin/init
      ├─time:[4026531834]     ●      9    1     0  /       /sbin/init
      ├─uts:[4026531838]      ●      9    1     0  /       /sbin/init
      ├─net:[4026531847] blue        0  no process: mounted at /run/netns/blue (+1)
      └─user:[4026531840]            4    4  1000  /       user:outer
        ├─pid:[4026531842]           1    8     0  /       pid:outer
        ├─mnt:[4026531844]           1   12  1000  /       mnt:outer
        ├─net:[4026531845]           1   14  1000  /       net:outer
        └─user:[4026531841]          3    6  1000  /       user:inner
          ├─pid:[4026531843]         1   10     0  /       pid:inner
          └─net:[4026531846]         1   16  1000  /       net:inner

      16 namespaces: 1 cgroup, 1 ipc, 2 mnt, 4 net, 3 pid, 1 time, 3 user, 1 uts
      9 processes · ● your own
      ",
      }
    `);
  });
  test("draws it as one of its processes sees it", async () => {
    expect(await runProgram(["tree", "--world", CONTAINERS, "--as", "user:inner"])).toMatchInlineSnapshot(`
      {
        "err": "",
        "exit": 0,
        "out": "NAMESPACE                  PROCS  PID   UID  CGROUP  PROCESS
      user:[4026531841]       ●      2    6  1000  /       user:inner
      └─net:[4026531846]             1   16  1000  /       net:inner
      user:[?]                          owner outside your view (EPERM)
      ├─cgroup:[4026531835]   ●      2    6  1000  /       user:inner
      ├─ipc:[4026531839]      ●      2    6  1000  /       user:inner
      ├─mnt:[4026531832]      ●      2    6  1000  /       user:inner
      ├─net:[4026531833]      ●      1    6  1000  /       user:inner
      ├─pid:[4026531836]      ●      2    6  1000  /       user:inner
      ├─time:[4026531834]     ●      2    6  1000  /       user:inner
      ├─uts:[4026531838]      ●      2    6  1000  /       user:inner
      └─net:[4026531847] blue        0  no process: mounted at /run/netns/blue

      10 namespaces: 1 cgroup, 1 ipc, 1 mnt, 3 net, 1 pid, 1 time, 1 user, 1 uts
      9 processes · ● your own
      Not visible: the namespaces of 7 processes (EACCES); the owners of 8 namespaces (EPERM); the parent of 1 namespace (EPERM); the open files of 7 processes (EACCES).
      EACCES: these processes may only be looked into by who could trace them (ptrace(2)). As root you would see more.
      EPERM: they lie outside your own user namespace, or outside your own pid namespace.
      The kernel lists all mount namespaces only to root of the initial user and pid namespaces: there may be more.
      ",
      }
    `);
  });
  test("is looked at by every reading command", async () => {
    const at = async (...words: string[]) => runProgram([...words, "--world", CONTAINERS, "--as", "user:outer"]);
    expect((await at("list", "-n", "-t", "user", "-o", "NS,COMMAND")).out).toBe(
      "4026531840 user:outer\n4026531841 user:inner\n",
    );
    expect(await at("show", "self/user", "p")).toMatchObject({ exit: 1, out: expect.stringContaining("outside your") });
    expect((await at("show", "net:blue")).out).toContain("held by    the mount at /run/netns/blue\n");
  });
  test("KIND:init is the first process, as is nobody named", async () => {
    const usual = await runProgram(["tree", "--world", CONTAINERS]);
    expect(await runProgram(["tree", "--world", CONTAINERS, "--as", "net:init"])).toEqual(usual);
  });
  test("--kernel: the drawn world behaves as that release", async () => {
    const shown = async (kernel: string) =>
      (await runProgram(["show", "net:blue", "--get", "id", "--world", CONTAINERS, "--kernel", kernel])).exit;
    expect([await shown("6.18"), await shown("6.17")]).toEqual([0, 5]);
    expect(await runProgram(["tree", "--world", CONTAINERS, "--kernel", "new"])).toMatchObject({ exit: 2 });
  });
  test("users of a drawn world have no names of this machine", async () => {
    const { out } = await runProgram(["list", "-n", "--world", CONTAINERS, "-o", "USER", "-t", "user"]);
    expect(out.trim().split(/\s+/)).toEqual(["0", "1000", "1000"]);
  });
  test("a misspelt process is an error with the nearest; so is one that an empty namespace has not", async () => {
    const { exit, err } = await runProgram(["tree", "--world", CONTAINERS, "--as", "usr:inner"]);
    expect({ exit, err }).toMatchInlineSnapshot(`
      {
        "err": "nsatlas: --as: no process of that world is called "usr:inner".
        Did you mean user:inner?
      ",
        "exit": 2,
      }
    `);
    expect((await runProgram(["tree", "--world", CONTAINERS, "--as", "net:blue"])).exit).toBe(2);
  });
  test.each([
    [["--as", "user:outer"]],
    [["--world", CONTAINERS, "--from", "x"]],
    [["--world", CONTAINERS, "--proc", "/proc"]],
    [["--from", "x", "--as", "user:outer"]],
    [["--kernel", "5.10"]],
    [["--from", "x", "--kernel", "5.10"]],
  ])("%j are words that do not go together", async (words) => {
    expect(await runProgram(["tree", ...words])).toMatchObject({ exit: 2, out: "" });
  });
  test("a drawing that is none: exit code 6, the line and what is wrong with it", async () => {
    const file = drawing("user:init\n  user:a\n    net:b\n");
    const { exit, out, err } = await runProgram(["tree", "--world", file]);
    expect({ exit, out }).toEqual({ exit: 6, out: "" });
    expect(err.replaceAll(/\s+/g, " ")).toContain("drawn.world, line 3: net:b cannot be a child of user:a");
    const french = await runProgram(["tree", "--world", file], { language: "fr" });
    expect(french.err.replaceAll(/\s+/g, " ")).toContain("drawn.world, ligne 3 : net:b ne peut être sous user:a");
    const json = await runProgram(["tree", "--json", "--world", file]);
    expect(JSON.parse(json.err)).toMatchObject({ error: { code: "FORMAT", subject: file } });
  });
  test("a drawing that the kernel would not allow: the line, the errno and the reason", async () => {
    const deep = Array.from({ length: 33 }, (_, level) => `${" ".repeat(level)}user:u${level + 1}\n`).join("");
    const { exit, err } = await runProgram(["tree", "--world", drawing(deep)]);
    expect({ exit, err: err.replace(folder.path, "FOLDER").replaceAll(/\s+/g, " ") }).toMatchInlineSnapshot(`
      {
        "err": "",
        "exit": 0,
      }
    `);
  });
  test("takes a text that says all of a world, and what --print-world prints", async () => {
    const service = join(EXAMPLES, "worlds/service.world");
    const shown = await runProgram(["show", "net:blue", "--world", service, "--as", "worker"]);
    expect(shown.out).toContain("held by    the mount at /run/netns/blue\n");
    expect((await runProgram(["list", "-n", "-t", "pid", "-o", "PID,COMMAND", "--world", service])).out).toBe(
      "  1 /sbin/init\n  4 service\n",
    );
    const calls = "worker: unshare net; runner: close 0; service: clone user pid as inner; inner: open self/pid";
    const { out, exit } = await runProgram(["what-if", "--world", service, "--print-world", calls]);
    expect({ exit, out }).toMatchObject({ exit: 0, out: expect.stringContaining("\ntask inner pid 6,3,1 ") });
    const again = ["what-if", "--world", drawing(out), "--print-world", "inner: open nobody/pid"];
    expect(await runProgram([...again.slice(0, -1), "inner: setns pid:init"])).toMatchObject({ exit: 0, out });
    expect(await runProgram(again)).toMatchObject({ exit: 2 });
    // As another kernel, where that is said.
    const older = await runProgram([...again.slice(0, -1), "--kernel", "6.1", "inner: setns pid:init"]);
    expect(older.out).toContain("\nkernel 6.1 ");
    expect(await runProgram(["what-if", "--world", drawing(older.out), "--print-world", "getpid"])).toMatchObject({
      out: older.out,
    });
  });
  test("an error behind the drawing has its line as well", async () => {
    const file = drawing("user:a\ntask b pid 3 in user:b\n");
    const { exit, err } = await runProgram(["tree", "--world", file], { language: "fr" });
    expect(exit).toBe(6);
    expect(err.replaceAll(/\s+/g, " ")).toContain("drawn.world, ligne 2 : task b : user:b n'existe pas dans ce monde.");
  });
  test("a file that is not there is refused as any other", async () => {
    expect(await runProgram(["tree", "--world", join(folder.path, "none")])).toMatchObject({ exit: 4 });
  });
});

describeAsEachViewer("the built program with --world", (viewer) => {
  test("reads standard input", async () => {
    const { code, stdout, stderr } = await viewer.nsatlas(["show", "net:x", "--get", "owner", "--world", "-"], {
      stdin: "user:a\nnet:x of user:a pin /run/netns/x\n",
    });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "4026531840\n", stderr: "" });
  });
});

test("the running kernel is not asked: --world needs no /proc", root.needs, async () => {
  const line = `mount -t tmpfs none /proc; '${process.execPath}' '${PROGRAMS.nsatlas}' tree --world '${CONTAINERS}'`;
  const { code, stderr } = await root.run("unshare", ["--mount", "--propagation", "private", "sh", "-c", line]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
test("the native half is not loaded", needs("package:strace"), async () => {
  const words = ["-f", "-e", "trace=%file", process.execPath, PROGRAMS.nsatlas, "tree", "--world", CONTAINERS];
  const { code, stderr } = await self.run("strace", words);
  expect(code).toBe(0);
  expect(stderr).toContain("containers.world");
  expect(stderr).not.toMatch(/\.node"|"\/proc\/(\d+|self|thread-self)\/(ns|status|mountinfo|fd)/);
});
