import type { DrawnNamespace } from "./drawing.ts";

/**
 * Draws namespaces as text that `parseDrawing` reads back: each below its parent, by two blanks, and below its owner.
 * Apart from that the order stays, so that what was parsed is printed in the order of its lines.
 * Throws a RangeError where a parent or an owner is missing, or something is its own ancestor.
 */
export function printDrawing(namespaces: readonly DrawnNamespace[]): string {
  const printer = new Printer(namespaces);
  for (const { name } of namespaces) printer.print(name);
  return printer.text();
}

/** What has been printed so far. Each namespace is looked at a fixed number of times. */
class Printer {
  readonly #byName: ReadonlyMap<string, DrawnNamespace>;
  readonly #children = new Map<string, DrawnNamespace[]>();
  readonly #lines: string[] = [];
  readonly #printed = new Set<string>();
  readonly #begun = new Set<string>();
  /** The initial namespace that the last line stands below. */
  #initial: string | undefined;

  constructor(namespaces: readonly DrawnNamespace[]) {
    this.#byName = new Map(namespaces.map((namespace) => [namespace.name, namespace]));
    for (const namespace of namespaces) {
      if (namespace.parent === undefined) continue;
      const siblings = this.#children.get(namespace.parent);
      if (siblings === undefined) this.#children.set(namespace.parent, [namespace]);
      else siblings.push(namespace);
    }
  }

  text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  /** Prints the whole tree that it is in, unless that was done, and before it the trees of the owners. */
  print(name: string): void {
    if (this.#printed.has(name) || isInitial(name)) return;
    const root = this.#rootOf(name);
    if (this.#begun.has(root.name)) throw new RangeError(`${name} cannot be drawn: it is above itself`);
    this.#begun.add(root.name);
    const tree = this.#below(root);
    for (const [{ owner, kind }] of tree) if (kind !== "user") this.print(owner);

    if (root.parent !== undefined && root.parent !== this.#initial) this.#lines.push(root.parent);
    this.#initial = root.parent;
    const outermost = root.parent === undefined ? 0 : 1;
    for (const [namespace, depth] of tree) {
      this.#lines.push(`${"  ".repeat(outermost + depth)}${lineOf(namespace)}`);
      this.#printed.add(namespace.name);
    }
  }

  #rootOf(name: string): DrawnNamespace {
    const passed = new Set<string>();
    for (let at = name; ;) {
      const namespace = this.#byName.get(at);
      if (namespace === undefined) throw new RangeError(`${at} is drawn nowhere`);
      if (passed.has(at)) throw new RangeError(`${name} cannot be drawn: it is above itself`);
      passed.add(at);
      if (namespace.parent === undefined || isInitial(namespace.parent)) return namespace;
      at = namespace.parent;
    }
  }

  /** A namespace and all below it, with their depths, in the order of lines. */
  #below(root: DrawnNamespace): [DrawnNamespace, number][] {
    const found: [DrawnNamespace, number][] = [];
    const next: [DrawnNamespace, number][] = [[root, 0]];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      found.push(at);
      const depth = at[1] + 1;
      for (const child of (this.#children.get(at[0].name) ?? []).toReversed()) next.push([child, depth]);
    }
    return found;
  }
}

const isInitial = (name: string): boolean => name.endsWith(":init");

function lineOf({ name, kind, owner, by, empty, pins = [] }: DrawnNamespace): string {
  return [
    name,
    ...(kind === "user" || owner === "user:init" ? [] : [`of ${owner}`]),
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(empty ? ["empty"] : []),
    ...pins.map((path) => `pin ${path}`),
  ].join(" ");
}
