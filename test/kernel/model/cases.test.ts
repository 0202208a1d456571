import { describe } from "vitest";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { runKernelCases } from "../../support/kernel-cases.ts";
import { runKernelScripts } from "../../support/kernel-scripts.ts";

describe.each(["one", "two"] as const)("the model of %s nsfs device(s) answers", (devices) => {
  runKernelCases(() => new ModelActor({ devices }), 0);
  runKernelScripts(
    (uid) => new ModelActor({ devices, uid }),
    () => [],
  );
});
