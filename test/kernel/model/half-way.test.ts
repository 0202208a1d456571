import { describe } from "vitest";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { runHalfWay } from "../../support/half-way.ts";

describe("a call of the model that fails half-way leaves nothing behind", () => {
  runHalfWay(
    (uid) => new ModelActor({ uid }),
    (attempt) => attempt(),
  );
});
