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

/** Whoever restores's own, and not one that must be named. */
export const isAmbient = (reference: Reference): boolean => reference.startsWith("ambient:");
const EXTERNAL = "external:";
export const externalReference = (key: string): Boundary => `${EXTERNAL}${key}`;
/** The KEY of `external:KEY`. */
export const keyOfExternal = (reference: Reference): string | undefined =>
  reference.startsWith(EXTERNAL) ? reference.slice(EXTERNAL.length) : undefined;

/** A captured namespace, or one at the boundary. Labels hold no colon. */
export type Reference = string;
export const isBoundary = (reference: Reference): reference is Boundary =>
  reference.startsWith("ambient:") || reference.startsWith("external:");
