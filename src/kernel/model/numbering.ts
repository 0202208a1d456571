import type { Numbering } from "./world.ts";

/** The nsfs devices a world may have. */
const DEVICES = [4n, 61n] as const;
/** The first inode number for namespaces that are not initial. Source: include/linux/proc_ns.h, fs/proc/generic.c. */
export const FIRST_DYNAMIC_INODE = 0xf0000000;

/** A namespace file's place, and how numbering goes on from there. */
export interface Numbered {
  readonly device: bigint;
  readonly inode: number;
  readonly next: Numbering;
}

/** The file of an initial namespace, whose inode number is fixed. */
export const fixedNumber = (numbering: Numbering, inode: number): Numbered => ({
  device: DEVICES[0],
  inode,
  next: numbering,
});

export function takeInode(numbering: Numbering): Numbered {
  const { devices, free, nextInode } = numbering;
  // With two devices, numbers are handed out in pairs: every inode number stands for two namespaces.
  if (devices === "two") {
    const turn = nextInode - FIRST_DYNAMIC_INODE;
    return {
      device: DEVICES[turn % 2 === 0 ? 1 : 0],
      inode: FIRST_DYNAMIC_INODE + Math.floor(turn / 2),
      next: { devices, nextInode: nextInode + 1, free },
    };
  }
  if (free !== undefined) {
    return { device: DEVICES[0], inode: free.inode, next: { devices, nextInode, free: free.rest } };
  }
  return { device: DEVICES[0], inode: nextInode, next: { devices, nextInode: nextInode + 1, free } };
}

/** The number of a namespace that has ended is the next to be used. */
export const giveBackInode = (numbering: Numbering, inode: number): Numbering =>
  numbering.devices === "two"
    ? numbering
    : { devices: numbering.devices, nextInode: numbering.nextInode, free: { inode, rest: numbering.free } };
