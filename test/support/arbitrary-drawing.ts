import fc from "./property.ts";
import { KINDS, nests, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { DrawnNamespace } from "../../src/kernel/drawing.ts";

/** What decides one namespace; `parent` and `owner` choose among what there is, counted around. */
interface Choice {
  readonly kind: NamespaceKind;
  readonly label: string;
  readonly parent: number;
  readonly owner: number;
  readonly by: number | undefined;
  readonly empty: boolean;
  readonly pins: readonly string[];
}

const anyChoice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.constantFrom(...KINDS),
  label: fc.stringMatching(/^[\w.-]{1,8}$/).filter((label) => label !== "init"),
  parent: fc.nat(20),
  owner: fc.nat(20),
  by: fc.option(fc.integer({ min: 0, max: 4_294_967_294 }), { nil: undefined }),
  empty: fc.boolean(),
  pins: fc.array(fc.stringMatching(/^\/[^\s#]{1,8}$/u), { maxLength: 2 }),
});

/** Any world that can be drawn, its namespaces in any order: a child may come before its parent. */
export const anyDrawing: fc.Arbitrary<readonly DrawnNamespace[]> = fc
  .array(anyChoice, { maxLength: 12 })
  .map(namespacesOf)
  .chain((namespaces) => fc.shuffledSubarray(namespaces, { minLength: namespaces.length }));

function namespacesOf(choices: readonly Choice[]): DrawnNamespace[] {
  const names = new Map<NamespaceKind, string[]>(KINDS.map((kind) => [kind, [`${kind}:init`]]));
  const pinned = new Set<string>();
  return choices.flatMap(({ kind, label, parent, owner, by, empty, pins }): DrawnNamespace[] => {
    const [name, same, users] = [`${kind}:${label}`, names.get(kind) ?? [], names.get("user") ?? []];
    if (same.includes(name)) return [];
    const above = nests(kind) ? same[parent % same.length] : undefined;
    const owned = users[owner % users.length] ?? "user:init";
    const own = [...new Set(pins)].filter((path) => !pinned.has(path));
    for (const path of own) pinned.add(path);
    same.push(name);
    const place = { parent: above, owner: kind === "user" ? (above ?? owned) : owned };
    return [{ name, kind, ...place, by, empty, ...(own.length === 0 ? {} : { pins: own }) }];
  });
}
