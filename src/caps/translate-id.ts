import type { NamespaceId } from "../abi/ids.ts";
import { inodeOf } from "../abi/ids.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { OVERFLOW_ID } from "./ground.ts";
import { idMapsOf, type IdKind } from "./id-maps.ts";
import { inwards, outwards } from "./id-ranges.ts";
import type { MissingFact } from "./proof.ts";

/** An id of one user namespace, asked for in another. */
export interface IdQuestion {
  readonly id: number;
  readonly which: IdKind;
  readonly from: NamespaceId;
  readonly to: NamespaceId;
}

export interface TranslatedId extends IdQuestion {
  /**
   * mapped: `result` is its number in `to`. unmapped-there: it exists, and has none there: processes there see the overflow
   * id. unmapped-here: `from` has no such id. overflow: `id` is what `from` shows for ids that it has no number for, and
   * may stand for any of them. unknown: a map was not seen.
   */
  readonly answer: "mapped" | "unmapped-there" | "unmapped-here" | "overflow" | "unknown";
  /** null unless it is mapped. */
  readonly result: number | null;
  /** Its number in the user namespace of whoever looked; null where it has none. */
  readonly viewers: number | null;
  readonly missing: readonly MissingFact[];
}

/** The number of a uid or gid of one user namespace in another, whichever lies above. Undefined: one was not seen. */
export function translateId(index: SnapshotIndex, question: IdQuestion): TranslatedId | undefined {
  const { ground, maps } = idMapsOf(index);
  const { id, which, from, to } = question;
  const [source, target] = [ground.numberOf.get(from), ground.numberOf.get(to)];
  if (source === undefined || target === undefined) return undefined;
  const [map, there] = [maps[which][source], maps[which][target]];
  const of = (id: NamespaceId): string => `user:[${inodeOf(id)}]`;
  const answered = (
    answer: TranslatedId["answer"],
    { result = null, viewers = null, missing = [] }: Partial<Pick<TranslatedId, "result" | "viewers" | "missing">> = {},
  ): TranslatedId => ({ ...question, answer, result, viewers, missing });
  if (map === undefined) return answered("unknown", { missing: [{ what: "maps", of: of(from) }] });
  const viewers = outwards(map, id);
  if (viewers === undefined) return answered(id === OVERFLOW_ID ? "overflow" : "unmapped-here");
  if (source === target) return answered("mapped", { result: id, viewers });
  if (there === undefined) return answered("unknown", { viewers, missing: [{ what: "maps", of: of(to) }] });
  const result = inwards(there, viewers);
  return result === undefined ? answered("unmapped-there", { viewers }) : answered("mapped", { result, viewers });
}
