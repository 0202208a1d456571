import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openNamespace } from "../../src/index.ts";
import { holdShell, type HeldProcess } from "../kernel/live/held-process.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";
import { describeAsEachViewer, type Viewer } from "../support/viewers.ts";
import { ask } from "./ask.ts";

let folder: TemporaryFolder;
let held: HeldProcess;
const server = createServer();
const inside = (name: string): string => join(folder.path, name);

/** A pid that was a process's a moment ago. */
const deadPid = (): number => spawnSync("true").pid;

describe("bad input", needs("native"), () => {
  beforeAll(async () => {
    folder = temporaryFolder();
    chmodSync(folder.path, 0o755);
    writeFileSync(inside("text"), "user:[4026531837]\n");
    writeFileSync(inside("evil\n\u001b[31m\u202ename"), "");
    spawnSync("mkfifo", ["-m", "666", inside("fifo")]);
    await once(server.listen(inside("socket")), "listening");
    held = await holdShell("");
  });
  afterAll(async () => {
    server.close();
    await held[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  describeAsEachViewer("a REF that leads to no namespace", (viewer: Viewer) => {
    const open = (ref: string, kind?: string) =>
      ask(
        { viewer },
        `return tell(async () => String(await nsatlas.openNamespace(${JSON.stringify(ref)}, ${JSON.stringify({ kind })})));`,
      );

    test.each([
      ["a missing file", "nothing", { code: "ENOENT", hint: /Check the path/ }],
      ["a folder", ".", { code: "ENOTTY", reason: /^It is a directory, not a namespace file\.$/ }],
      ["a regular file", "text", { code: "ENOTTY", reason: /a regular file/ }],
      ["a socket", "socket", { code: "ENOTTY", reason: /a socket/ }],
      ["a FIFO, which nobody writes to: it never waits", "fifo", { code: "ENOTTY", reason: /a FIFO/ }],
      [
        "a name with newlines and escapes",
        "evil\n\u001b[31m\u202ename",
        { code: "ENOTTY", message: /evil\\n\\x1b\[31m\\u202ename/ },
      ],
      ["a file below a file", "text/x", { code: "ENOTDIR" }],
    ])("%s", async (_, name, { code, ...texts }) => {
      const error = await open(inside(name));
      expect(error).toMatchObject({ name: "SyscallError", code });
      for (const [field, text] of Object.entries(texts)) {
        expect(error).toMatchObject({ [field]: expect.stringMatching(text) });
      }
    });

    test("a device", async () => {
      expect(await open("/dev/null")).toMatchObject({
        code: "ENOTTY",
        reason: "It is a device, not a namespace file.",
      });
    });

    test("a process that has ended, and one that never was", async () => {
      for (const pid of [deadPid(), 4_194_303]) {
        expect(await open(`${pid}/net`)).toMatchObject({ code: "ENOENT", rule: "no-such-process" });
      }
    });

    test("a descriptor that is not open, and one that is no namespace", async () => {
      expect(await open("fd:1000")).toMatchObject({ code: "EBADF", rule: "bad-descriptor" });
      expect(await open("fd:2")).toMatchObject({ code: "ENOTTY", rule: "not-a-namespace-file" });
      // Node's own are not the caller's to name.
      expect(await open("fd:3")).toMatchObject({ code: "EBADF" });
    });

    test("another kind than asked for", async () => {
      expect(await open("net:/proc/self/ns/uts")).toMatchObject({ name: "NameError", rule: "other-kind" });
      expect(await open("/proc/self/ns/uts", "user")).toMatchObject({ name: "NameError", rule: "other-kind" });
    });
  });

  describeAsEachViewer("another user's process", (viewer: Viewer) => {
    // The process is that of whoever runs the tests.
    test("is readable for root, and EACCES for others, who learn what would help", needs("root"), async () => {
      const answer = await ask(
        { viewer },
        `return tell(async () => String(await nsatlas.openNamespace("${held.pid}/net")));`,
      );
      if (viewer.name === "root") expect(answer).toMatch(/^net:\[\d+\]$/);
      else {
        expect(answer).toMatchObject({
          code: "EACCES",
          reason: expect.stringContaining("The process is another user's"),
          hint: expect.stringContaining("as root"),
        });
      }
    });
  });

  test.each([
    ["0/net", "bad-pid"],
    ["4194305/net", "bad-pid"],
    ["-1/net", "bad-pid"],
    ["99999999999999999999999/net", "bad-pid"],
    ["self/0/net", "bad-thread"],
    ["fd:-1", "bad-fd"],
    ["fd:2147483648", "bad-fd"],
    ["net:[0]", "bad-inode"],
    ["net:[18446744073709551616]", "bad-inode"],
    ["net:[4294967296:4/4026531833]", "bad-device"],
    ["net:id:0", "bad-unique-id"],
    ["net:id:18446744073709551616", "bad-unique-id"],
    ["nett:blue", "unknown-kind"],
    ["self/nett", "unknown-link"],
    ["user:alice", "name-is-for-net"],
    ["", "empty"],
    ["/proc/self\0/ns/net", "path-with-nul"],
    [`net:${"n".repeat(5000)}`, "bad-name"],
    [`/${"d/".repeat(2500)}`, "path-too-long"],
    [`/${"f".repeat(5000)}`, "path-too-long"],
    ["\n\u001b]0;title\u0007", "no-known-form"],
  ])("%j breaks the rule %s", async (ref, rule) => {
    const error = await openNamespace(ref).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "NameError", rule });
    // However long the name is, the message can be read.
    expect(String(error).length).toBeLessThan(400);
  });

  test("what is no string is a TypeError", async () => {
    for (const ref of [7, undefined, null, {}, 4026531833n]) {
      await expect(Reflect.apply(openNamespace, undefined, [ref])).rejects.toThrow(TypeError);
    }
  });
});
