import type { NamespaceKind } from "../abi/namespace-kinds.ts";

/**
 * A namespace's or a process's name within one topology: letters, digits, `-`, `_` and `.`. In images written by `checkpoint`
 * `user-1`, `net-2`, `process-3`; in one written by hand whatever its author likes.
 */
export type Label = string;

/**
 * A namespace that is referred to and not captured: `ambient:KIND` is whoever restores's own of that kind,
 * `external:KEY` one that must be named when restoring.
 */
export type Boundary = `ambient:${NamespaceKind}` | `external:${string}`;

/** A captured namespace, or one at the boundary. Labels hold no colon. */
export type Reference = string;
export const isBoundary = (reference: Reference): reference is Boundary =>
  reference.startsWith("ambient:") || reference.startsWith("external:");
