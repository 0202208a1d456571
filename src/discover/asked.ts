import type { NamespaceId } from "../abi/ids.ts";
import type { Telling, Whose } from "../kernel/attributes.ts";
import type { Observer } from "../kernel/observer.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";

/** Who is asked about one namespace. */
export interface Asked {
  readonly observer: Observer;
  readonly index: SnapshotIndex;
  readonly id: NamespaceId;
  /** The viewer's own. */
  readonly isOwn: boolean;
  /** Whoever can be asked from inside, and the namespace to ask about; both are opened when they are needed first. */
  readonly inside: <T>(ask: (telling: Telling, of: Whose) => Outcome<T>) => Outcome<T>;
}
