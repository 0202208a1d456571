import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { NSFS_IOCTLS, type NsfsIoctl } from "../../abi/ioctls.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { ownerOfV1, parentOfV1 } from "../../rules/posted.ts";
import { ownerOf, parentOf, type Standpoint } from "../../rules/relations.ts";
import { hasChange, hasSince, isSpecial } from "../../rules/kernel-changes.ts";
import { mayWalk } from "../../rules/walk-mounts.ts";
import { numberIn } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { shownUid } from "./ids.ts";
import { viewOf } from "./view.ts";
import { neighbour, seerOf, walkRule } from "./walk-mounts.ts";
import type { Namespace, NsKey, Task } from "./world.ts";

/** What an ioctl answers: a namespace to be opened, or a number. */
export type Reply = { readonly opens: NsKey } | { readonly number: number | bigint };

const standpoint = (caller: Task): Standpoint<NsKey> => ({ user: caller.credentials.user, pid: caller.pid });
const opens = (answer: Outcome<NsKey>): Outcome<Reply> => (answer.ok ? ok({ opens: answer.value }) : answer);
const number = (value: number | bigint): Outcome<Reply> => ok({ number: value });

/** What the caller passes besides the request: a number, or whether the pointer is a good one. */
export type Passed = number | "room" | "null" | "bad-address";

/**
 * The ioctls of namespace files, in the kernel's order: a call it does not know is ENOTTY, then who may walk, a kind it
 * does not serve EINVAL, then the call's own checks. Source: fs/nsfs.c ns_ioctl.
 */
export function nsfsIoctl(
  draft: Draft,
  caller: Task,
  ns: Namespace,
  {
    request,
    passed,
    short = false,
  }: { readonly request: NsfsIoctl; readonly passed: Passed; readonly short?: boolean },
): Outcome<Reply> {
  const row = NSFS_IOCTLS[request];
  if (!hasSince(draft.release, row.since)) return refused("ENOTTY", "call-unknown-to-kernel");
  const view = viewOf(draft);
  if (request === "NS_MNT_GET_NEXT" || request === "NS_MNT_GET_PREV") {
    const may = mayWalk(view, seerOf(caller), walkRule(draft.release));
    if (!may.ok) return may;
  }
  if (!serves(row.worksOn, ns.kind)) return refused("EINVAL", WRONG_KIND[request]);
  if (short) return refused("EINVAL", "room-too-small");
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
      return written(passed, shownUid(draft, caller.credentials.user, ns.user?.creatorUid ?? 0));
    case "NS_GET_ID":
    case "NS_GET_MNTNS_ID":
      return written(passed, ns.uniqueId);
    case "NS_MNT_GET_INFO":
      // Of all that it tells, the id: mounts that are no namespace files are not the model's business.
      return passed === "null" ? refused("EINVAL", "no-pointer") : written(passed, ns.uniqueId);
    case "NS_MNT_GET_NEXT":
    case "NS_MNT_GET_PREV": {
      const near = neighbour(draft, caller, ns, request === "NS_MNT_GET_NEXT" ? "next" : "previous");
      if (near.ok && !mayWrite(draft.release, passed)) return refused("EFAULT", "bad-address");
      return opens(near);
    }
    case "NS_GET_PID_FROM_PIDNS":
    case "NS_GET_TGID_FROM_PIDNS":
      return translate(draft, passed, { from: ns.key, to: caller.pid, leader: request === "NS_GET_TGID_FROM_PIDNS" });
    case "NS_GET_PID_IN_PIDNS":
    case "NS_GET_TGID_IN_PIDNS":
      return translate(draft, passed, { from: caller.pid, to: ns.key, leader: request === "NS_GET_TGID_IN_PIDNS" });
  }
}

/** An answer that the kernel writes where it is told to. */
const written = (passed: Passed, value: number | bigint): Outcome<Reply> =>
  passed === "room" ? number(value) : refused("EFAULT", "bad-address");

/** Besides the descriptor, the walk tells what NS_MNT_GET_INFO does. */
const mayWrite = (release: string, passed: Passed): boolean =>
  passed === "room" || (passed === "null" && !hasChange(release, "mount-walk-writes"));

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
  NS_MNT_GET_INFO: "not-a-mount-namespace",
  NS_MNT_GET_NEXT: "not-a-mount-namespace",
  NS_MNT_GET_PREV: "not-a-mount-namespace",
  NS_GET_ID: "kind-does-not-nest",
} as const;

const hidesEsrch = (release: string): boolean =>
  hasChange(release, "unused-numbers-are-enotty") && !hasChange(release, "unused-numbers-are-esrch");

/**
 * A task's number in one pid namespace, or its process's, asked for by its number in another. ESRCH: none such, or none
 * there. ENOTTY from Linux 6.16 to 7.0: none such.
 */
function translate(
  draft: Draft,
  passed: Passed,
  { from, to, leader }: { from: NsKey; to: NsKey; leader: boolean },
): Outcome<Reply> {
  const pid = typeof passed === "number" ? passed : 0;
  const name = draft.namespace(from).pid?.tasks.get(pid);
  if (name === undefined && hidesEsrch(draft.release)) return refused("ENOTTY", "no-such-process");
  if (name === undefined) return refused("ESRCH", "no-such-process");
  const task = draft.task(name);
  const there = numberIn(leader ? draft.task(task.leader) : task, to);
  return there === undefined ? refused("ESRCH", "no-number-there") : number(there);
}
