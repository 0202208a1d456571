import { release } from "node:os";
import { describe } from "vitest";
import { openLiveActor } from "../../../src/kernel/live/actor.ts";
import { runNewerCases } from "../../support/newer-cases.ts";
import { theAddon } from "../../support/the-addon.ts";

describe("the running kernel, where it is new enough", () => {
  const open = () => openLiveActor(theAddon(), { privateMounts: true });
  runNewerCases(open, release(), "native", "root", "user-namespaces", "kernel:namespace-listing");
});
