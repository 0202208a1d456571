import { describe } from "vitest";
import { openLiveActor } from "../../../src/kernel/live/actor.ts";
import { theAddon } from "../../support/the-addon.ts";
import { runWhatKeeps } from "../../support/what-keeps.ts";

const PAUSE_MS = 5;
const pause = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, PAUSE_MS);
};

function asking(attempt: () => boolean, limitMs: number): boolean {
  for (const until = Date.now() + limitMs; !attempt(); pause()) if (Date.now() > until) return false;
  return true;
}

describe("on the running kernel", () => {
  runWhatKeeps(() => openLiveActor(theAddon()), asking, "native", "root", "user-namespaces");
});
