import { describe } from "vitest";
import { ALL_CAPABILITIES, capBit } from "../../../src/abi/capabilities.ts";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { runFactCases } from "../../support/fact-cases.ts";

describe("the model knows the measured facts", () => {
  // Those who measured had all capabilities but one.
  const capabilities = ALL_CAPABILITIES & ~capBit("CAP_SYS_RESOURCE");
  runFactCases(() => new ModelActor({ capabilities }));
});
