import type { MapTexts } from "../../../src/kernel/build-world.ts";

/** The ids that there are in a user namespace, one after the other. */
export interface IdRange {
  readonly first: number;
  readonly count: number;
}
export interface IdRanges {
  readonly uid: IdRange;
  readonly gid: IdRange;
}

const ALL: IdRange = { first: 0, count: 4_294_967_295 };
export const NO_IDS: IdRange = { first: 0, count: 0 };
export const ALL_IDS: IdRanges = { uid: ALL, gid: ALL };

/** Which ids of its parent a user namespace gets. */
export const MAPPINGS = ["same", "shifted", "one", "late", "none", "no-groups", "few-groups"] as const;
export type Mapping = (typeof MAPPINGS)[number];

const [SHIFT, CONTAINER, LATE] = [100_000, 65_536, { first: 1000, count: 10 }];

const contains = ({ first, count }: IdRange, part: IdRange): boolean =>
  part.first >= first && part.first + part.count <= first + count;
export const has = (range: IdRange, id: number): boolean => contains(range, { first: id, count: 1 });

/** A line of a map and the ids that it gives. */
type Line = readonly [text: string, inside: IdRange];
const NO_LINE: Line = ["", NO_IDS];

function line(above: IdRange, mapping: "same" | "shifted" | "one" | "late" | "none"): Line {
  if (above.count === 0 || mapping === "none") return NO_LINE;
  if (mapping === "same") return [`${above.first} ${above.first} ${above.count}`, above];
  if (mapping === "one") return [`0 ${above.first} 1`, { first: 0, count: 1 }];
  if (mapping === "late") return contains(above, LATE) ? [`${LATE.first} ${LATE.first} ${LATE.count}`, LATE] : NO_LINE;
  const by = Math.min(SHIFT, Math.trunc(above.count / 4));
  const count = Math.min(CONTAINER, above.count - by);
  return [`0 ${above.first + by} ${count}`, { first: 0, count }];
}

/** What to write, and the ids that there are then. */
export function mapped(above: IdRanges, mapping: Mapping): { readonly texts: MapTexts; readonly ids: IdRanges } {
  const uids = mapping === "no-groups" || mapping === "few-groups" ? "same" : mapping;
  const gids = mapping === "no-groups" ? "none" : mapping === "few-groups" ? "late" : mapping;
  const [uid, gid] = [line(above.uid, uids), line(above.gid, gids)];
  return { texts: { uid: uid[0], gid: gid[0] }, ids: { uid: uid[1], gid: gid[1] } };
}

/** A map of two ids of a parent, none of them its root: such as needs the capability. Undefined: it has not so many. */
export function twoOf({ first, count }: IdRange): string | undefined {
  const from = first + Math.trunc(count / 2);
  return count < 4 ? undefined : `5 ${from} 2`;
}
