/** So many namespaces are drawn one by one in a picture; where there are more, alike ones become one with their number. */
export const MOST_DRAWN = 300;

/** A text but for its numbers, by which alike things differ: of pids, inodes and instances, and the ids of containers. */
export const butNumbers = (text: string): string => text.replaceAll(/\b[\da-f]{8,}\b|\d+/g, "…");
