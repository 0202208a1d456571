import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { NSFS_IOCTLS } from "../../abi/ioctls.ts";
import type { RelationIoctl } from "../call.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { ownerOfV1, parentOfV1 } from "../../rules/posted.ts";
import { ownerOf, parentOf, type Standpoint } from "../../rules/relations.ts";
import { hasSince, isSpecial } from "../../rules/kernel-changes.ts";
import { numberIn } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { shownUid } from "./ids.ts";
import { viewOf } from "./view.ts";
import type { Namespace, NsKey, Task } from "./world.ts";

/** What an ioctl answers: a namespace to be opened, or a number. */
export type Reply = { readonly opens: NsKey } | { readonly number: number | bigint };

const standpoint = (caller: Task): Standpoint<NsKey> => ({ user: caller.credentials.user, pid: caller.pid });
const opens = (answer: Outcome<NsKey>): Outcome<Reply> => (answer.ok ? ok({ opens: answer.value }) : answer);
const number = (value: number | bigint): Outcome<Reply> => ok({ number: value });

/**
 * The ioctls of namespace files, in the kernel's order: a call it does not know is ENOTTY, a kind it does not serve
 * EINVAL, then the call's own checks. Source: fs/nsfs.c ns_ioctl.
 */
export function ioctl(
  draft: Draft,
  caller: Task,
  ns: Namespace,
  request: RelationIoctl,
  argument: number,
): Outcome<Reply> {
  const row = NSFS_IOCTLS[request];
  if (!hasSince(draft.release, row.since)) return refused("ENOTTY", "call-unknown-to-kernel");
  if (!serves(row.worksOn, ns.kind)) return refused("EINVAL", WRONG_KIND[request]);
  const view = viewOf(draft);
  const firstVersion = isSpecial(draft.release, "initial-is-enoent");
  const [owner, parent] = firstVersion ? [ownerOfV1<NsKey>, parentOfV1<NsKey>] : [ownerOf<NsKey>, parentOf<NsKey>];
  switch (request) {
    case "NS_GET_USERNS":
      return opens(owner(view, standpoint(caller), ns.key));
    case "NS_GET_PARENT":
      return opens(parent(view, standpoint(caller), ns.key));
    case "NS_GET_NSTYPE":
      return number(NAMESPACE_KINDS[ns.kind].flag);
    case "NS_GET_OWNER_UID":
      return number(shownUid(draft, caller.credentials.user, ns.user?.creatorUid ?? 0));
    case "NS_GET_ID":
    case "NS_GET_MNTNS_ID":
      return number(ns.uniqueId);
    case "NS_GET_PID_FROM_PIDNS":
    case "NS_GET_TGID_FROM_PIDNS":
      return translate(draft, argument, { from: ns.key, to: caller.pid });
    case "NS_GET_PID_IN_PIDNS":
    case "NS_GET_TGID_IN_PIDNS":
      return translate(draft, argument, { from: caller.pid, to: ns.key });
  }
}

const serves = (worksOn: readonly NamespaceKind[] | "all", kind: NamespaceKind): boolean =>
  worksOn === "all" || worksOn.includes(kind);

const WRONG_KIND = {
  NS_GET_USERNS: "kind-does-not-nest",
  NS_GET_PARENT: "kind-does-not-nest",
  NS_GET_NSTYPE: "kind-does-not-nest",
  NS_GET_OWNER_UID: "not-a-user-namespace",
  NS_GET_MNTNS_ID: "not-a-mount-namespace",
  NS_GET_PID_FROM_PIDNS: "not-a-pid-namespace",
  NS_GET_TGID_FROM_PIDNS: "not-a-pid-namespace",
  NS_GET_PID_IN_PIDNS: "not-a-pid-namespace",
  NS_GET_TGID_IN_PIDNS: "not-a-pid-namespace",
  NS_GET_ID: "kind-does-not-nest",
} as const;

/** A process's number in one pid namespace, asked for by its number in another. ESRCH: none such, or none there. */
function translate(draft: Draft, pid: number, { from, to }: { from: NsKey; to: NsKey }): Outcome<Reply> {
  const name = draft.namespace(from).pid?.tasks.get(pid);
  if (name === undefined) return refused("ESRCH", "no-such-process");
  const there = numberIn(draft.task(name), to);
  return there === undefined ? refused("ESRCH", "no-number-there") : number(there);
}
