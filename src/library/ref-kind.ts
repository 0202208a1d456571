import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { PROC_LINKS, ProcLink } from "../abi/proc-links.ts";

type Links = typeof PROC_LINKS;

/**
 * The kind that a REF promises, so far as its text is known when compiling: `net:/run/netns/blue` and `42/net` promise
 * net, `self/pid_for_children` pid. A path, an inode, a descriptor and a text that is not known promise any kind.
 * What is promised is checked when the REF is opened.
 */
export type RefKind<Ref extends string> = Ref extends `${"" | "." | ".."}/${string}`
  ? NamespaceKind
  : Ref extends `${infer Kind extends NamespaceKind}:${string}`
    ? Kind
    : Ref extends `${string}/${infer Rest}`
      ? LinkKind<Rest>
      : NamespaceKind;

/** Of what follows the process: `net`, or `43/net` with a thread before it. */
type LinkKind<Rest extends string> = Rest extends ProcLink
  ? Links[Rest]["kind"]
  : Rest extends `${string}/${infer Link extends ProcLink}`
    ? Links[Link]["kind"]
    : NamespaceKind;
