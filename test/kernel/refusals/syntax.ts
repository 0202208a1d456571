import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAst } from "rolldown/parseAst";
import { ROOT } from "../../support/sources.ts";

/** A node of a syntax tree (ESTree with the nodes of TypeScript). */
export interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}
export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
export const nodesIn = (value: unknown): readonly Node[] =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];

/** The text of an identifier or of a string in quotes. */
export const wordOf = (node: unknown): string | undefined => {
  if (!isNode(node)) return undefined;
  const word = node.type === "Identifier" ? node["name"] : node.type === "Literal" ? node["value"] : undefined;
  return typeof word === "string" ? word : undefined;
};

/** A module: what it declares at its top level, and where what it imports is declared. */
export interface Module {
  readonly declared: ReadonlyMap<string, Node>;
  readonly imported: ReadonlyMap<string, { readonly path: string; readonly name: string }>;
}

/** The modules of some folders of src/, by their path there. */
export function modulesIn(folders: readonly string[]): ReadonlyMap<string, Module> {
  const modules = new Map<string, Module>();
  for (const folder of folders) {
    for (const file of readdirSync(join(ROOT, "src", folder)).filter((name) => name.endsWith(".ts"))) {
      const path = join(folder, file);
      modules.set(path, readModule(path));
    }
  }
  return modules;
}

function readModule(path: string): Module {
  const declared = new Map<string, Node>();
  const imported = new Map<string, { path: string; name: string }>();
  const program: unknown = parseAst(readFileSync(join(ROOT, "src", path), "utf8"), { lang: "ts" }, path);
  for (const statement of isNode(program) ? nodesIn(program["body"]) : []) {
    if (statement.type === "ImportDeclaration") {
      const from = join(dirname(path), wordOf(statement["source"]) ?? "");
      for (const one of nodesIn(statement["specifiers"])) {
        imported.set(wordOf(one["local"]) ?? "", { path: from, name: wordOf(one["imported"]) ?? "" });
      }
      continue;
    }
    const node = statement.type === "ExportNamedDeclaration" ? statement["declaration"] : statement;
    if (!isNode(node)) continue;
    const named = node.type === "VariableDeclaration" ? nodesIn(node["declarations"]) : [node];
    for (const one of named) declared.set(wordOf(one["id"]) ?? "", one);
  }
  return { declared, imported };
}
