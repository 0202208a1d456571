import fc from "../../support/property.ts";
import { expect, test } from "vitest";
import { CLONE_FLAGS, CONSTANTS } from "../../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { room } from "../../../src/kernel/live/holder-arguments.ts";
import { cloneArgs } from "../../../src/kernel/live/holder-clone.ts";
import type { Answer, Holder, Holders } from "../../../src/kernel/live/holders.ts";
import { needs } from "../../support/needs.ts";
import { type Birth, birthOf, isThere, openTestHolders } from "./holder-support.ts";

const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_VFORK, CLONE_THREAD, CLONE_PARENT } = CLONE_FLAGS;
const THREAD = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
const { pid, user, net } = NAMESPACE_KINDS;
const FLAGS = [
  0,
  CLONE_VM,
  CLONE_FILES,
  CLONE_PARENT,
  CLONE_VM | CLONE_VFORK,
  THREAD,
  pid.flag,
  user.flag,
  pid.flag | user.flag,
];
const NO_SIGNAL = CLONE_THREAD | CLONE_PARENT;
/** The first process of a pid namespace ends only after those in it are reaped, by parents that may never do it. */
const PATIENCE = { limitMs: 30 };

type Step = (holders: Holders, holder: Holder) => Answer | string;
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...FLAGS).map(clone) },
  fc.constant<Step>((holders, holder) => holders.syscall(holder, "getpid")),
  fc.constant<Step>((holders, holder) => holders.syscall(holder, "ppoll", [0, 0, 0, 0], { limitMs: 0 })),
  fc.constant<Step>((holders, holder) => holders.syscall(holder, "wait4", [-1, room(4), CONSTANTS.WNOHANG, 0])),
  fc.constant<Step>((holders, holder) => holders.exec(holder)),
  fc
    .constantFrom(user.flag, pid.flag, net.flag)
    .map<Step>((flag) => (holders, holder) => holders.syscall(holder, "unshare", [flag])),
  fc.boolean().map<Step>((threadOnly) => (holders, holder) => holders.exit(holder, { threadOnly, ...PATIENCE })),
  fc.constant<Step>((holders, holder) => holders.kill(holder, PATIENCE)),
);

function clone(flags: number): Step {
  const args = cloneArgs({ flags, exitSignal: flags & NO_SIGNAL ? 0 : CONSTANTS.SIGCHLD });
  return (holders, holder) => holders.clone(holder, { call: "clone3", args, suspends: (flags & CLONE_VFORK) !== 0 });
}

test("no sequence of births, calls and ends confuses who is there, or leaves anything behind", needs("native"), () => {
  const anySequence = fc.array(fc.tuple(anyStep, fc.nat()), { minLength: 20, maxLength: 120 });
  fc.assert(fc.property(anySequence, runSequence), { numRuns: 40 });
});

function runSequence(steps: readonly (readonly [Step, number])[]): void {
  const holders = openTestHolders();
  const births = new Map<Holder, Birth>();
  const pending = new Set<Holder>();
  try {
    for (const [step, choice] of steps) {
      const { living } = holders;
      const holder = living[choice % Math.max(1, living.length)] ?? holders.start();
      if (!births.has(holder)) births.set(holder, birthOf(holder.pid));
      const answer = pending.has(holder) ? takeUp(holders, holder, choice) : step(holders, holder);
      const state = typeof answer === "string" ? answer : answer.state;
      if (state === "timedOut") pending.add(holder);
      else pending.delete(holder);
      if (state === "died") expect(holders.living).not.toContain(holder);
      const child = typeof answer === "string" ? undefined : answer.child;
      if (child !== undefined) expect(child.pid).toBeGreaterThan(0);
    }
    const idle = holders.living.filter((holder) => !pending.has(holder));
    // Who lives says so, under its own number or that of its namespace; who has died meanwhile says that.
    const states = holders.batch(idle.map((holder) => ({ holder, call: "getpid" }))).map(({ state }) => state);
    expect(states.filter((state) => state === "timedOut")).toEqual([]);
  } finally {
    holders[Symbol.dispose]();
  }
  expect([...births.values()].filter(isThere)).toEqual([]);
}

/** What one can do with a holder whose call is not answered yet. */
const takeUp = (holders: Holders, holder: Holder, choice: number): Answer | string =>
  choice % 2 === 0 ? holders.await(holder, { limitMs: 1 }) : holders.kill(holder, PATIENCE);
