import { describe } from "vitest";
import { openLiveActor } from "../../../src/kernel/live/actor.ts";
import { loadNative } from "../../../src/kernel/live/load-native.ts";
import type { Native } from "../../../src/kernel/live/native.ts";
import { runKernelCases } from "../../support/kernel-cases.ts";
import { runKernelScripts } from "../../support/kernel-scripts.ts";

describe("the running kernel answers", () => {
  runKernelCases(() => openLiveActor(native()), 0, "native", "root");
  runKernelScripts(
    (uid) => openLiveActor(native(), { uid }),
    () => ["native", "root", "user-namespaces"],
  );
});

function native(): Native {
  const loaded = loadNative();
  if ("missing" in loaded) throw new Error(`no native half: ${loaded.missing.why}`);
  return loaded.native;
}
