import type { NamespaceId } from "../abi/ids.ts";
import type { Answer, Played } from "./carry-out.ts";

/** Whether two kernels said the same in a session; undefined where one of them could not play it. */
export type Verdict = boolean | undefined;

/**
 * Compares two kernels' sessions. Numbers of processes and namespaces are each kernel's own: what has to be the same is
 * which answers name the same namespace, over all sessions together, and every refusal's errno.
 */
export function compare(left: readonly Played[], right: readonly Played[]): readonly Verdict[] {
  const names = { left: new Names(), right: new Names() };
  return left.map((one, index) => {
    const other = right[index];
    if (other === undefined || "prevented" in one || "prevented" in other) return undefined;
    return meaning(one.answers, names.left) === meaning(other.answers, names.right);
  });
}

/** Namespaces by the order in which a kernel named them. */
class Names {
  readonly #known = new Map<NamespaceId, number>();
  of(id: NamespaceId): number {
    const known = this.#known.get(id) ?? this.#known.size;
    this.#known.set(id, known);
    return known;
  }
}

const meaning = (answers: readonly Answer[], names: Names): string =>
  answers.map((answer) => meaningOf(answer, names)).join("\n");

function meaningOf(answer: Answer, names: Names): string {
  switch (answer.is) {
    case "process":
      return "process";
    case "link":
      return `${answer.kind} ${names.of(answer.id)}`;
    case "relation": {
      const { relation, outcome } = answer;
      return `${relation} ${outcome.ok ? names.of(outcome.value) : outcome.errno}`;
    }
  }
}
