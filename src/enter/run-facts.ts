import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Credentials } from "../rules/view.ts";
import type { IdFacts } from "./id-facts.ts";

/** The user namespaces of a run: the caller's, above which nothing gives it power, and the one that it makes. */
export type Place = "own" | "new";

/** What the running kernel tells of the caller before anything is done. */
export interface RunFacts {
  /** Ids as the caller's own user namespace numbers them. */
  readonly me: Credentials<Place>;
  /** Of that user namespace. */
  readonly ids: IdFacts;
  /** Whether that is the machine's initial one. */
  readonly initialUser: boolean;
  /** Whether it takes CAP_SETFCAP to map the parent's uid 0. */
  readonly rootNeedsSetfcap: boolean;
  /** How many more namespaces of a kind may be made at all, as far as /proc/sys/user tells. */
  readonly limits: ReadonlyMap<NamespaceKind, number>;
  /** What the clocks show in the initial time namespace, in seconds; undefined: the caller is in another. */
  readonly clocks: { readonly monotonic: number; readonly boottime: number } | undefined;
}
