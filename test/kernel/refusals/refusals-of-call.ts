import type { Module, Node } from "./syntax.ts";
import { isNode, nodesIn, wordOf } from "./syntax.ts";

/** The call that a walk follows: what switches and comparisons on its name and its request decide. */
export interface Followed {
  readonly op: string;
  /** Of an ioctl; undefined: a request that has no name. */
  readonly request?: string | undefined;
}

/** A way to be refused, as a line of the rules or the model has it. `reason` is undefined where it comes from elsewhere. */
export interface Refusal {
  /** Where it stands: a file of src/, and how many characters in. */
  readonly at: string;
  readonly errno: string;
  readonly reason: string | undefined;
}

/**
 * Every refusal that a call can come to, read from the sources: from `step` on, through every function that is mentioned
 * on the way. More than can really be: conditions on anything but the call's name and request are taken as either.
 */
export function refusalsOf(modules: ReadonlyMap<string, Module>, followed: Followed): readonly Refusal[] {
  const walk = new Walk(modules, followed);
  walk.enter("kernel/model/step.ts", "carryOut");
  return walk.found;
}

class Walk {
  readonly found: Refusal[] = [];
  readonly #modules: ReadonlyMap<string, Module>;
  readonly #followed: Followed;
  readonly #entered = new Set<Node>();
  /** Names for one thing or another, walked where they are used. */
  readonly #choices = new Map<string, readonly Node[]>();

  constructor(modules: ReadonlyMap<string, Module>, followed: Followed) {
    this.#modules = modules;
    this.#followed = followed;
  }

  /** Walks through what a name of a module stands for, once. */
  enter(path: string, name: string): void {
    const place = this.#placeOf(path, name);
    if (place === undefined || this.#entered.has(place.node)) return;
    this.#entered.add(place.node);
    const { node } = place;
    const scope = { path: place.path, own: new Set(boundIn(node)) };
    for (const part of [node["init"], node["body"]]) this.#visit(part, scope);
  }

  #placeOf(path: string, name: string): { path: string; node: Node } | undefined {
    const module = this.#modules.get(path);
    const node = module?.declared.get(name);
    if (node !== undefined) return { path, node };
    const from = module?.imported.get(name);
    return from === undefined ? undefined : this.#placeOf(from.path, from.name);
  }

  #visit(value: unknown, scope: Scope): void {
    for (const node of nodesIn(value)) this.#visitNode(node, scope);
  }

  #visitNode(node: Node, scope: Scope): void {
    switch (node.type) {
      case "Identifier": {
        const name = wordOf(node) ?? "";
        const chosen = this.#choices.get(`${scope.path} ${name}`);
        if (chosen !== undefined) for (const one of chosen) this.#visit(one, scope);
        else if (!scope.own.has(name)) this.enter(scope.path, name);
        return;
      }
      case "VariableDeclarator":
        if (!this.#isChoice(node, scope.path)) this.#visit(node["init"], scope);
        return;
      case "MemberExpression":
        this.#visit(node["object"], scope);
        if (node["computed"] === true) this.#visit(node["property"], scope);
        return;
      case "Property":
        this.#visit(node["value"], scope);
        return;
      case "CallExpression":
        if (wordOf(node["callee"]) === "refused") this.#refused(node, scope.path);
        break;
      case "SwitchStatement":
        this.#visit(node["discriminant"], scope);
        for (const one of this.#casesOf(node)) this.#visit(one["consequent"], scope);
        return;
      case "BlockStatement":
        for (const statement of nodesIn(node["body"])) {
          this.#visitNode(statement, scope);
          if (this.#alwaysReturns(statement, scope.path)) return;
        }
        return;
      case "IfStatement":
      case "ConditionalExpression": {
        const holds = this.#holds(node["test"], scope.path);
        this.#visit(node["test"], scope);
        if (holds !== false) this.#visit(node["consequent"], scope);
        if (holds !== true) this.#visit(node["alternate"], scope);
        return;
      }
    }
    // Types take no part; what they are written around does.
    if (node.type.startsWith("TS")) this.#visit(node["expression"], scope);
    else for (const [part, value] of Object.entries(node)) if (part !== "type") this.#visit(value, scope);
  }

  /** `const [a, b] = condition ? [c, d] : [e, f]`: a is c or e. */
  #isChoice({ id, init }: Node, path: string): boolean {
    if (!isNode(init) || init.type !== "ConditionalExpression" || !isNode(id) || id.type !== "ArrayPattern")
      return false;
    const lists = [init["consequent"], init["alternate"]].map((list) =>
      isNode(list) ? nodesIn(list["elements"]) : [],
    );
    for (const [at, name] of nodesIn(id["elements"]).entries()) {
      this.#choices.set(
        `${path} ${wordOf(name)}`,
        lists.flatMap((list) => list.slice(at, at + 1)),
      );
    }
    return true;
  }

  #refused(call: Node, path: string): void {
    const [errno, reason] = nodesIn(call["arguments"]);
    const at = placeOf(call, path);
    for (const name of this.#literals(errno, path)) {
      const reasons = this.#literals(reason, path);
      for (const one of reasons.length === 0 ? [undefined] : reasons) this.found.push({ at, errno: name, reason: one });
    }
  }

  /** The strings that an expression can be, as far as they stand in it or in a table that it looks up by the request. */
  #literals(node: Node | undefined, path: string): readonly string[] {
    if (node === undefined) return [];
    if (node.type === "ConditionalExpression") {
      return [...nodesIn(node["consequent"]), ...nodesIn(node["alternate"])].flatMap((one) =>
        this.#literals(one, path),
      );
    }
    if (node.type === "MemberExpression" && isRequest(node["property"])) {
      const table = this.#placeOf(path, wordOf(node["object"]) ?? "")?.node["init"];
      const row = rowsOf(table).find((one) => wordOf(one["key"]) === this.#followed.request);
      return row === undefined ? [] : [wordOf(row["value"]) ?? ""];
    }
    return node.type === "Literal" ? [wordOf(node) ?? ""] : [];
  }

  /** The cases of a switch that the call can come to: those of its name or request where it is about that. */
  #casesOf(node: Node): readonly Node[] {
    const cases = nodesIn(node["cases"]);
    const value = this.#valueOf(node["discriminant"]);
    if (value === undefined) return cases;
    const own = cases.findIndex((one) => wordOf(one["test"]) === value.word);
    const from = own === -1 ? cases.findIndex((one) => !isNode(one["test"])) : own;
    if (from === -1) return [];
    // Empty ones fall through to the next.
    const filled = cases.findIndex((one, at) => at >= from && nodesIn(one["consequent"]).length > 0);
    return cases.slice(filled, filled + 1);
  }

  /** What an expression on the call's name or request is; undefined: it is about something else. */
  #valueOf(node: unknown): { readonly word: string | undefined } | undefined {
    if (!isNode(node)) return undefined;
    if (isRequest(node)) return { word: this.#followed.request };
    return node.type === "MemberExpression" && wordOf(node["property"]) === "op"
      ? { word: this.#followed.op }
      : undefined;
  }

  /** Whether a condition holds, where it is one on the call's name or request. */
  #holds(test: unknown, path: string): boolean | undefined {
    if (!isNode(test)) return undefined;
    if (test.type === "CallExpression") return this.#isListed(test, path);
    if (test.type === "UnaryExpression" && test["operator"] === "!") return not(this.#holds(test["argument"], path));
    if (test.type === "LogicalExpression") {
      const both = [this.#holds(test["left"], path), this.#holds(test["right"], path)];
      const decisive = test["operator"] === "||";
      if (both.includes(decisive)) return decisive;
      return both.includes(undefined) ? undefined : !decisive;
    }
    if (test.type !== "BinaryExpression") return undefined;
    const same = this.#isSame(test["left"], wordOf(test["right"]));
    return test["operator"] === "===" ? same : test["operator"] === "!==" ? not(same) : undefined;
  }

  /** `TABLE.has(call.op)` where the table is a set that is written down, or a function that asks just that. */
  #isListed({ callee, arguments: args }: Node, path: string): boolean | undefined {
    if (!isNode(callee)) return undefined;
    if (callee.type === "Identifier") {
      const asked = this.#placeOf(path, wordOf(callee) ?? "");
      const body = asked?.node["init"];
      return isNode(body) && body.type === "ArrowFunctionExpression"
        ? this.#holds(body["body"], asked?.path ?? "")
        : undefined;
    }
    const value = this.#valueOf(nodesIn(args)[0]);
    if (wordOf(callee["property"]) !== "has" || value === undefined) return undefined;
    const table = this.#placeOf(path, wordOf(callee["object"]) ?? "");
    const set = table?.node["init"];
    if (table === undefined || !isNode(set) || set.type !== "NewExpression") return undefined;
    return this.#elementsOf(nodesIn(set["arguments"])[0], table.path)?.some((one) => wordOf(one) === value.word);
  }

  /** Those of an array that is written down, there or under a name. */
  #elementsOf(list: unknown, path: string): readonly Node[] | undefined {
    if (!isNode(list)) return undefined;
    if (list.type === "ArrayExpression") return nodesIn(list["elements"]);
    if (list.type !== "Identifier") return this.#elementsOf(list["expression"], path);
    const named = this.#placeOf(path, wordOf(list) ?? "");
    return named === undefined ? undefined : this.#elementsOf(named.node["init"], named.path);
  }

  #isSame(left: unknown, word: string | undefined): boolean | undefined {
    if (
      isNode(left) &&
      left.type === "UnaryExpression" &&
      left["operator"] === "typeof" &&
      isRequest(left["argument"])
    ) {
      return (word === "number") === (this.#followed.request === undefined);
    }
    const value = this.#valueOf(left);
    return value === undefined || word === undefined ? undefined : value.word === word;
  }

  #alwaysReturns(statement: Node, path: string): boolean {
    if (statement.type === "ReturnStatement") return true;
    if (statement.type === "BlockStatement")
      return nodesIn(statement["body"]).some((one) => this.#alwaysReturns(one, path));
    if (statement.type !== "IfStatement" || this.#holds(statement["test"], path) !== true) return false;
    return nodesIn(statement["consequent"]).some((one) => this.#alwaysReturns(one, path));
  }
}

const placeOf = (node: Node, path: string): string => `${path}:${String(node["start"])}`;

/** Where all refusals of some modules stand, but for those that pass on an errno that they were given. */
export function placesOfRefusals(modules: ReadonlyMap<string, Module>): ReadonlySet<string> {
  const places = new Set<string>();
  const look = (value: unknown, path: string): void => {
    for (const node of nodesIn(value)) {
      const isRefusal = node.type === "CallExpression" && wordOf(node["callee"]) === "refused";
      if (isRefusal && nodesIn(node["arguments"])[0]?.type !== "MemberExpression") places.add(placeOf(node, path));
      for (const part of Object.values(node)) look(part, path);
    }
  };
  for (const [path, { declared }] of modules) for (const node of declared.values()) look(node, path);
  return places;
}

/** Whose names mean what. */
interface Scope {
  readonly path: string;
  /** Names that a function gives to its own things. */
  readonly own: ReadonlySet<string>;
}

/** The names that are bound somewhere within a function. */
function boundIn(node: Node): readonly string[] {
  const names: string[] = [];
  const isFunction = /Function/.test(node.type);
  if (isFunction) for (const parameter of nodesIn(node["params"])) names.push(...namesIn(parameter));
  for (const [part, value] of Object.entries(node)) {
    if (part === "params" && isFunction) continue;
    for (const one of nodesIn(value)) {
      if (one.type === "VariableDeclarator") names.push(...namesIn(one["id"]));
      names.push(...boundIn(one));
    }
  }
  return names;
}

/** The names in a pattern. */
function namesIn(pattern: unknown): readonly string[] {
  if (!isNode(pattern)) return [];
  const name = wordOf(pattern);
  if (name !== undefined) return [name];
  const parts = ["elements", "properties", "value", "left", "argument"].flatMap((part) => nodesIn(pattern[part]));
  return parts.flatMap(namesIn);
}

const not = (holds: boolean | undefined): boolean | undefined => (holds === undefined ? undefined : !holds);

/** `request`, or `call.request`. */
const isRequest = (node: unknown): boolean =>
  isNode(node) && wordOf(node.type === "MemberExpression" ? node["property"] : node) === "request";

/** The rows of an object that is written down, perhaps `as const`. */
function rowsOf(node: unknown): readonly Node[] {
  if (!isNode(node)) return [];
  return node.type === "ObjectExpression" ? nodesIn(node["properties"]) : rowsOf(node["expression"]);
}
