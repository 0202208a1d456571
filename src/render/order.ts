import { deviceTextOf, inodeOf } from "../abi/ids.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";

/** Numbers written in decimal, without leading zeros, of any size. */
export const byDecimal = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

/** By inode number; where devices differ, by device next. */
export function byInode(a: NamespaceRecord, b: NamespaceRecord): number {
  return byDecimal(inodeOf(a.id), inodeOf(b.id)) || byDevice(deviceTextOf(a.id), deviceTextOf(b.id));
}

function byDevice(a: string, b: string): number {
  const [majorA = "", minorA = ""] = a.split(":");
  const [majorB = "", minorB = ""] = b.split(":");
  return byDecimal(majorA, majorB) || byDecimal(minorA, minorB);
}
