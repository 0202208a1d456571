import { expect, test } from "vitest";
import { refused } from "../../src/rules/outcome.ts";
import { parentOf } from "../../src/rules/relations.ts";
import type { View } from "../../src/rules/view.ts";

/** A user namespace 1 below the initial one, 0, and a network namespace 2 that it owns. */
const view: View<number> = {
  kind: (ns) => (ns === 2 ? "net" : "user"),
  owner: (ns) => (ns === 0 ? undefined : ns - 1),
  parent: (ns) => (ns === 0 ? undefined : ns - 1),
  level: (ns) => ns,
  creator: () => 0,
};

// The model looks at the kind before it asks; whoever asks the rule itself gets the same.
test("what does not nest has no parent, wherever the caller is", () => {
  expect(parentOf(view, { user: 0, pid: 0 }, 2)).toEqual(refused("EINVAL", "kind-does-not-nest"));
  expect(parentOf(view, { user: 0, pid: 0 }, 1)).toEqual({ ok: true, value: 0 });
});
