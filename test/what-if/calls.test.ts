import { describe, expect, test } from "vitest";
import type { CallName } from "../../src/kernel/call.ts";
import { CALL_FORMS } from "../../src/what-if/call-forms.ts";
import { carryOut } from "../../src/what-if/carry-out.ts";
import { readCalls } from "../../src/what-if/grammar.ts";
import { situationOf } from "../../src/what-if/situation.ts";
import { drawn } from "../support/drawn-machine.ts";

const WORLD = "user:outer by 1000\n  user:inner\npid:box of user:outer\nnet:blue pin /run/netns/blue\n";

/** Every call of the model, as a person writes it, with what it gives. The compiler sees that none is missing. */
const WRITTEN: Record<CallName, readonly [calls: string, gives: unknown]> = {
  open: ["open /proc/self/ns/net O_PATH", 3],
  readlink: ["readlink pid:box/net", { text: "net:[4026531833]" }],
  stat: ["stat 1/net", { namespace: "0:4/4026531833" }],
  lstat: ["lstat box/net", 0],
  reopen: ["open self/net; open self/fd/3", 4],
  "open-folder": ["open box/ns", 3],
  "open-path": ["open /run/netns/blue", 3],
  close: ["open self/net; close fd:3", 0],
  fstat: ["fstat net:init", { namespace: "0:4/4026531833" }],
  ioctl: ["ioctl pid:init NS_GET_PID_IN_PIDNS shell@shell", 2],
  fcntl: ["fcntl 0 F_GETFD", 1],
  pidfd_open: ["pidfd_open outer", 3],
  "pidfd-ioctl": ["pidfd_open outer; ioctl fd:3 PIDFD_GET_USER_NAMESPACE", 4],
  pidfd_getfd: ["pidfd_open outer; pidfd_getfd fd:3 fd:0", 4],
  dup: ["dup 0", 3],
  send: ["sendmsg 0 outer", 3],
  "open-other": ["socket AF_INET", 3],
  getsockopt: ["socketpair; getsockopt fd:3 SO_PEERPIDFD", 4],
  name_to_handle_at: ["name_to_handle_at net:init", expect.objectContaining({ handle: expect.anything() })],
  link_to_handle_at: ["name_to_handle_at self/net AT_SYMLINK_FOLLOW", expect.anything()],
  open_by_handle_at: ["open_by_handle_at FD_NSFS_ROOT net:blue", 3],
  bind: ["mount --bind net:init /run/n", 0],
  unbind: ["umount -l /run/netns/blue", 0],
  setns: ["setns blue/net CLONE_NEWNET", 0],
  unshare: ["unshare user net", 0],
  clone: ["clone3 pid set_tid=1,500 as x", 500],
  "legacy-clone": ["clone CLONE_NEWUSER|CLONE_NEWNET 17 as x", expect.anything()],
  "read-sysctl": ["sysctl max_net_namespaces", 96_551],
  "write-sysctl": ["sysctl max_net_namespaces 5", 1],
  write: ['clone user as x; write x/uid_map "0 0 1"', 5],
  "open-map": ["open self/uid_map read", 3],
  read: ["open self/uid_map read; read fd:3", { text: "         0          0 4294967295\n" }],
  "write-fd": ["clone user as x; open x/uid_map; write fd:3 0 0 1", 5],
  // A map file has no places to write at.
  pwrite: ["clone user as x; open x/uid_map; pwrite fd:3 0 0 0 1", "ESPIPE"],
  "write-timens-offsets": ['unshare time; write timens_offsets "monotonic 10 0"', 14],
  "read-timens-offsets": ["read self/timens_offsets", expect.anything()],
  "set-dumpable": ["prctl PR_SET_DUMPABLE 0", 0],
  "get-dumpable": ["prctl PR_GET_DUMPABLE", 1],
  "get-securebits": ["prctl PR_GET_SECUREBITS", 0],
  capset: ["capset CAP_SYS_ADMIN CAP_CHOWN permitted all inheritable none", 0],
  capget: ["capset CAP_CHOWN; capget shell", { capabilities: { effective: 1n, permitted: 1n, inheritable: 0n } }],
  ambient: ["capset all inheritable CAP_CHOWN; prctl PR_CAP_AMBIENT_RAISE CAP_CHOWN", 0],
  "clear-ambient": ["prctl PR_CAP_AMBIENT_CLEAR_ALL", 0],
  "set-keep-caps": ["prctl PR_SET_KEEPCAPS 1", 0],
  "drop-bounding": ["prctl PR_CAPBSET_DROP CAP_CHOWN", 0],
  "set-securebits": ["prctl PR_SET_SECUREBITS 1", 0],
  "set-no-new-privs": ["prctl PR_SET_NO_NEW_PRIVS", 0],
  setresuid: ["setresuid -1 1000 -1", 0],
  setresgid: ["setresgid 1000", 0],
  getresuid: ["getresuid", { ids: { real: 0, effective: 0, saved: 0 } }],
  getresgid: ["getresgid", { ids: { real: 0, effective: 0, saved: 0 } }],
  setfsuid: ["setfsuid 7", 0],
  setfsgid: ["setfsgid 7", 0],
  setgroups: ["setgroups 3 4", 0],
  getgroups: ["setgroups 3 4; getgroups", { groups: [3, 4] }],
  exec: ["execve", 0],
  status: ["read shell/status", expect.anything()],
  getpid: ["getpid", 2],
  getppid: ["getppid", 1],
  chroot: ["chroot /tmp", 0],
  "pivot-root": ["unshare mnt; pivot_root", 0],
  kill: ["kill outer 0", 0],
  listns: ["listns user after 5", { listed: [9n, 10n] }],
  "exit-thread": ["exit_thread", 0],
  exit: ["exit", 0],
  wait: ["clone as x; x: exit; wait4 x", expect.any(Number)],
};

describe("every call of the model can be written", () => {
  test.each(Object.entries(WRITTEN))("%s", (op, [calls, gives]) => {
    const release = op === "listns" ? "6.19" : "6.18";
    const situation = situationOf(drawn(WORLD), release);
    const last = carryOut(situation, readCalls(calls), situation.world.first).answers.at(-1);
    if (last === undefined) throw new Error(`no call was made by ${calls}`);
    const { call, outcome } = last;
    expect({ op: call?.op, gives: outcome?.ok === true ? outcome.value : outcome?.errno }).toEqual({ op, gives });
  });
  test("a folder of namespaces that opens anew is its owner's when it was opened, whoever that process is by now", () => {
    const situation = situationOf(drawn(WORLD), "6.18");
    const says = (calls: string): unknown => {
      const outcome = carryOut(situation, readCalls(calls), situation.world.first).answers.at(-1)?.outcome;
      return outcome?.ok === true ? outcome.value : outcome?.errno;
    };
    expect(says("open self/ns; setresuid 1000; prctl PR_SET_DUMPABLE 1; open self/fd/3")).toBe("EACCES");
    expect(says("clone as x; open x/ns; x: setresuid 1000; x: prctl PR_SET_DUMPABLE 1; open self/fd/3")).toBe(4);
    expect(says("clone as x; open x/ns; x: exit; wait4 x; open self/fd/3")).toBe(4);
  });
  test("and no form of a call is left that no call comes of", () => {
    const written = Object.values(WRITTEN).flatMap(([calls]) => calls.split(/; */));
    const names = new Set(written.map((call) => call.replace(/^\w+: /, "").split(" ")[0]));
    const unused = [...CALL_FORMS.keys()].filter((name) => !names.has(name));
    expect(unused).toEqual(["pipe"]);
  });
});
