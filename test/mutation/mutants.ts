import { parseSync, Visitor, type ESTree } from "rolldown/utils";
import { errnoOther, neighbours, regexMutants, SWAPPED_PROPERTIES } from "./replacements.ts";

/** One change of a source file: the text between `start` and `end` becomes another expression. */
export interface Mutant {
  /** The path of the file below src/rules. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** The line of the source where it starts, without the blanks around it. */
  readonly text: string;
  readonly from: string;
  readonly to: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What each comparison becomes: its opposite, and the one that differs at the boundary alone. */
const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  "===": ["!=="],
  "!==": ["==="],
  "<": [">=", "<="],
  "<=": [">", "<"],
  ">": ["<=", ">="],
  ">=": ["<", ">"],
};
const ARITHMETIC: Readonly<Record<string, string>> = { "+": "-", "-": "+", "<<": ">>", ">>": "<<", "^": "|" };
const OTHER_WAY: Readonly<Record<string, string>> = { "&&": "||", "||": "&&" };
/** Methods that narrow or order a list: without the call, the list is as it was. */
const NARROWING = new Set(["filter", "slice", "toSorted"]);

/**
 * Every mutant of a source file, in the order of the text: each condition flipped, dropped and forced; each operand of
 * `&&`, `||`, `??`, `|` and `&` left out; each comparison turned round and moved by one; each number one more and one
 * less; each capability, errno, release and kind of id another one; each row of a list left out.
 */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const found = new Map<string, Mutant>();
  const textOf = ({ start, end }: Span): string => source.slice(start, end);
  const add = (at: Span, to: string): void => {
    const { start, end } = at;
    const from = textOf(at);
    if (oneLine(from) === to) return;
    found.set(`${start} ${end} ${to}`, { file, start, end, ...lineAt(source, start), from: oneLine(from), to });
  };
  new Visitor(handlers(add, textOf)).visit(parseSync(file, source).program);
  return [...found.values()].sort((a, b) => a.start - b.start || b.end - a.end);
}

type Add = (at: Span, to: string) => void;
type TextOf = (at: Span) => string;

function handlers(add: Add, textOf: TextOf): ConstructorParameters<typeof Visitor>[0] {
  const text = (at: Span): string => oneLine(textOf(at));
  /** What no case could notice: the value of `ok(true)` says nothing, and a type is no code. */
  const silent = new Set<Span>();
  const condition = (test: ESTree.Expression | null): void => {
    if (test === null) return;
    for (const to of ["true", "false"]) add(test, to);
    // A comparison and a `!` are turned round where they stand.
    if (test.type !== "BinaryExpression" && test.type !== "UnaryExpression") add(test, `!(${text(test)})`);
  };
  const predicate = (value: ESTree.Node | null | undefined): void => {
    if (value?.type === "CallExpression") add(value, `!(${text(value)})`);
  };
  /** `a && b` in `a && b && c`: the operands of the whole are left out one by one. */
  const inner = new Set<Span>();
  const yesOrNo: boolean[] = [];
  const enter = (returns: ESTree.TSTypeAnnotation | null | undefined): void => {
    const type = returns?.typeAnnotation.type;
    yesOrNo.push(type === "TSBooleanKeyword" || type === "TSTypePredicate");
  };
  return {
    IfStatement: ({ test }) => condition(test),
    ConditionalExpression: ({ test }) => condition(test),
    ForStatement: ({ test }) => condition(test),
    WhileStatement: ({ test }) => condition(test),
    LogicalExpression: (node) => {
      if (isLink(node.left, node)) inner.add(node.left);
      if (inner.has(node)) return;
      for (const operand of operandsOf(node)) add(node, without(node, operand, text));
      const other = OTHER_WAY[node.operator];
      if (other !== undefined) {
        const operands = operandsOf(node).map((operand) => enclosed(operand, text));
        add(node, operands.join(` ${other} `));
      }
    },
    BinaryExpression: (node) => {
      const { left, right, operator } = node;
      const [one, two] = [text(left), text(right)];
      for (const other of COMPARISONS[operator] ?? []) add(node, `${one} ${other} ${two}`);
      const arithmetic = ARITHMETIC[operator];
      if (arithmetic !== undefined) add(node, `${one} ${arithmetic} ${two}`);
      if (operator === "|" || operator === "&") for (const side of [one, two]) add(node, side);
    },
    UnaryExpression: (node) => {
      if (node.operator === "!" || node.operator === "~") add(node, text(node.argument));
    },
    CallExpression: (node) => {
      const [first] = node.arguments;
      if (node.callee.type === "Identifier" && node.callee.name === "ok" && first !== undefined) silent.add(first);
      if (node.callee.type === "Identifier" && node.callee.name === "refused" && first?.type === "Literal") {
        add(first, JSON.stringify(errnoOther(String(first.value))));
      }
      if (node.callee.type !== "MemberExpression" || node.callee.property.type !== "Identifier") return;
      const { object, property } = node.callee;
      if (NARROWING.has(property.name)) add(node, text(object));
      const other = { some: "every", every: "some" }[property.name];
      if (other !== undefined) add(node, `${text(object)}.${other}(${node.arguments.map(text).join(", ")})`);
    },
    MemberExpression: ({ object, property, computed, optional }) => {
      if (computed || optional || property.type !== "Identifier") return;
      for (const other of SWAPPED_PROPERTIES[property.name] ?? []) {
        add({ start: object.start, end: property.end }, `${text(object)}.${other}`);
      }
    },
    TSLiteralType: ({ literal }) => void silent.add(literal),
    Literal: (node) => {
      if (silent.has(node)) return;
      for (const to of neighbours(node.value)) add(node, to);
      if ("regex" in node) for (const to of regexMutants(node.regex)) add(node, to);
    },
    ArrayExpression: (node) => {
      const rows = node.elements.map((row) => (row === null ? "" : text(row)));
      for (const at of rows.keys()) add(node, `[${rows.toSpliced(at, 1).join(", ")}]`);
    },
    VariableDeclarator: ({ id, init }) => {
      if (id.type === "Identifier" && id.name.endsWith("_ORDER")) neighboursSwapped(init, add, text);
    },
    FunctionDeclaration: ({ returnType }) => enter(returnType),
    "FunctionDeclaration:exit": () => void yesOrNo.pop(),
    ArrowFunctionExpression: ({ returnType, body }) => {
      enter(returnType);
      if (yesOrNo.at(-1) === true) predicate(body);
    },
    "ArrowFunctionExpression:exit": () => void yesOrNo.pop(),
    ReturnStatement: ({ argument }) => {
      if (yesOrNo.at(-1) === true) predicate(argument);
    },
  };
}

/** `a && b && c` is one condition of three operands. */
function operandsOf(node: ESTree.LogicalExpression): readonly ESTree.Expression[] {
  const { left, right, operator } = node;
  return [...(isLink(left, { operator }) ? operandsOf(left) : [left]), right];
}

const isLink = (
  part: ESTree.Expression,
  { operator }: Pick<ESTree.LogicalExpression, "operator">,
): part is ESTree.LogicalExpression => part.type === "LogicalExpression" && part.operator === operator;

function without(node: ESTree.LogicalExpression, gone: ESTree.Expression, text: TextOf): string {
  const left = operandsOf(node).filter((operand) => operand !== gone);
  return left
    .map((operand) => (left.length === 1 ? text(operand) : enclosed(operand, text)))
    .join(` ${node.operator} `);
}

const enclosed = (operand: ESTree.Expression, text: TextOf): string =>
  operand.type === "LogicalExpression" || operand.type === "ConditionalExpression"
    ? `(${text(operand)})`
    : text(operand);

/** In a list whose order is said to matter, each two neighbours in the other order. */
function neighboursSwapped(init: ESTree.Expression | null, add: Add, text: TextOf): void {
  if (init?.type === "TSAsExpression" || init?.type === "TSSatisfiesExpression") {
    neighboursSwapped(init.expression, add, text);
  }
  if (init?.type !== "ArrayExpression") return;
  const rows = init.elements.map((row) => (row === null ? "" : text(row)));
  for (let at = 0; at + 1 < rows.length; at++) {
    const [one = "", two = ""] = rows.slice(at);
    add(init, `[${rows.toSpliced(at, 2, two, one).join(", ")}]`);
  }
}

/** Comments go too: a `//` would swallow what follows. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/\/\/.*$/gm, "")
    .replaceAll(/\s+/g, " ")
    .trim();

function lineAt(source: string, at: number): { line: number; text: string } {
  const start = source.lastIndexOf("\n", at - 1) + 1;
  const end = source.indexOf("\n", at);
  return { line: source.slice(0, at).split("\n").length, text: source.slice(start, end < 0 ? undefined : end).trim() };
}
