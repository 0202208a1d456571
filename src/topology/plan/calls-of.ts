import { CLONE_FLAGS } from "../../abi/constants.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Deed, ModelledDeed } from "./step.ts";

const MODELLED: ReadonlySet<Deed["do"]> = new Set<ModelledDeed["do"]>([
  "fork",
  "unshare",
  "keep",
  "keep-unborn",
  "setns",
  "map",
  "offsets",
  "limit",
  "credentials",
  "exit",
  "wait",
]);
export const isModelled = (deed: Deed): deed is ModelledDeed => MODELLED.has(deed.do);

export const flagsOf = (kinds: readonly NamespaceKind[]): number =>
  kinds.reduce((flags, kind) => flags | NAMESPACE_KINDS[kind].flag, 0);

/** Everybody who restores shares one table of descriptors. */
export const forkFlags = ({ sibling = false }: { readonly sibling?: boolean }): number =>
  CLONE_FLAGS.CLONE_FILES | (sibling ? CLONE_FLAGS.CLONE_PARENT : 0);
