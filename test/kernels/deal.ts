import type { Part } from "./part.ts";
import { PARTS } from "./parts.ts";
import { ROOMS, type Room } from "./rooms.ts";

/** What one guest does, of all that is wanted. */
export interface Share {
  readonly parts: readonly Part[];
  readonly rooms: readonly Room[];
}

/** About so long on an emulated machine; what a part takes it says itself. */
const SECONDS_A_CASE = 0.08;
const SECONDS_A_PART = 5;
/** A guest for less is not worth its boot. */
const SECONDS_A_GUEST = 20;

const ofPart = ({ seconds = SECONDS_A_PART }: Part): number => seconds;
const ofRoom = ({ ids }: Room): number => ids.length * SECONDS_A_CASE;

/** How many guests, `most` of them, what is wanted is worth to be shared by: none has nothing to do. */
export function guestsFor(wanted: RegExp, most: number): number {
  const { parts, rooms } = all(wanted);
  const lengths = [...parts.map(ofPart), ...rooms.map(ofRoom)];
  const seconds = lengths.reduce((sum, one) => sum + one, 0);
  return Math.max(1, Math.min(most, lengths.length, Math.floor(seconds / SECONDS_A_GUEST)));
}

/** Deals out what is wanted to guests that run at the same time: the longest first, each to the one with the least so far. */
export function deal(wanted: RegExp, guests: number): readonly Share[] {
  const { parts, rooms } = all(wanted);
  const lengths = new Map<Part | Room, number>([
    ...parts.map((part) => [part, ofPart(part)] as const),
    ...rooms.map((room) => [room, ofRoom(room)] as const),
  ]);
  const sums = Array.from({ length: guests }, () => 0);
  const shareOf = new Map<Part | Room, number>();
  for (const [one, seconds] of [...lengths].toSorted(([, a], [, b]) => b - a)) {
    const share = sums.indexOf(Math.min(...sums));
    shareOf.set(one, share);
    sums[share] = (sums[share] ?? 0) + seconds;
  }
  return sums.map((_, share) => ({
    parts: parts.filter((part) => shareOf.get(part) === share),
    rooms: rooms.filter((room) => shareOf.get(room) === share),
  }));
}

const all = (wanted: RegExp): Share => ({
  parts: PARTS.filter(({ name }) => wanted.test(`${name}:`)),
  rooms: ROOMS.filter(({ ids }) => ids.some((id) => wanted.test(id))),
});
