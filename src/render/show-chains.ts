import { CHAIN_ENDS } from "../messages/show.ts";
import type { Chain } from "../snapshot/ancestors.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { hasNoneAbove } from "./not-seen.ts";
import { wordsForRefusal, type ShowSource } from "./show-source.ts";

/** The namespaces on the way up, nearest first, and why the way ends where it does. */
export function chainTexts({ namespaces, end }: Chain, source: ShowSource): string[] {
  const { namespace, nameOf, glyphs } = source;
  const names = namespaces.map((one) => nameOf(one));
  const last = namespaces.at(-1) ?? namespace;
  const way = names.length === 0 ? [] : [names.join(` ${glyphs.arrow} `)];
  return [...way, ...endTexts(end, last, source)];
}

function endTexts(end: Chain["end"], last: NamespaceRecord, source: ShowSource): string[] {
  const { language, nameOf, namespace } = source;
  switch (end.why) {
    case "refused": {
      const words = wordsForRefusal(end.refusal, source);
      const above = last === namespace ? "" : nameOf(last);
      const reason = hasNoneAbove(last) ? CHAIN_ENDS.initial[language]({ kind: last.kind }) : words.reason;
      return [CHAIN_ENDS.refused[language]({ above, ...words, reason })];
    }
    case "unseen":
      return [CHAIN_ENDS.unseen[language]({ id: end.id })];
    case "cycle":
      return [CHAIN_ENDS.cycle[language]({ id: end.id })];
    case "no-such-relation":
      return [];
  }
}
