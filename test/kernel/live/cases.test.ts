import { describe } from "vitest";
import { openLiveActor } from "../../../src/kernel/live/actor.ts";
import { runKernelCases } from "../../support/kernel-cases.ts";
import { runKernelScripts } from "../../support/kernel-scripts.ts";
import { theAddon } from "../../support/the-addon.ts";

describe("the running kernel answers", () => {
  runKernelCases(() => openLiveActor(theAddon()), 0, "native", "root");
  runKernelScripts(
    (uid) => openLiveActor(theAddon(), { uid, privateMounts: true }),
    () => ["native", "root", "user-namespaces"],
  );
});
