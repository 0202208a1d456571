import type { NamespaceRecord, Snapshot } from "../snapshot/types.ts";
import { namesIn } from "../render/namespace-name.ts";
import { KINDS } from "../abi/namespace-kinds.ts";

/** A piece of a text: as it is, or the name of a namespace that was seen. */
export type Piece = string | { readonly name: string };

const NAME = new RegExp(String.raw`\b(?:${KINDS.join("|")}):\[[\d:/]+\]`, "g");

/** The names of a snapshot's namespaces, as all texts have them. */
export function recordsByName(snapshot: Snapshot): ReadonlyMap<string, NamespaceRecord> {
  const nameOf = namesIn(snapshot);
  return new Map(snapshot.namespaces.map((namespace) => [nameOf(namespace), namespace]));
}

/** A text cut where it names namespaces, so that each can be a link. */
export function linked(text: string, known: ReadonlyMap<string, unknown>): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const { 0: name, index } of text.matchAll(NAME)) {
    if (!known.has(name)) continue;
    if (index > done) pieces.push(text.slice(done, index));
    pieces.push({ name });
    done = index + name.length;
  }
  if (done < text.length) pieces.push(text.slice(done));
  return pieces;
}
