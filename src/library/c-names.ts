import { NSFS_IOCTLS, requestNumber } from "../abi/ioctls.ts";
import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { RelationIoctl } from "../kernel/call.ts";

type Kinds = typeof NAMESPACE_KINDS;
type CloneNew = { readonly [K in NamespaceKind as Kinds[K]["flagName"]]: Kinds[K]["flag"] };

/** `CLONE_NEWUSER` and the others: what NS_GET_NSTYPE gives and setns(2) takes. Source: include/uapi/linux/sched.h. */
export const CLONE_NEW = Object.fromEntries(
  KINDS.map((kind) => [NAMESPACE_KINDS[kind].flagName, NAMESPACE_KINDS[kind].flag]),
  // It does not know that the keys are all of them.
) as CloneNew;

const isAsked = (name: string): boolean => !name.startsWith("NS_MNT_");

/** The request numbers of the ioctls, for strace's output and other programs. Source: include/uapi/linux/nsfs.h. */
export const NS_REQUESTS = Object.fromEntries(
  Object.entries(NSFS_IOCTLS)
    .filter(([name]) => isAsked(name))
    .map(([name, row]) => [name, requestNumber(row)]),
) as Readonly<Record<RelationIoctl, number>>;
