import type { NamespaceId } from "../abi/ids.ts";
import type { Telling, Whose } from "../kernel/attributes.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import { refused, type Outcome } from "../rules/outcome.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { Attributes } from "../snapshot/types.ts";

/** Asks several namespaces at once: an answer for each, in their order. */
export type Ask<T> = (telling: Telling, of: readonly Whose[], ids: readonly NamespaceId[]) => readonly Outcome<T>[];

/** Who is asked about namespaces of one kind. */
export interface Asked {
  readonly observer: Observer;
  readonly index: SnapshotIndex;
  /** Opens one of those that were found; the caller ends it. */
  readonly open: (id: NamespaceId) => Outcome<NsFile>;
  /** The viewer's own. */
  readonly own: NamespaceId | undefined;
  /** Whoever can be asked from inside, and the namespaces to ask about; both are opened when they are needed first. */
  readonly inside: <T>(ids: readonly NamespaceId[], ask: Ask<T>) => readonly Outcome<T>[];
}

/** Reads what namespaces of one kind say of themselves: an answer for each, in their order. */
export type AttributeReader<T extends Attributes> = (
  asked: Asked,
  ids: readonly NamespaceId[],
) => readonly Outcome<T>[];

/** The answers for all: from out here, where `outside` has one, and of the others from inside. */
export function answers<T>(
  { inside }: Asked,
  ids: readonly NamespaceId[],
  { outside, ask }: { readonly outside: (id: NamespaceId) => Outcome<T> | undefined; readonly ask: Ask<T> },
): readonly Outcome<T>[] {
  const found = ids.map(outside);
  const left = ids.filter((_, nth) => found[nth] === undefined);
  const told = inside(left, ask)[Symbol.iterator]();
  return found.map((answer) => answer ?? told.next().value ?? refused("ENODATA"));
}
