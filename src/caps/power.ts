import { hasCap, type Capability } from "../abi/capabilities.ts";
import type { Caller } from "./caller.ts";
import { HIDDEN, TOP, type Ground } from "./ground.ts";

/** How much of its capabilities a process can use over what a user namespace governs. */
export type Extent = "none" | "effective" | "all";

/** What it has for certain, and what it may have at most: the two differ where evidence is missing. */
export interface Power {
  readonly least: Extent;
  readonly most: Extent;
}

/** One level of the walk. Numbers are those of the `Ground`. */
export type WalkStep =
  /** It is the process's own: its effective set decides. The walk ends. */
  | { readonly rule: "own-namespace"; readonly at: number }
  /** The process is in its parent, with the uid that made it: it has every capability. The walk ends. */
  | { readonly rule: "owner"; readonly at: number; readonly parent: number }
  /** The process is in its parent, with another effective uid. */
  | { readonly rule: "not-owner"; readonly at: number; readonly parent: number }
  /** The process is in its parent, and one of the two uids was not seen. */
  | { readonly rule: "owner-unknown"; readonly at: number; readonly parent: number }
  /** The process is neither in it nor in its parent. */
  | { readonly rule: "further-up"; readonly at: number; readonly parent: number }
  /** It does not lie below the process's own: nobody has a capability upwards or sideways. The walk ends. */
  | { readonly rule: "not-below"; readonly at: number }
  /** Its parent was not shown. The walk ends. */
  | { readonly rule: "parent-hidden"; readonly at: number }
  /** The process's own user namespace was not seen. The walk does not begin. */
  | { readonly rule: "own-hidden"; readonly at: number }
  /** Which user namespace governs was not shown. The walk does not begin. */
  | { readonly rule: "governor-hidden" };

const power = (least: Extent, most: Extent = least): Power => ({ least, most });
const NONE = power("none");
const EFFECTIVE = power("effective");
const ALL = power("all");
const EFFECTIVE_OR_ALL = power("effective", "all");
const NONE_OR_EFFECTIVE = power("none", "effective");
const ANYTHING = power("none", "all");

/**
 * The walk of cap_capable from user namespace `node` upwards, over evidence that may have holes. It makes no record
 * unless `tell` wants each step. At most 34 levels, which is as deep as user namespaces nest.
 * Source: security/commoncap.c cap_capable_helper.
 */
export function powerOver(ground: Ground, who: Caller, node: number, tell?: (step: WalkStep) => void): Power {
  const { parent, root, depth, creator } = ground;
  const own = who.user;
  if (node === HIDDEN) {
    tell?.({ rule: "governor-hidden" });
    // Whatever it is, the first one is it or lies above it.
    return own !== HIDDEN && parent[own] === TOP ? EFFECTIVE_OR_ALL : ANYTHING;
  }
  if (own === HIDDEN) {
    tell?.({ rule: "own-hidden", at: node });
    // Above the first one is nobody who could have made it.
    return parent[node] === TOP ? NONE_OR_EFFECTIVE : ANYTHING;
  }
  let mayOwn = false;
  for (let at = node; ;) {
    if (at === own) {
      tell?.({ rule: "own-namespace", at });
      return mayOwn ? EFFECTIVE_OR_ALL : EFFECTIVE;
    }
    const up = parent[at] ?? HIDDEN;
    if (up === TOP || (root[at] === root[own] && (depth[at] ?? 0) <= (depth[own] ?? 0))) {
      tell?.({ rule: "not-below", at });
      return NONE;
    }
    if (up === HIDDEN) {
      tell?.({ rule: "parent-hidden", at });
      return parent[own] === TOP ? EFFECTIVE_OR_ALL : ANYTHING;
    }
    if (up === own) {
      const by = creator[at] ?? HIDDEN;
      mayOwn = by === HIDDEN || who.euid === HIDDEN;
      if (!mayOwn && by === who.euid) {
        tell?.({ rule: "owner", at, parent: up });
        return ALL;
      }
      tell?.({ rule: mayOwn ? "owner-unknown" : "not-owner", at, parent: up });
    } else tell?.({ rule: "further-up", at, parent: up });
    at = up;
  }
}

export type Verdict = "yes" | "no" | "unknown";

/** Whether a power has a capability in it. */
export function verdictOn({ least, most }: Power, { effective }: Caller, capability: Capability): Verdict {
  if (least === "all") return "yes";
  if (most === "none") return "no";
  if (effective === undefined) return "unknown";
  if (hasCap(effective, capability)) return least === "effective" ? "yes" : "unknown";
  return most === "all" ? "unknown" : "no";
}
