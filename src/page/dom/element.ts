import { linked, type Piece } from "../linked.ts";

type Child = Node | string;

/** An element of HTML. Texts become texts: nothing that a name holds is ever read as HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A part that the HTML of the page has. */
export function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new RangeError(`the page has no #${id}`);
  return found;
}

/** A link to a namespace of the page; main.ts takes the click. */
export const namespaceLink = (name: string): HTMLElement =>
  element("a", { href: `#${new URLSearchParams({ ns: name }).toString()}`, "data-name": name }, name);

/** The same to a process. */
export const processLink = (pid: number, text: string): HTMLElement =>
  element("a", { href: `#pid=${pid}`, "data-pid": String(pid) }, text);

/** A text with its namespaces as links. */
export const withLinks = (text: string, known: ReadonlyMap<string, unknown>): Child[] =>
  linked(text, known).map((piece: Piece) => (typeof piece === "string" ? piece : namespaceLink(piece.name)));
