import { isKind, nests, type NamespaceKind } from "../abi/namespace-kinds.ts";

/**
 * A world drawn as text, one namespace a line. Indentation is the parent; the initial namespaces are `KIND:init` and need
 * no line. In each namespace sits one process of the same name.
 *
 *     user:init
 *       user:outer by 1000        made by uid 1000
 *         user:inner
 *     pid:init
 *       pid:box of user:outer     owned by user:outer
 *     net:blue of user:inner empty   nobody is in it
 */
export interface DrawnNamespace {
  readonly name: string;
  readonly kind: NamespaceKind;
  /** The name of the parent, of a user or pid namespace. */
  readonly parent: string | undefined;
  /** The name of the user namespace that owns it; of a user namespace, its parent. */
  readonly owner: string;
  /** The uid of whoever makes it; undefined: the uid of the process above. */
  readonly by: number | undefined;
  /** No process stays in it. */
  readonly empty: boolean;
}

/** What is wrong with a drawing, and where. */
export interface DrawingError {
  readonly line: number;
  readonly message: string;
}

export type Drawing =
  | { readonly ok: true; readonly namespaces: readonly DrawnNamespace[] }
  | (DrawingError & { readonly ok: false });

const LINE =
  /^(?<indent> *)(?<name>(?<kind>[a-z]+):(?<label>[\w.-]+))(?: of (?<owner>user:[\w.-]+))?(?: by (?<by>\d{1,10}))?(?<empty> empty)?$/;

export function parseDrawing(text: string): Drawing {
  const namespaces: DrawnNamespace[] = [];
  const known = new Set<string>();
  // The namespaces that the next line may be indented under, outermost first.
  const above: { indent: number; name: string }[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/\s*(#.*)?$/, "");
    if (line === "") continue;
    const wrong = (message: string): Drawing => ({ ok: false, line: index + 1, message });
    const { indent = "", name = "", kind = "", label, owner, by, empty } = LINE.exec(line)?.groups ?? {};
    if (name === "" || !isKind(kind)) return wrong(`not "KIND:NAME [of user:NAME] [by UID] [empty]": ${line.trim()}`);
    while ((above.at(-1)?.indent ?? -1) >= indent.length) above.pop();
    const parent = above.at(-1)?.name;
    above.push({ indent: indent.length, name });
    if (label === "init") continue;
    if (known.has(name)) return wrong(`${name} is drawn twice`);
    known.add(name);
    if (parent !== undefined && !(nests(kind) && parent.startsWith(`${kind}:`))) {
      return wrong(`${name} cannot be a child of ${parent}`);
    }
    if (owner !== undefined && kind === "user") return wrong(`${name} is owned by its parent, indent it under that`);
    if (owner !== undefined && owner !== "user:init" && !known.has(owner))
      return wrong(`${owner} is drawn nowhere above`);
    const nested = nests(kind) ? (parent ?? `${kind}:init`) : undefined;
    namespaces.push({
      name,
      kind,
      parent: nested,
      owner: kind === "user" ? (nested ?? "user:init") : (owner ?? "user:init"),
      by: by === undefined ? undefined : Number(by),
      empty: empty !== undefined,
    });
  }
  return { ok: true, namespaces };
}
