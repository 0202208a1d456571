import { describe, expect, test } from "vitest";
import { discover } from "../../src/discover/discover.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { decodeSnapshot } from "../../src/snapshot/decode.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import { inOrder } from "../../src/snapshot/order.ts";
import { redact } from "../../src/snapshot/redact.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { theAddon } from "../support/the-addon.ts";

async function expectReadable(snapshot: Snapshot): Promise<void> {
  for (const seen of [snapshot, redact(snapshot)]) {
    expect(await decodeSnapshot(encodeSnapshot(seen))).toEqual(inOrder(seen));
  }
}

/** What discovery finds is a snapshot by the rules of the format, whoever looks. */
describe("what was discovered can be written and read", () => {
  const look = async (observer: LiveObserver): Promise<Snapshot> => {
    const wish = { commandLines: true, cgroups: true };
    const seen = await discover(observer, wish, { producer: { name: "test", version: "0" }, takenAt: new Date(0) });
    if (!seen.ok) throw new Error(`discovery was refused: ${seen.errno}`);
    return seen.value;
  };

  test("on the running kernel", needs("native"), async () => expectReadable(await look(new LiveObserver(theAddon()))));
  test("on the running kernel without a native half", needs(), async () =>
    expectReadable(await look(new LiveObserver(undefined))),
  );

  test.each(["one", "two"] as const)("in a world of %s nsfs device(s), from above and from inside", async (devices) => {
    const world = drawnMachine(
      `
        user:init
          user:one by 1000
            user:two empty
              user:three
        pid:init
          pid:one of user:one
            pid:two of user:one
        net:box of user:two
      `,
      { devices },
    );
    await expectReadable(await world.seenFrom("user:init"));
    await expectReadable(await world.seenFrom("user:one"));
    await expectReadable(await world.seenFrom("pid:two"));
  });
});
