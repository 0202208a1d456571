import { afterEach, describe, expect, test, vi } from "vitest";
import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { cloneArgs } from "../../src/kernel/live/holder-clone.ts";
import { HolderProgramError } from "../../src/kernel/live/holder-program.ts";
import type { RestWish } from "../../src/kernel/live/holder-rest.ts";
import { type Holder, Holders } from "../../src/kernel/live/holders.ts";
import { build } from "../../src/restore/build.ts";
import { Registry } from "../../src/restore/registry.ts";
import { undo } from "../../src/restore/undo.ts";
import { whoRestores } from "../../src/restore/who-restores.ts";
import { planRestore } from "../../src/topology/plan/plan.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { theAddon } from "../support/the-addon.ts";
import { leftOf } from "./left.ts";
import { smallPod } from "./small-pod.ts";

/** No kernel has a call of that number: ENOSYS, and nothing happens. */
const NO_CALL = 100_000;
/** Two flags that exclude each other: EINVAL. */
const BAD_CLONE = cloneArgs({ flags: CLONE_FLAGS.CLONE_THREAD, exitSignal: 0 });

/** Something that happens to one request of a restore, by its number among all, in place of what was wanted. */
interface Fault {
  call(holder: Holder): typeof NO_CALL | undefined;
  clone(holder: Holder, wish: Parameters<Holders["clone"]>[1]): Parameters<Holders["clone"]>[1];
  rest(holder: Holder, wish: RestWish): RestWish;
  exit(holder: Holder): void;
  release(): void;
}

/** No process has a descriptor of that number: EBADF. */
const NO_FD = 1 << 24;

/** The kernel says no. An exit it cannot refuse. */
const REFUSED: Fault = {
  call: () => NO_CALL,
  clone: (_, wish) => ({ ...wish, args: BAD_CLONE }),
  rest: (_, wish) => ({ ...wish, keeps: [{ from: NO_FD, to: 0, flags: 0 }] }),
  exit: () => undefined,
  release() {
    throw new HolderProgramError("prctl: EPERM");
  },
};

/** The process is killed before it makes the call. */
const KILLED: Fault = {
  call: (holder) => kill(holder),
  clone: (holder, wish) => (kill(holder), wish),
  rest: (holder, wish) => (kill(holder), wish),
  exit: (holder) => kill(holder),
  release: () => undefined,
};
function kill({ pid }: Holder): undefined {
  process.kill(pid, "SIGKILL");
}

/** Has a fault come over one of the requests of a restore; counts them. */
function inject(nth: number, fault: Fault): { made: number } {
  const count = { made: 0 };
  const isIt = (): boolean => ++count.made === nth;
  const { syscall, clone, batch, rest, exit, release } = Holders.prototype;
  vi.spyOn(Holders.prototype, "syscall").mockImplementation(function (this: Holders, holder, call, args, limit) {
    return syscall.call(this, holder, isIt() ? (fault.call(holder) ?? call) : call, args, limit);
  });
  vi.spyOn(Holders.prototype, "clone").mockImplementation(function (this: Holders, holder, wish) {
    return clone.call(this, holder, isIt() ? fault.clone(holder, wish) : wish);
  });
  vi.spyOn(Holders.prototype, "batch").mockImplementation(function (this: Holders, calls) {
    return batch.call(
      this,
      calls.map((one) => (isIt() ? { ...one, call: fault.call(one.holder) ?? one.call } : one)),
    );
  });
  vi.spyOn(Holders.prototype, "rest").mockImplementation(function (this: Holders, holder, wish, limit) {
    return rest.call(this, holder, isIt() ? fault.rest(holder, wish) : wish, limit);
  });
  vi.spyOn(Holders.prototype, "exit").mockImplementation(function (this: Holders, holder, wish) {
    if (isIt()) fault.exit(holder);
    return exit.call(this, holder, wish);
  });
  vi.spyOn(Holders.prototype, "release").mockImplementation(function (this: Holders) {
    if (isIt()) fault.release();
    return release.call(this);
  });
  return count;
}

describe("a request of a restore", needs("root", "native", "kernel:pidfd-namespaces"), () => {
  afterEach(() => void vi.restoreAllMocks());

  test.each([
    { fault: REFUSED, what: "that the kernel refuses" },
    { fault: KILLED, what: "whose process is killed before it" },
  ])("$what leaves nothing, whichever it is", { timeout: 120_000 }, async ({ fault }) => {
    const comm = `faults-${process.pid % 100_000}`;
    using folder = temporaryFolder();
    using registered = temporaryFolder();
    const registry = new Registry(registered.path);
    const plan = planRestore(smallPod(comm, folder.path), whoRestores());
    const name = "faults";
    const survived: number[] = [];
    for (let nth = 1; ; nth++) {
      const count = inject(nth, fault);
      let isMade = false;
      try {
        build(theAddon(), { name, plan, registry });
        isMade = true;
      } catch {
        // Which error it is, is another test's.
      }
      vi.restoreAllMocks();
      if (isMade) {
        undo(theAddon(), registry, name);
        survived.push(nth);
      }
      // The last was not reached: every call had its turn.
      if (count.made < nth) break;
      expect({ nth, left: await leftOf(comm, folder.path), names: registry.names() }).toEqual({
        nth,
        left: [],
        names: [],
      });
    }
    expect(survived.at(-1)).toBeGreaterThan(60);
    // Closing, ending, and looking whether all have gone through the gate, are all that may fail and nobody is the worse for it.
    expect(survived.length).toBeLessThan(30);
  });
});
