import type { FindingCode, FindingDetail } from "../../messages/topology.ts";
import { compareText } from "../../snapshot/order.ts";
import { CLASS_OF, FINDING_CLASSES, type Finding, type FindingClass } from "../findings.ts";

type Details = Readonly<Partial<Record<FindingDetail, string>>>;

/** The findings of one checkpoint, gathered. The same of one element twice is one. */
export class Notes {
  readonly #found = new Map<string, Finding>();

  note(code: FindingCode, element: string | undefined, details: Details = {}): void {
    const finding = { class: CLASS_OF[code], ...(element !== undefined && { element }), code, details };
    this.#found.set(JSON.stringify([code, element, details]), finding);
  }

  /** What stops everything first; then in the order of `elements`, those of the whole image before; then by code. */
  inOrder(elements: readonly string[]): readonly Finding[] {
    const ranks = new Map(elements.map((element, nth) => [element, nth]));
    const rank = ({ element }: Finding): number => (element === undefined ? -1 : (ranks.get(element) ?? ranks.size));
    return [...this.#found.values()].sort(
      (a, b) =>
        SEVERITY.indexOf(a.class) - SEVERITY.indexOf(b.class) ||
        rank(a) - rank(b) ||
        compareText(a.element ?? "", b.element ?? "") ||
        compareText(a.code, b.code) ||
        compareText(JSON.stringify(a.details), JSON.stringify(b.details)),
    );
  }
}
const SEVERITY = (Object.keys(FINDING_CLASSES) as FindingClass[]).toReversed();
