import { describe } from "vitest";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { runWhatKeeps } from "../../support/what-keeps.ts";

describe("in the model", () => {
  runWhatKeeps(
    () => new ModelActor(),
    (attempt) => attempt(),
  );
});
