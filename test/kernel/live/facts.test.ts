import { describe } from "vitest";
import { openLiveActor } from "../../../src/kernel/live/actor.ts";
import { runFactCases } from "../../support/fact-cases.ts";
import { theAddon } from "../../support/the-addon.ts";

describe("the running kernel agrees with the measured facts", () => {
  runFactCases(() => openLiveActor(theAddon(), { privateMounts: true }), "native", "root", "user-namespaces");
});
