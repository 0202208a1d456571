import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { WHAT_IF_JSON_SCHEMA } from "../../src/what-if/schema.ts";
import { needs } from "../support/needs.ts";
import { asOrdinaryUser } from "../support/ordinary-user.ts";
import { describeAsEachViewer, ordinaryUser, root, type Viewer } from "../support/viewers.ts";

interface Call {
  readonly errno?: string;
  readonly unknown?: object;
  readonly verified: {
    readonly is: string;
    readonly where?: string;
    readonly why?: string;
    readonly answered?: string;
  };
}

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(WHAT_IF_JSON_SCHEMA);

/** What is said of each call, and the exit code. */
async function verified(viewer: Viewer, ...words: string[]) {
  const { code, stdout, stderr } = await viewer.nsatlas(["what-if", "--verify", "--json", ...words]);
  expect(stderr).toBe("");
  const page = JSON.parse(stdout);
  expect({ valid: validate(page), errors: validate.errors }).toEqual({ valid: true, errors: null });
  const calls: readonly Call[] = page["what-if"].calls;
  return { code, calls, said: calls.map(({ verified: { is, where, why } }) => [is, where ?? why].join(" ")) };
}

/** Somebody in namespaces of its own, started by the same user; ended with the block. */
function stranger(viewer: Viewer): Disposable & { readonly pid: number } {
  const words = ["--user", "--map-root-user", "--net", "--uts", "sleep", "100"];
  const credentials = viewer === ordinaryUser ? asOrdinaryUser() : {};
  const child: ChildProcess = spawn("unshare", words, { ...credentials, stdio: "ignore" });
  const pid = child.pid ?? -1;
  const own = readlinkSync("/proc/self/ns/net");
  // It is where it will be once it has become the other program.
  for (let left = 500; left > 0 && (commOf(pid) !== "sleep" || readlinkSync(`/proc/${pid}/ns/net`) === own); left--) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  return { pid, [Symbol.dispose]: () => void child.kill("SIGKILL") };
}
const commOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, "utf8").trim();

/** What calls could change of a process that is not nsatlas's. */
const stateOf = (pid: number): string =>
  [
    ...["user", "net", "uts", "pid", "pid_for_children", "mnt"].map((link) => readlinkSync(`/proc/${pid}/ns/${link}`)),
    readFileSync(`/proc/${pid}/uid_map`, "latin1"),
    readFileSync(`/proc/${pid}/stat`, "latin1").split(" ").slice(0, 2).join(" "),
    readFileSync(`/proc/${pid}/status`, "latin1")
      .match(/^(Uid|Gid|Cap\w+|Groups):.*$/gm)
      ?.join("\n") ?? "",
  ].join("\n");

const WORLD = "user:outer by 1000\n  user:inner\nnet:blue of user:inner empty\n";

describeAsEachViewer("what-if --verify", (viewer) => {
  test(
    "makes calls that only look in place, for itself and for another",
    needs("native", "user-namespaces"),
    async () => {
      using other = stranger(viewer);
      const looking = `open self/net; ioctl self/user NS_GET_NSTYPE; getresuid; open ${other.pid}/user; ioctl fd:1 NS_GET_OWNER_UID`;
      const own = await verified(viewer, "--as", "self", looking);
      expect(own).toMatchObject({ code: 0, said: Array.from({ length: 5 }, () => "same place") });
      if (viewer !== root) return;
      const calls = `ioctl ${other.pid}/user NS_GET_PARENT; open self/net; open ${process.pid}/net`;
      const theirs = await verified(viewer, "--as", String(other.pid), calls);
      expect(theirs).toMatchObject({ code: 0, said: ["same place", "same place", "same place"] });
      expect(theirs.calls.map(({ errno }) => errno)).toEqual(["EPERM", undefined, "EACCES"]);
    },
  );
  test(
    "makes calls that change something in a copy, and nothing real changes",
    needs("native", "user-namespaces"),
    async () => {
      using other = stranger(viewer);
      const before = stateOf(other.pid);
      const { pid } = other;
      const calls = `unshare uts; setns ${pid}/net net; setresuid 5; setgroups; open ${pid}/user; clone user as box; box: setns ${pid}/user`;
      const theirs = await verified(viewer, "--as", String(pid), calls);
      expect(theirs).toMatchObject({ code: 0, said: Array.from({ length: 7 }, () => "same copy") });
      // nsatlas has several threads.
      // An ordinary user did not see who would wait for it.
      const signal = viewer === root ? "SIGKILL" : "0";
      const own = `clone as x; setns ${pid}/user user; x: setns ${pid}/user user; x: setns ${pid}/net net; x: unshare mnt; kill ${pid} ${signal}`;
      const mine = await verified(viewer, "--as", "self", own);
      expect(mine).toMatchObject({ code: 0, said: Array.from({ length: 6 }, () => "same copy") });
      expect(mine.calls.map(({ errno }) => errno)).toEqual([undefined, "EINVAL", ...Array.from({ length: 4 })]);
      expect(stateOf(pid)).toBe(before);
    },
  );
  test("knows what a process has open", needs("native", "user-namespaces"), async () => {
    const credentials = viewer === ordinaryUser ? asOrdinaryUser() : {};
    const stdio = ["ignore", "ignore", "ignore", "ipc"] as const;
    const script =
      'const fs = require("fs"); const fd = fs.openSync("/proc/self/ns/uts"); process.send(fd); setTimeout(() => {}, 60000)';
    const child = spawn(process.execPath, ["-e", script], { ...credentials, stdio: [...stdio] });
    try {
      const fd = await new Promise<string>((resolve) => child.once("message", (sent) => resolve(JSON.stringify(sent))));
      const calls = `ioctl fd:${fd} NS_GET_NSTYPE; setns fd:${fd} uts; setns fd:${fd} net; dup fd:${fd}; fcntl fd:${fd} F_GETFD`;
      const { said, calls: answers } = await verified(viewer, "--as", String(child.pid), calls);
      expect(said).toEqual(Array.from({ length: 5 }, () => "same copy"));
      expect(answers.map(({ errno }) => errno)).toEqual([
        undefined,
        viewer === root ? undefined : "EPERM",
        "EINVAL",
        undefined,
        undefined,
      ]);
      // What was not recorded stays unknown.
      expect((await verified(viewer, "--as", String(child.pid), "fstat fd:1")).calls[0]?.unknown).toMatchObject({
        what: "descriptor",
      });
    } finally {
      child.kill("SIGKILL");
    }
  });
  test("of a snapshot of another machine, in a copy alone", needs("native", "user-namespaces"), async () => {
    const taken = await viewer.nsatlas(["snapshot", "-o", "-"]);
    const elsewhere = taken.stdout.replace(/"bootId": ?"[^"]*"/, '"bootId": "00000000-0000-0000-0000-000000000000"');
    const run = await viewer.nsatlas(
      ["what-if", "--verify", "--json", "--from", "-", "--as", "self", "getresuid; unshare user"],
      {
        stdin: elsewhere,
      },
    );
    const { calls } = JSON.parse(run.stdout)["what-if"];
    expect(calls.map((call: Call) => call.verified)).toEqual([
      { is: "same", where: "copy" },
      { is: "same", where: "copy" },
    ]);
  });
  test("of a drawn world", needs("native", "user-namespaces"), async () => {
    const calls =
      "outer: unshare net; outer: setns user:init; inner: open outer/net; setns inner/user; clone CLONE_VM|CLONE_FILES as twin; open shell/net; twin: close fd:4";
    const run = await viewer.nsatlas(["what-if", "--verify", "--json", "--world", "-", calls], { stdin: WORLD });
    const said: readonly Call[] = JSON.parse(run.stdout)["what-if"].calls;
    expect({ code: run.code, is: said.map((call) => call.verified.is) }).toEqual({
      code: 0,
      is: Array.from({ length: 7 }, () => "same"),
    });
  });
  test("says what cannot be built, and exits with 3", needs("native", "user-namespaces"), async () => {
    const { code, said } = await verified(viewer, "--as", "self", "chroot /tmp");
    expect({ code, said }).toEqual({ code: 3, said: ["not-made unknown"] });
    const machine = await verified(viewer, "--as", "self", "pidfd_open 999999; setns fd:0 net");
    expect(machine.code).toBe(3);
  });
});

test("an ordinary user has one id in a copy: what depends on another is not verified", ordinaryUser.needs, async () => {
  const words = ["what-if", "--verify", "--world", "-", "--as", "outer", "getresuid"];
  const { code, stdout } = await ordinaryUser.nsatlas(words, { stdin: WORLD });
  expect({ code, stdout }).toMatchObject({ code: 3, stdout: expect.stringContaining("uid 1000") });
  const french = await ordinaryUser.nsatlas(words, { stdin: WORLD, env: { LC_ALL: "fr_FR.UTF-8" } });
  expect(french.stdout).toContain("aucune copie assez ressemblante");
});
