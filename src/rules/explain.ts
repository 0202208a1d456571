import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { NsfsIoctl } from "../abi/ioctls.ts";
import type { Reason } from "../messages/reasons.ts";

/** The calls on a namespace file that can be explained. */
export type NamespaceCall = NsfsIoctl;

/**
 * The reason behind an errno of the running kernel, which does not say it: where the rules leave only one. The model
 * gives the same reason with the same errno (tested).
 */
export function explain(call: NamespaceCall, errno: ErrnoName, kind: NamespaceKind | undefined): Reason | undefined {
  if (errno === "EBADF") return "bad-descriptor";
  // What has a kind is a namespace file.
  if (errno === "ENOTTY" && kind !== undefined) return "call-unknown-to-kernel";
  if (call === "NS_GET_USERNS" && errno === "EPERM") return "owner-outside-view";
  if (call === "NS_GET_PARENT" && errno === "EPERM") return "parent-outside-view";
  if (call === "NS_GET_PARENT" && errno === "EINVAL" && kind !== "user" && kind !== "pid") return "kind-does-not-nest";
  if (call === "NS_GET_OWNER_UID" && errno === "EINVAL" && kind !== "user") return "not-a-user-namespace";
  if (call === "NS_GET_MNTNS_ID" && errno === "EINVAL" && kind !== "mnt") return "not-a-mount-namespace";
  if (call.endsWith("_PIDNS") && errno === "EINVAL" && kind !== "pid") return "not-a-pid-namespace";
  return undefined;
}
