import { describe, expect, test } from "vitest";
import { openLiveActor } from "../../src/kernel/live/actor.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { carryOut } from "../../src/what-if/carry-out.ts";
import { readCalls } from "../../src/what-if/grammar.ts";
import { situationOf } from "../../src/what-if/situation.ts";
import { verifyDrawn } from "../../src/what-if/verify/verify.ts";
import type { Actor } from "../../src/kernel/actor.ts";
import { drawn } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { theAddon } from "../support/the-addon.ts";

const WORLD = drawn(
  "user:outer by 1000\n  user:inner\npid:box of user:outer by 1000\nnet:blue empty pin /run/netns/blue\n",
);

function verdicts(actor: Actor, calls: string, world = WORLD) {
  const situation = situationOf(world);
  const { answers } = carryOut(situation, readCalls(calls), situation.world.first);
  return verifyDrawn(actor, situation, answers).map((verdict) =>
    verdict.is === "not-made" ? verdict.why : verdict.is,
  );
}

const SEQUENCES = [
  "clone user pid as x; x: ioctl pid:x NS_GET_PARENT; ioctl pid:x NS_GET_PARENT; ioctl fd:4 NS_GET_USERNS; exit",
  'setns net:blue net; unshare user net; ioctl net:shell NS_GET_USERNS; write uid_map "0 0 1"; getresuid',
  "outer: setns inner/user; outer: setns user:init; inner: open outer/net; setns fd:3; setns fd:9; kill inner",
  "pidfd_open outer; ioctl fd:4 PIDFD_GET_USER_NAMESPACE; setns fd:4 user net; box: getpid; sendmsg fd:3 outer; dup fd:3",
  "mount --bind net:blue /run/n; open /run/n; umount -l /run/n; setresuid 1000; open outer/user; inner: open shell/net",
];

describe("what-if --verify", () => {
  test.each(SEQUENCES)("finds the running kernel to agree: %s", needs("native", "root", "user-namespaces"), (calls) => {
    using actor = openLiveActor(theAddon(), { privateMounts: true });
    const found = verdicts(actor, calls);
    expect(found).toEqual(found.map(() => "same"));
  });
  test("sees where another kernel says something else, and makes no further call then", () => {
    const calls = "ioctl net:init NS_GET_USERNS; ioctl net:init NS_GET_ID; pidfd_open outer; setns fd:5 net; getpid";
    expect(verdicts(new ModelActor({ release: "5.7" }), calls)).toEqual([
      "same",
      "differs",
      "before",
      "before",
      "before",
    ]);
    const other = 'clone user as x; write x/uid_map "0 5 1"; x: getresuid';
    expect(verdicts(new ModelActor({ capabilities: 0n }), other)).not.toEqual(["same", "same", "same"]);
  });
  test("says that a world cannot be built", () => {
    expect(verdicts(new ModelActor({ uid: 1000 }), "getpid")).toEqual(["not-built"]);
  });
  test.each([
    ["pidfd_open 1", "real-process"],
    ["open init/net", "real-process"],
    ["kill init 0", "real-process"],
    ["sysctl max_net_namespaces 5", "machine"],
    ["mount net:init /etc/x", "machine"],
    ["chroot /tmp", "machine"],
    ["ioctl net:init 0xb701", "raw"],
  ])("never makes %s on a running kernel: %s", (calls, why) => {
    const asked: unknown[] = [];
    const actor = new ModelActor();
    const spy: Actor = {
      kernel: "live",
      first: actor.first,
      call: (caller, call) => {
        asked.push(call.op);
        return actor.call(caller, call);
      },
      [Symbol.dispose]: () => {},
    };
    const built = verdicts(spy, "getpid").length + asked.length;
    const again = new ModelActor();
    asked.length = 0;
    const found = verdicts({ ...spy, call: (caller, call) => (asked.push(call.op), again.call(caller, call)) }, calls);
    expect(found).toEqual([why]);
    // One less than with a call that is made.
    expect(asked.length + 2).toBe(built);
  });
});
