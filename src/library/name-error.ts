import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { NameError } from "../errors.ts";
import { LIBRARY } from "../messages/library.ts";
import { REF_RULES } from "../messages/ref-rules.ts";
import { RESOLVE } from "../messages/resolve.ts";
import type { Language } from "../messages/sentence.ts";
import type { BrokenRule } from "../refs/parse.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Found } from "../snapshot/find-namespace.ts";
import { nameOf, refOf, type Identity } from "./identity.ts";

/** Names may be thousands of characters long; an error quotes this many. */
const QUOTED = 60;

/** A name as an error quotes it: safe to print, and cut. */
export function quoted(text: string): string {
  const characters = Array.from(text);
  return safeText(characters.length <= QUOTED ? text : `${characters.slice(0, QUOTED).join("")}…`);
}

/** The error for a REF that follows no form. */
export function brokenName(text: string, { rule, part, known }: BrokenRule, language: Language): NameError {
  const why = REF_RULES[rule][language]({ part: quoted(part), known });
  return new NameError(LIBRARY["no-ref"][language]({ text: quoted(text), why }), { text, rule, candidates: known });
}

/** The error for a REF that names something of another kind than was asked for. */
export function otherKind(
  text: string,
  found: readonly Pick<Identity, "kind" | "id">[],
  wanted: NamespaceKind,
  language: Language,
): NameError {
  const names = found.map(nameOf);
  // What was found is what the REF without its kind names.
  const named = text.startsWith(`${wanted}:`) ? text.slice(wanted.length + 1) : text;
  const message = RESOLVE["other-kind"][language]({ text: quoted(named), found: names.join(", "), wanted });
  return new NameError(message, { text, rule: "other-kind", candidates: names });
}

/** The error for a REF that no namespace, or more than one, answers to. */
export function notOne(
  text: string,
  found: Exclude<Found, { readonly found: "one" }>,
  wanted: NamespaceKind | undefined,
  language: Language,
): NameError {
  if (found.found === "several") {
    const candidates = found.candidates.map(refOf);
    const message = RESOLVE.ambiguous[language]({ text: quoted(text), count: candidates.length });
    return new NameError(`${message} ${candidates.join(", ")}`, { text, rule: "ambiguous", candidates });
  }
  if (wanted !== undefined && found.ofAnotherKind.length > 0) {
    return otherKind(text, found.ofAnotherKind, wanted, language);
  }
  return notSeen(text, language);
}

/** The error for a REF that fits nothing that can be seen. */
export const notSeen = (text: string, language: Language): NameError =>
  new NameError(RESOLVE["not-seen"][language]({ text: quoted(text) }), { text, rule: "not-seen" });
