import { isKind, KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";

/** What a reader sees of the page: all of it is in the address, so that reloading, going back and sending a link restore it. */
export interface PageState {
  /** A namespace by its name (`net:[4026531833]`), or a process by its number. */
  readonly chosen: { readonly namespace: string } | { readonly pid: number } | undefined;
  readonly query: string;
  /** The kinds shown; all of them where it is empty. */
  readonly kinds: readonly NamespaceKind[];
  /** Branches of the tree that are open where they would be closed, and the other way round. */
  readonly turned: readonly string[];
  /** A question: `can`, `42`, `net_admin`, `net:[4026531833]`. */
  readonly asked: readonly string[];
}

export const EMPTY_STATE: PageState = { chosen: undefined, query: "", kinds: [], turned: [], asked: [] };

const MOST_WORDS = 64;
const PID = /^[1-9]\d{0,9}$/;

/** As it stands behind the # of the address; empty for the page as it opens. */
export function fragmentOf({ chosen, query, kinds, turned, asked }: PageState): string {
  const words = new URLSearchParams();
  if (chosen !== undefined) {
    if ("pid" in chosen) words.set("pid", String(chosen.pid));
    else words.set("ns", chosen.namespace);
  }
  if (query !== "") words.set("q", query);
  if (kinds.length > 0) words.set("kinds", kinds.join(" "));
  for (const one of turned) words.append("turn", one);
  for (const one of asked) words.append("ask", one);
  return words.toString();
}

/** Reads it from an address that anybody may have written: what means nothing is left out. */
export function stateOf(fragment: string): PageState {
  const words = new URLSearchParams(fragment.replace(/^#/, ""));
  const [pid, namespace] = [words.get("pid"), words.get("ns")];
  const kinds = (words.get("kinds") ?? "").split(" ").filter(isKind);
  const chosen = pid !== null && PID.test(pid) ? { pid: Number(pid) } : namespace === null ? undefined : { namespace };
  return {
    chosen,
    query: words.get("q") ?? "",
    kinds: KINDS.filter((kind) => kinds.includes(kind)),
    turned: [...new Set(words.getAll("turn"))],
    asked: words.getAll("ask").slice(0, MOST_WORDS),
  };
}
