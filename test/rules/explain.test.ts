import { expect, test } from "vitest";
import { KINDS, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { Reason } from "../../src/messages/reasons.ts";
import { explain, type NamespaceCall } from "../../src/rules/explain.ts";
import type { ErrnoName } from "../../src/abi/errnos.ts";

const CALLS = [
  "NS_GET_USERNS",
  "NS_GET_PARENT",
  "NS_GET_NSTYPE",
  "NS_GET_OWNER_UID",
  "NS_GET_MNTNS_ID",
  "NS_GET_PID_FROM_PIDNS",
  "NS_GET_TGID_IN_PIDNS",
] as const satisfies NamespaceCall[];
const ERRNOS = ["EBADF", "ENOTTY", "EPERM", "EINVAL", "ESRCH"] as const satisfies ErrnoName[];
const others = (...but: readonly NamespaceKind[]): readonly (NamespaceKind | undefined)[] => [
  ...KINDS.filter((kind) => !but.includes(kind)),
  undefined,
];

/** Every call, errno and kind whose reason is told; nothing else has one. */
const TOLD = new Map<string, Reason>();
const told = (
  calls: readonly NamespaceCall[],
  errno: ErrnoName,
  kinds: readonly (NamespaceKind | undefined)[],
  reason: Reason,
): void => {
  for (const call of calls) for (const kind of kinds) TOLD.set(`${call} ${errno} ${kind}`, reason);
};
told(CALLS, "EBADF", others(), "bad-descriptor");
told(CALLS, "ENOTTY", KINDS, "call-unknown-to-kernel");
told(["NS_GET_USERNS"], "EPERM", others(), "owner-outside-view");
told(["NS_GET_PARENT"], "EPERM", others(), "parent-outside-view");
told(["NS_GET_PARENT"], "EINVAL", others("user", "pid"), "kind-does-not-nest");
told(["NS_GET_OWNER_UID"], "EINVAL", others("user"), "not-a-user-namespace");
told(["NS_GET_MNTNS_ID"], "EINVAL", others("mnt"), "not-a-mount-namespace");
told(["NS_GET_PID_FROM_PIDNS", "NS_GET_TGID_IN_PIDNS"], "EINVAL", others("pid"), "not-a-pid-namespace");

test("an errno is told with its reason where the rules leave only one, and without where they leave more", () => {
  for (const call of CALLS) {
    for (const errno of ERRNOS) {
      for (const kind of others()) {
        const which = `${call} ${errno} ${kind}`;
        expect(explain(call, errno, kind), which).toBe(TOLD.get(which));
      }
    }
  }
});
