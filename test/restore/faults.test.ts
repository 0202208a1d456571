import { afterEach, describe, expect, test, vi } from "vitest";
import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { cloneArgs } from "../../src/kernel/live/holder-clone.ts";
import { Holders } from "../../src/kernel/live/holders.ts";
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

/** Has the kernel refuse one of the calls that a restore makes, by its number among all; counts them. */
function refuseCall(nth: number): { made: number } {
  const count = { made: 0 };
  const isIt = (): boolean => ++count.made === nth;
  const { syscall, clone, batch } = Holders.prototype;
  vi.spyOn(Holders.prototype, "syscall").mockImplementation(function (this: Holders, holder, call, args, limit) {
    return syscall.call(this, holder, isIt() ? NO_CALL : call, args, limit);
  });
  vi.spyOn(Holders.prototype, "clone").mockImplementation(function (this: Holders, holder, wish) {
    return clone.call(this, holder, isIt() ? { ...wish, args: BAD_CLONE } : wish);
  });
  vi.spyOn(Holders.prototype, "batch").mockImplementation(function (this: Holders, calls) {
    return batch.call(
      this,
      calls.map((one) => (isIt() ? { ...one, call: NO_CALL } : one)),
    );
  });
  return count;
}

describe("a system call that the kernel refuses", needs("root", "native", "kernel:pidfd-namespaces"), () => {
  afterEach(() => void vi.restoreAllMocks());

  test("leaves nothing, whichever it is", { timeout: 60_000 }, async () => {
    const comm = `faults-${process.pid % 100_000}`;
    using folder = temporaryFolder();
    using registered = temporaryFolder();
    const registry = new Registry(registered.path);
    const plan = planRestore(smallPod(comm, folder.path), whoRestores());
    const name = "faults";
    const survived: number[] = [];
    for (let nth = 1; ; nth++) {
      const count = refuseCall(nth);
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
    // Closing, and looking whether all have gone through the gate, are all that may fail and nobody is the worse for it.
    expect(survived.length).toBeLessThan(20);
  });
});
