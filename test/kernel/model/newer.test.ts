import { describe, expect, test } from "vitest";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { NEWER_CASES } from "../../kernel-cases/newer/all.ts";
import { runNewerCases } from "../../support/newer-cases.ts";

describe.each(["6.19.6", "6.19.14", "7.0", "7.3"])("the model of Linux %s", (release) => {
  runNewerCases(() => new ModelActor({ release }), release);
});

test("each case has an id of its own", () => {
  expect(new Set(NEWER_CASES.map(({ id }) => id)).size).toBe(NEWER_CASES.length);
});
