import { FilterError } from "./fault.ts";
import { posixPattern } from "./posix-pattern.ts";
import { tokensOf, type Comparison, type Token } from "./tokens.ts";

/** A filter, read. `at` is where it stands in the text. */
export type FilterNode =
  | { readonly is: "column"; readonly name: string; readonly at: number }
  | { readonly is: "text"; readonly value: string; readonly at: number }
  | { readonly is: "whole"; readonly value: bigint; readonly at: number }
  | { readonly is: "float"; readonly value: number; readonly at: number }
  | { readonly is: "boolean"; readonly value: boolean; readonly at: number }
  | { readonly is: "not"; readonly of: FilterNode; readonly at: number }
  | { readonly is: "and" | "or"; readonly left: FilterNode; readonly right: FilterNode; readonly at: number }
  | {
      readonly is: "compare";
      readonly by: Exclude<Comparison, "=~" | "!~">;
      readonly left: FilterNode;
      readonly right: FilterNode;
      readonly at: number;
    }
  | {
      readonly is: "match";
      readonly wanted: boolean;
      readonly of: FilterNode;
      readonly pattern: RegExp;
      readonly at: number;
    };

/** Those of util-linux 2.43: bytes of a filter, its values and operators, bytes of a pattern. */
const LIMITS = { bytes: 1024, nodes: 256, patternBytes: 256 } as const;

/**
 * Reads a filter; undefined for an empty one, which every row passes. Throws `FilterError`. As libsmartcols has it, `and` and
 * `or` bind alike, from left to right; so do comparisons, which bind tighter, and `!` binds tightest: `! A == B` is
 * `(! A) == B`.
 */
export function parseFilter(text: string): FilterNode | undefined {
  if (bytes(text) > LIMITS.bytes) throw new FilterError({ fault: "too-long", at: LIMITS.bytes + 1, text: "" });
  const tokens = tokensOf(text);
  if (tokens.length === 1) return undefined;
  let next = 0;
  let nodes = 0;

  const peek = (): Token => tokens[next] ?? { is: "end", at: text.length + 1, written: "" };
  const take = (): Token => {
    const token = peek();
    next += 1;
    return token;
  };
  const made = <Node extends FilterNode>(node: Node): Node => {
    nodes += 1;
    if (nodes > LIMITS.nodes) throw new FilterError({ fault: "too-many-parts", at: node.at, text: "" });
    return node;
  };

  function all(): FilterNode {
    let left = comparison();
    for (let token = peek(); token.is === "and" || token.is === "or"; token = peek()) {
      next += 1;
      left = made({ is: token.is, left, right: comparison(), at: token.at });
    }
    return left;
  }
  function comparison(): FilterNode {
    let left = operand();
    for (let token = peek(); token.is === "compare"; token = peek()) {
      next += 1;
      const { by, at } = token;
      const right = operand();
      left =
        by === "=~" || by === "!~"
          ? made({ is: "match", wanted: by === "=~", of: left, pattern: patternOf(right), at })
          : made({ is: "compare", by, left, right, at });
    }
    return left;
  }
  function operand(): FilterNode {
    const token = take();
    switch (token.is) {
      case "not":
        return made({ is: "not", of: operand(), at: token.at });
      case "(": {
        const inside = all();
        const closing = take();
        if (closing.is === "end") throw new FilterError({ fault: "group-not-closed", at: token.at, text: "(" });
        if (closing.is !== ")") throw unexpected(closing, "needs-operator");
        return inside;
      }
      case "and":
      case "or":
      case "compare":
      case ")":
      case "end":
        throw unexpected(token, "needs-value");
      default:
        return made(token);
    }
  }

  const root = all();
  const rest = peek();
  if (rest.is === ")") throw unexpected(rest, "group-not-opened");
  if (rest.is !== "end") throw unexpected(rest, "needs-operator");
  return root;
}

const unexpected = (
  { at, written }: Token,
  fault: "needs-value" | "needs-operator" | "group-not-opened",
): FilterError => new FilterError({ fault, at, text: written });

/** Only a text can be a pattern: it is translated once, before there are any rows. */
function patternOf(right: FilterNode): RegExp {
  if (right.is !== "text") throw new FilterError({ fault: "pattern-not-text", at: right.at, text: "" });
  if (bytes(right.value) > LIMITS.patternBytes)
    throw new FilterError({ fault: "pattern-too-long", at: right.at, text: "" });
  const pattern = posixPattern(right.value);
  if (pattern instanceof RegExp) return pattern;
  throw new FilterError({ fault: "bad-pattern", at: right.at, text: right.value, pattern });
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;
