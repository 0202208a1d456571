import { isKind, KINDS, nests, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { DRAWING_ERRORS, type DrawingRule } from "../messages/drawing.ts";
import type { Language } from "../messages/sentence.ts";

/**
 * A world drawn as text, one namespace a line. Indentation is the parent; the initial namespaces are `KIND:init` and need
 * no line. In each namespace sits one process of the same name. `printDrawing` goes the other way.
 *
 *     user:init
 *       user:outer by 1000        made by uid 1000
 *         user:inner
 *     pid:init
 *       pid:box of user:outer     owned by user:outer
 *     net:blue of user:inner empty pin /run/netns/blue   nobody is in it, a bind mount keeps it
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
  /** Where the first process mounts its file; absent where nowhere. */
  readonly pins?: readonly string[];
}

/** What is wrong with a drawing, and where. */
export interface DrawingError {
  /** Counted from 1. */
  readonly line: number;
  /** The rule that the line breaks, stable, for matching. */
  readonly rule: DrawingRule;
  /** The same as a sentence. */
  readonly message: string;
}

export type Drawing =
  | {
      readonly ok: true;
      readonly namespaces: readonly DrawnNamespace[];
      /** The line of each namespace, by its name. */
      readonly lines: ReadonlyMap<string, number>;
    }
  | (DrawingError & { readonly ok: false });

const LINE =
  /^(?<indent> *)(?<name>(?<kind>[a-z]+):(?<label>[\w.-]+))(?: of (?<owner>user:[\w.-]+))?(?: by (?<by>\d{1,10}))?(?<empty> empty)?(?<pins>(?: pin \/[^\s#]+)*)$/;

/** Reads a drawing. Where it is none, `message` is in `language`. */
export function parseDrawing(text: string, language: Language = "en"): Drawing {
  const namespaces: DrawnNamespace[] = [];
  const lines = new Map<string, number>();
  const pinned = new Set<string>();
  // The namespaces that the next line may be indented under, outermost first.
  const above: { indent: number; name: string }[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/\s*(#.*)?$/, "");
    if (line === "") continue;
    const groups = LINE.exec(line)?.groups ?? {};
    const { indent = "", name = "", kind = "", label, owner, by, empty, pins = "" } = groups;
    const wrong = (rule: DrawingRule, { other = "", text = "" } = {}): Drawing => {
      const message = DRAWING_ERRORS[rule][language]({ name, other, text, near: KINDS.join(", ") });
      return { ok: false, line: index + 1, rule, message };
    };
    if (name === "") return wrong("no-line", { text: shortened(line.trim()) });
    if (!isKind(kind)) return wrong("no-kind", { text: kind });
    while ((above.at(-1)?.indent ?? -1) >= indent.length) above.pop();
    const parent = above.at(-1)?.name;
    above.push({ indent: indent.length, name });
    if (label === "init") {
      if (parent !== undefined || line.trim() !== name) return wrong("initial-takes-nothing");
      continue;
    }
    if (lines.has(name)) return wrong("drawn-twice");
    lines.set(name, index + 1);
    if (parent !== undefined && !(nests(kind) && parent.startsWith(`${kind}:`)))
      return wrong("no-child", { other: parent });
    if (owner !== undefined && kind === "user") return wrong("owner-is-parent");
    if (owner !== undefined && owner !== "user:init" && !lines.has(owner))
      return wrong("owner-not-above", { other: owner });
    if (Number(by ?? 0) > MAX_ID) return wrong("no-uid", { text: by ?? "" });
    const paths = pins.split(" pin ").slice(1);
    for (const path of paths) {
      if (pinned.has(path)) return wrong("pinned-twice", { text: path });
      pinned.add(path);
    }
    const nested = nests(kind) ? (parent ?? `${kind}:init`) : undefined;
    namespaces.push({
      name,
      kind,
      parent: nested,
      owner: kind === "user" ? (nested ?? "user:init") : (owner ?? "user:init"),
      by: by === undefined ? undefined : Number(by),
      empty: empty !== undefined,
      ...(paths.length === 0 ? {} : { pins: paths }),
    });
  }
  return { ok: true, namespaces, lines };
}

/** (uid_t)-1 is no user: setresuid(2) takes it for "leave it". */
const MAX_ID = 4_294_967_294;
/** As much of a line as a message repeats, in characters. */
const LONGEST = 100;
const shortened = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);
