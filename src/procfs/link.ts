import { isKind, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { misread, parsed, type Parsed } from "./parsed.ts";

/** What the text of a /proc/PID/ns link says. The device is not in it. */
export interface LinkText {
  /** The kind as written. */
  readonly name: string;
  /** Undefined for a kind that this nsatlas does not know: a newer kernel has more of them. */
  readonly kind: NamespaceKind | undefined;
  /** `st_ino` of the namespace file. */
  readonly inode: bigint;
}

// Kernels up to 6.17 print %u, later ones %llu or %lu: up to 64 bits.
const LINK = /^([a-z][a-z0-9_]{0,31}):\[(0|[1-9]\d{0,19})\]$/;
const MAX_INODE = 0xffffffffffffffffn;

/**
 * Reads `net:[4026531833]`: the text of a namespace link, and the root field of a namespace file in mountinfo. Links to
 * what children will be in (`pid_for_children`) have the kind alone. Source: fs/nsfs.c ns_get_name, namespaces(7).
 */
export function parseLink(text: string): Parsed<LinkText> {
  const [, name, digits] = LINK.exec(text) ?? [];
  if (name === undefined || digits === undefined) return notALink(text);
  const inode = BigInt(digits);
  if (inode > MAX_INODE) return notALink(text);
  return parsed({ name, kind: isKind(name) ? name : undefined, inode });
}

const notALink = (text: string): Parsed<never> => misread({ file: "ns", line: 1, text, expected: "KIND:[INODE]" });

export const formatLink = ({ name, inode }: Pick<LinkText, "name" | "inode">): string => `${name}:[${inode}]`;
