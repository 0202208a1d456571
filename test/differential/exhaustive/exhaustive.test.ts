import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { theAddon } from "../../support/the-addon.ts";
import { Ground } from "../ground.ts";
import { exhaust } from "./exhaust.ts";

/** `npm run differential -- --exhaustive` goes up to 4. */
const BOUND = 2;
const LIMIT_MS = 120_000;

describe(`every situation with up to ${BOUND} namespaces besides the initial ones`, () => {
  const asRoot = { ...needs("root", "native"), timeout: LIMIT_MS };
  test("comes out alike on the model and the running kernel, as root", asRoot, () => {
    expect(situationsAs(0)).toEqual({
      difference: undefined,
      situations: { "user namespaces": 498, "pid namespaces": 64, "user and pid namespaces": 160 },
    });
  });

  const asUser = { ...needs("native", "user-namespaces"), timeout: LIMIT_MS };
  test("comes out alike on the model and the running kernel, as an ordinary user", asUser, () => {
    expect(situationsAs(process.geteuid?.() || 1000)).toEqual({
      difference: undefined,
      situations: { "user namespaces": 28, "pid namespaces": 36, "user and pid namespaces": 9 },
    });
  });
});

function situationsAs(uid: number) {
  using ground = new Ground(theAddon());
  const { parts, difference } = exhaust(ground, { bound: BOUND, start: { uid } });
  return { difference, situations: Object.fromEntries(parts.map(({ title, situations }) => [title, situations])) };
}
