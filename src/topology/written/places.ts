import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type YAMLError } from "yaml";
import type { Path } from "../../snapshot/issue.ts";

/** A YAML or JSON text as a value, and where in it each part stands. */
export interface ParsedText {
  readonly value: unknown;
  /** Line and column of what a path leads to, or of the nearest thing above it that is there. */
  readonly placeOf: (path: Path) => { readonly line: number; readonly column: number };
}
export interface TextFault {
  readonly line: number;
  readonly column: number;
  /** The parser's name for what is wrong, such as BAD_INDENT or DUPLICATE_KEY. */
  readonly code: string;
}

/** Some aliases are of use; many small ones make a large text. */
const MOST_ALIASES = 100;

/** Every fault of a text as YAML 1.2, of which JSON is a part. */
export function parseText(text: string): ParsedText | readonly TextFault[] {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: "core" });
    if (document.errors.length > 0) return document.errors.map((error) => faultOf(error, lines));
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    let offsets: ReadonlyMap<string, number> | undefined;
    const placeOf = (path: Path): { line: number; column: number } => {
      offsets ??= offsetsOf(document);
      for (let length = path.length; length >= 0; length--) {
        const offset = offsets.get(keyOf(path.slice(0, length)));
        if (offset !== undefined) return at(lines, offset);
      }
      return { line: 1, column: 1 };
    };
    return { value, placeOf };
  } catch (error) {
    // Nested too deep for the stack, or more aliases than are taken.
    if (error instanceof RangeError || error instanceof ReferenceError)
      return [{ line: 1, column: 1, code: "TOO_DEEP_OR_TOO_MANY_ALIASES" }];
    throw error;
  }
}

const faultOf = ({ code, pos: [offset] }: YAMLError, lines: LineCounter): TextFault => ({ ...at(lines, offset), code });

function at(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

const keyOf = (path: Path): string => JSON.stringify(path.map(String));

/** Where each value begins; of a field of a map where its key does. One walk. */
function offsetsOf(document: Document): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  const walk = (node: unknown, path: Path): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        if (!isScalar(key)) continue;
        const below = [...path, String(key.value)];
        offsets.set(keyOf(below), key.range?.[0] ?? 0);
        walk(value, below);
      }
    } else if (isSeq(node)) {
      for (const [nth, item] of node.items.entries()) {
        const range: unknown = typeof item === "object" && item !== null ? Reflect.get(item, "range") : undefined;
        const [start]: unknown[] = Array.isArray(range) ? range : [];
        if (typeof start === "number") offsets.set(keyOf([...path, nth]), start);
        walk(item, [...path, nth]);
      }
    }
  };
  offsets.set(keyOf([]), document.contents?.range?.[0] ?? 0);
  walk(document.contents, []);
  return offsets;
}
