import { describe } from "vitest";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { runKernelCases } from "../../support/kernel-cases.ts";

describe("the model answers", () => {
  runKernelCases(() => new ModelActor(), 0);
});
describe("the model answers where inode numbers repeat on two devices", () => {
  runKernelCases(() => new ModelActor({ devices: "two" }), 0);
});
