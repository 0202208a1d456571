import { FilterError } from "./fault.ts";
import type { FilterNode } from "./parse.ts";

/** What a column has in a row: its text, or none. */
export interface ColumnValue {
  readonly type: "whole" | "text";
  readonly text: string | undefined;
}
type ColumnOf = (name: string) => ColumnValue;

/** A value of one of four types; an empty one is less than all others as a text, and compares with nothing as a number. */
type Value =
  | { readonly type: "text"; readonly value: string | undefined }
  | { readonly type: "whole"; readonly value: bigint; readonly isEmpty: boolean }
  | { readonly type: "float"; readonly value: number; readonly isEmpty: boolean }
  | { readonly type: "boolean"; readonly value: boolean; readonly isEmpty: boolean };
type Type = Value["type"];

/**
 * Whether a row passes a filter. Throws `FilterError` where a text is compared with a number and is none. Values become of
 * one type as in libsmartcols: that of the value where a column is compared with one, else the left one's; floats before
 * whole numbers. An empty number that becomes of another type is 0.
 */
export function passes(node: FilterNode, columnOf: ColumnOf): boolean {
  switch (node.is) {
    case "and":
      return passes(node.left, columnOf) && passes(node.right, columnOf);
    case "or":
      return passes(node.left, columnOf) || passes(node.right, columnOf);
    case "not":
      return !passes(node.of, columnOf);
    case "match":
      return node.pattern.test(textOf(valueOf(node.of, columnOf)) ?? "") === node.wanted;
    case "compare": {
      const [left, right] = [valueOf(node.left, columnOf), valueOf(node.right, columnOf)];
      const type = commonType(node.left, left.type, node.right, right.type);
      const order = compare(cast(left, type, node.left.at), cast(right, type, node.right.at));
      return order !== undefined && HOLDS[node.by](order);
    }
    default:
      return isTrue(valueOf(node, columnOf));
  }
}

const HOLDS = {
  "==": (order: number) => order === 0,
  "!=": (order: number) => order !== 0,
  "<": (order: number) => order < 0,
  "<=": (order: number) => order <= 0,
  ">": (order: number) => order > 0,
  ">=": (order: number) => order >= 0,
};

function valueOf(node: FilterNode, columnOf: ColumnOf): Value {
  switch (node.is) {
    case "column": {
      const { type, text } = columnOf(node.name);
      if (type === "text") return { type, value: text?.trim() };
      return { type, value: BigInt(text ?? 0), isEmpty: text === undefined };
    }
    case "text":
      return { type: "text", value: node.value };
    case "whole":
      return { type: "whole", value: node.value, isEmpty: false };
    case "float":
      return { type: "float", value: node.value, isEmpty: false };
    case "boolean":
      return { type: "boolean", value: node.value, isEmpty: false };
    default:
      return { type: "boolean", value: passes(node, columnOf), isEmpty: false };
  }
}

function commonType(left: FilterNode, leftType: Type, right: FilterNode, rightType: Type): Type {
  const isRightsWord = left.is === "column" && right.is !== "column";
  const type = isRightsWord ? rightType : leftType;
  return type === "whole" && (leftType === "float" || rightType === "float") ? "float" : type;
}

function isTrue(value: Value): boolean {
  if (value.type === "text") return value.value !== undefined && value.value !== "";
  return !value.isEmpty && Boolean(value.value);
}

/** Negative, 0 or positive; undefined where one is empty. */
function compare(left: Value, right: Value): number | undefined {
  if (left.type === "text" && right.type === "text") return compareTexts(left.value, right.value);
  if (left.type === "text" || right.type === "text" || left.isEmpty || right.isEmpty) return undefined;
  return left.value < right.value ? -1 : Number(left.value > right.value);
}

/** By code point, which is the order of UTF-8's bytes; none comes first. */
function compareTexts(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  const [ones, others] = [Array.from(left), Array.from(right)];
  for (const [nth, one] of ones.entries()) {
    const order = (one.codePointAt(0) ?? 0) - (others[nth]?.codePointAt(0) ?? -1);
    if (order !== 0) return order;
  }
  return ones.length - others.length;
}

const textOf = ({ value }: Value): string | undefined => (value === undefined ? undefined : String(value));

function cast(value: Value, type: Type, at: number): Value {
  if (value.type === type) return value;
  if (type === "text") return { type, value: textOf(value) };
  if (value.type === "text") return castText(value.value, type, at);
  switch (type) {
    case "whole":
      return { type, value: BigInt(Math.trunc(Number(value.value))), isEmpty: false };
    case "float":
      return { type, value: Number(value.value), isEmpty: false };
    default:
      return { type, value: Number(value.value) > 0, isEmpty: false };
  }
}

function castText(text: string | undefined, type: Exclude<Type, "text">, at: number): Value {
  const isEmpty = text === undefined;
  switch (type) {
    case "boolean":
      return { type, value: /^(?:1$|true$|y)/i.test(text ?? ""), isEmpty };
    case "whole":
      if (!/^\d{1,20}$/.test(text ?? "0")) throw new FilterError({ fault: "not-a-number", at, text: text ?? "" });
      return { type, value: BigInt(text ?? 0), isEmpty };
    default:
      if (!/^\d+(?:\.\d*)?$/.test(text ?? "0")) throw new FilterError({ fault: "not-a-number", at, text: text ?? "" });
      return { type, value: Number(text ?? 0), isEmpty };
  }
}

/** The columns that a filter reads, each where it first stands. */
export function columnsIn(node: FilterNode): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.is === "column" && (found.get(next.name) ?? Infinity) > next.at) found.set(next.name, next.at);
    if ("of" in next) waiting.push(next.of);
    if ("left" in next) waiting.push(next.left, next.right);
  }
  return found;
}
