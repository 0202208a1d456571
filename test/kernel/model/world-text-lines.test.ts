import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { taskName } from "../../../src/kernel/call.ts";
import { step } from "../../../src/kernel/model/step.ts";
import { boot } from "../../../src/kernel/model/boot.ts";
import { parseWorld, saysWholeWorld } from "../../../src/kernel/model/text/parse-world.ts";
import { printWorld } from "../../../src/kernel/model/text/print-world.ts";
import { WORLD_TEXT_ERRORS } from "../../../src/messages/world-text.ts";
import { audit } from "../../support/audit.ts";
import { EXAMPLES } from "../../support/examples.ts";

function printed(text: string): string {
  const parsed = parseWorld(text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.message}`);
  expect(audit(parsed.world)).toEqual([]);
  const names = new Map(Array.from(parsed.names, ([name, key]) => [key, name]));
  return printWorld(parsed.world, (key) => names.get(key));
}

test("a machine that has just started is one line", () => {
  expect(printWorld(boot())).toBe("kernel 6.18\n");
  expect(printed("kernel 6.18")).toBe("kernel 6.18\n");
});

describe("a line of its own says, and is printed as it was written,", () => {
  const rows = [
    ["descriptors", "net:n\nkernel 6.18\ntask shell pid 2 fds 0=net:n,7=user:init keep 7"],
    [
      "what descriptors of several share",
      "kernel 6.18\nfile f1 other null\ntask shell pid 2 fds 0=f1,1=f1\ntask b pid 3 fds 0=f1",
    ],
    [
      "flags and whose a file is",
      "user:a\nkernel 6.18\nfile f1 namespace net:init flags 0x200000 opener user:a\ntask shell pid 2 fds 0=f1",
    ],
    [
      "pidfds, of who has ended too",
      "kernel 6.18\nfile f1 pidfd gone thread\nfile f2 pidfd shell\ntask shell pid 2 fds 0=f1,1=f2",
    ],
    [
      "map files and who opened them",
      "kernel 6.18\nfile f1 map gid_map of shell offset 3 uid 7 caps none\ntask shell pid 2 fds 0=f1",
    ],
    [
      "sockets",
      "net:n\nkernel 6.18\nfile f1 socket inet net net:n\nfile f2 socket unix peer shell\ntask shell pid 2 fds 0=f1,1=f2",
    ],
    ["threads", "kernel 6.18\ntask t pid 3 thread-of shell vm shell fs shell files shell"],
    ["CLONE_VM, CLONE_FS and CLONE_FILES", "kernel 6.18\ntask b pid 3 vm shell\ntask c pid 4 fs b files shell"],
    [
      "who waits for a child of CLONE_VFORK",
      "kernel 6.18\ntask shell pid 2 waits-for b\ntask b pid 3 vm shell awaited-by shell",
    ],
    [
      "id maps",
      "user:a\nkernel 6.18\nmap user:a uid 0 1000 1\nmap user:a uid 1 100000 65536\nmap user:a gid none\nmap user:a projid 0 0 1\ntask b pid 3 in user:a",
    ],
    [
      "setgroups and limits",
      "user:a by 7\nkernel 6.18\nns user:a creator-gid 8 setgroups deny creator-setfcap no limits net=0,user=3\ntask b pid 3 in user:a",
    ],
    [
      "credentials",
      "kernel 6.18\ntask b pid 3 uid 1,2,3,4 gid 5,6,7,8 groups 9,10 permitted all,-CAP_KILL effective CAP_CHOWN",
    ],
    [
      "the other sets",
      "kernel 6.18\ntask b pid 3 uid 7 caps none inheritable CAP_KILL ambient CAP_KILL bounding 0xfff securebits 0x2f no_new_privs",
    ],
    ["zombies", "kernel 6.18\ntask b pid 3 parent shell zombie dumpable no"],
    [
      "dead pid namespaces",
      "pid:p\n  pid:q\nkernel 6.18\nns pid:p init dead last-pid 9\nns pid:q init stillborn pid-max 400\ntask shell pid 2 fds 0=pid:p,1=pid:q",
    ],
    ["for whom a pid and time namespace are", "pid:p\ntime:t\nkernel 6.18\ntask b pid 3 for-children pid:p,time:t"],
    [
      "numbers in every pid namespace",
      "pid:p\n  pid:q\nkernel 6.18\ntask b pid 3,1 in pid:p\ntask c pid 4,2,1 in pid:q",
    ],
    [
      "binds, covered and locked ones, elsewhere too",
      "net:n\nmnt:m\nkernel 6.18\nmount /run/a of net:n id 7\nmount /run/a of net:init\nmount /run/a of net:n in mnt:m id 12 locked\ntask b pid 3 in mnt:m",
    ],
    [
      "the mount that a file was opened through",
      "kernel 6.18\nmount /run/a of net:init\nfile f1 namespace net:init through 1\ntask shell pid 2 fds 0=f1",
    ],
    [
      "time offsets",
      "time:t\nkernel 6.18\nns time:t monotonic -5.000000001 boottime 7 frozen no\ntask b pid 3 in time:t",
    ],
    [
      "another root, memory and name",
      'kernel 6.18\ntask b pid 3 comm "a b" cmdline ["a b","#"] cgroup /x dumpable no chrooted',
    ],
    [
      "numbers that go on",
      "net:n\nkernel 6.12 devices two ticks 9 next-id 30 next-inode 4026531999 next-mount 99 free-inodes 5,4 first b shell-ended\nns net:n id 20 device 4 inode 77 label x\ntask b pid 3 in net:n",
    ],
  ] as const;
  test.each(rows)("%s", (_what, text) => {
    const again = printed(text);
    const lines = again.trimEnd().split("\n");
    // Where all are children of an initial namespace, that one has a line as well.
    const isSaid = (line: string): boolean => !/^(user|pid):init$/.test(line);
    expect(lines.filter(isSaid).map((line) => line.trim())).toEqual(text.split("\n").map((line) => line.trim()));
    expect(printed(again)).toBe(again);
  });
});

test("examples/worlds/service.world is printed as it is but for its remark", () => {
  const text = readFileSync(join(EXAMPLES, "worlds/service.world"), "utf8");
  expect(printed(text)).toBe(text.replaceAll(/^#.*\n/gm, ""));
});

test("a world that is read has calls made in it", () => {
  const parsed = parseWorld("user:a\nnet:n of user:a\ntask b pid 7 uid 1000 caps none in user:a fds 0=net:n");
  if (!parsed.ok) throw new Error(parsed.message);
  const [, outcome] = step(parsed.world, taskName("b"), { op: "setns", fd: 0, nstype: 0 });
  expect(outcome).toMatchObject({ ok: false, errno: "EPERM" });
});

test("a text without such lines is a drawing", () => {
  expect(saysWholeWorld("user:a # task b\n\n  user:b\n")).toBe(false);
  expect(saysWholeWorld("user:a\n  task b pid 3")).toBe(true);
});

describe("a text that is none says the line and the rule", () => {
  const rows = [
    ["kernel 6.18\ntsak b", 2, "no-word"],
    ["kernel 6.18\ntask", 2, "no-subject"],
    ["task b pid 3 colour red", 1, "no-key"],
    ["task b pid 3 vm shell dumpable no", 1, "no-key"],
    ["task b pid 3 zombie fds 0=net:init", 1, "no-key"],
    ["task b pid", 1, "no-value"],
    ["task b pid x", 1, "no-value"],
    ["task b pid 3 uid 1,2", 1, "no-value"],
    ["task b pid 3 caps CAP_FLY", 1, "no-value"],
    ["task b pid 3 uid 4294967295", 1, "no-value"],
    ["user:a\nmap user:a uid 0 x 1", 2, "no-value"],
    ['kernel 6.18\ntask b pid 3 comm "a', 2, "no-value"],
    ["task b pid 3\ntask b pid 4", 2, "said-twice"],
    ["task b pid 3 pid 4", 1, "said-twice"],
    ["task b pid 3 in net:init,net:init", 1, "said-twice"],
    ["task b", 1, "is-missing"],
    ["mount /x", 1, "is-missing"],
    ["file f flags 0x2", 1, "is-missing"],
    ["task b pid 3 in net:n", 1, "is-nowhere"],
    ["task b pid 3 parent c", 1, "is-nowhere"],
    ["task b pid 3 fds 0=f1", 1, "is-nowhere"],
    ["task b pid 3 vm c", 1, "is-nowhere"],
    ["ns net:init setgroups deny", 1, "other-kind"],
    ["file f socket unix net user:init", 1, "other-kind"],
    ["task b pid 2", 1, "number-taken"],
    ["net:a\nnet:b\nns net:b id 9\ntask b pid 3 fds 0=net:a,1=net:b", 3, "number-taken"],
    ["pid:p\ntask b pid 3 in pid:p", 2, "number-for-each-level"],
    ["task b pid 3 parent c\ntask c pid 4 parent b", 1, "above-itself"],
    ["net:n\nkernel 6.18", 1, "nothing-keeps-it"],
    ["file f other null\ntask b pid 3", 1, "nothing-keeps-it"],
    ["kernel 6.18\nnet:n empty", 2, "drawing-only"],
  ] as const;
  test.each(rows)("%j: line %i, %s", (text, line, rule) => {
    const [english, french] = [parseWorld(text), parseWorld(text, "fr")];
    expect(english).toMatchObject({ ok: false, line, rule });
    expect(french).toMatchObject({ ok: false, line, rule });
    if (english.ok || french.ok) throw new Error("both are refused");
    expect(english.message).not.toBe(french.message);
  });
  test("and each rule is in the rows above", () => {
    expect(new Set(rows.map(([, , rule]) => rule))).toEqual(new Set(Object.keys(WORLD_TEXT_ERRORS)));
  });
  test("those of the drawing among it are the drawing's", () => {
    expect(parseWorld("kernel 6.18\nuser:a\n  net:b")).toMatchObject({ ok: false, line: 3, rule: "no-child" });
  });
});
