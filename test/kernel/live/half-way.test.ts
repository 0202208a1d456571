import { describe } from "vitest";
import { openLiveActor } from "../../../src/kernel/live/actor.ts";
import { runHalfWay } from "../../support/half-way.ts";
import { theAddon } from "../../support/the-addon.ts";

/** Network and IPC namespaces end in a work queue, and give back what they were charged then. */
const LIMIT_MS = 5000;
const PAUSE_MS = 5;
const pause = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, PAUSE_MS);
};

function patiently(attempt: () => boolean): boolean {
  for (const until = Date.now() + LIMIT_MS; !attempt(); pause()) if (Date.now() > until) return false;
  return true;
}

describe("a call of the running kernel that fails half-way leaves nothing behind", () => {
  runHalfWay((uid) => openLiveActor(theAddon(), { uid }), patiently, "native", "root", "user-namespaces");
});
