import { PAGE_SENTENCES } from "../../messages/page.ts";
import { WHY } from "../../messages/why.ts";
import { gapText } from "../../render/gap-words.ts";
import { groupBy } from "../../render/group.ts";
import type { Wording } from "../../render/held-by.ts";
import { releaseWords } from "../../render/release-words.ts";
import { holdsIt, stepText } from "../../render/why.ts";
import { gapsFor } from "../../snapshot/gaps.ts";
import { bySureness } from "../../snapshot/holding.ts";
import { holdersOf, type Holder } from "../../snapshot/holders.ts";
import { isKernels } from "../../snapshot/initial.ts";
import type { NamespaceRecord } from "../../snapshot/types.ts";
import { answersIn } from "../../snapshot/why-alive.ts";
import type { Atlas } from "./atlas.ts";
import { element, withLinks } from "./element.ts";

/** So many holders of a kind are shown until all are asked for. */
const FIRST = 10;

/** What keeps a namespace, what would let it go, and where others may be. */
export function keepsOf(namespace: NamespaceRecord, { index, language, nameOf, byName }: Atlas): HTMLElement[] {
  const wording: Wording = { language, charset: "utf-8", nameOf };
  const kernels = isKernels(index, namespace);
  const holders = bySureness(holdersOf(index, namespace.id));
  const gaps = gapsFor(index.snapshot, namespace.kind);
  const answerOf = answersIn(index);
  const claim = kernels
    ? WHY.kernels[language]
    : holders.length > 0
      ? WHY.held[language]({ count: holders.length })
      : (namespace.listed ? WHY.listed : WHY.nobody)[language];
  const item = (holder: Holder): HTMLElement => {
    const { release, because } = answerOf(holder);
    return element(
      "li",
      {},
      ...withLinks(holdsIt(holder, wording), byName),
      element("div", { class: "hint" }, "→ ", ...withLinks(releaseWords(release, wording), byName)),
      ...because.map((step) => element("div", { class: "hint" }, ...withLinks(stepText(step, wording), byName))),
    );
  };
  const list = element("ul", {});
  const fill = (all: boolean): void => {
    const groups = [...groupBy(holders, ({ kind }) => kind).values()];
    const shown = groups.flatMap((group) => (all ? group : group.slice(0, FIRST)));
    list.replaceChildren(...shown.map(item));
    if (shown.length === holders.length) return;
    const button = element("button", { type: "button" }, PAGE_SENTENCES.all[language]({ count: holders.length }));
    button.addEventListener("click", () => fill(true));
    list.append(element("li", { class: "plain" }, button));
  };
  fill(false);
  const unseen =
    kernels || gaps.length === 0
      ? []
      : [
          element("p", { class: "hint" }, (holders.length > 0 ? WHY.more : WHY.unseen)[language]),
          element("ul", { class: "hint" }, ...gaps.map((gap) => element("li", {}, gapText(gap, language)))),
        ];
  return [element("p", {}, claim), ...(holders.length > 0 ? [list] : []), ...unseen];
}
