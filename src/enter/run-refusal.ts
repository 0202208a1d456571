import type { ErrnoName } from "../abi/errnos.ts";
import type { Reason } from "../messages/reasons.ts";
import type { RunHint } from "../messages/run.ts";
import type { RunAct, Topic } from "./run-acts.ts";
import type { RunWish } from "./run-wish.ts";

/** What some errnos of a step mean, as far as the errno tells it, and what would help. */
interface Row {
  readonly errnos: readonly ErrnoName[];
  readonly reason?: Reason;
  readonly hint: RunHint;
}

/** What a step's errno means, by what the step is about, some also by whether a user namespace is made. */
const ROWS: Partial<Record<Topic | WithUser, readonly Row[]>> = {
  unshare: [
    { errnos: ["EPERM"], reason: "no-admin-in-own-user-namespace", hint: "needs-user" },
    { errnos: ["ENOSPC"], reason: "limit-reached", hint: "limit" },
    { errnos: ["EINVAL"], hint: "kind-unknown" },
  ],
  "unshare-user": [
    { errnos: ["EPERM", "EACCES"], hint: "user-forbidden" },
    { errnos: ["ENOSPC", "EUSERS"], reason: "limit-reached", hint: "limit" },
    { errnos: ["EINVAL"], hint: "kind-unknown" },
  ],
  "own-map": [{ errnos: ["EPERM", "EACCES"], hint: "own-map" }],
  "range-map": [{ errnos: ["EPERM", "EINVAL", "EACCES"], hint: "range-map" }],
  newidmap: [
    { errnos: ["ENOENT", "EACCES"], hint: "newidmap" },
    { errnos: ["EPERM"], hint: "newidmap-refused" },
  ],
  "setgroups-file": [
    { errnos: ["EACCES"], reason: "no-admin-over-setgroups", hint: "needs-user" },
    { errnos: ["EPERM"], hint: "setgroups-set" },
  ],
  "setgroups-file-user": [
    { errnos: ["EACCES"], reason: "file-of-another-user", hint: "own-files" },
    { errnos: ["EPERM"], hint: "setgroups-set" },
  ],
  "setgroups-late": [
    { errnos: ["EACCES"], reason: "file-of-another-user", hint: "own-files" },
    { errnos: ["EPERM"], reason: "setgroups-after-gid-map", hint: "setgroups-set" },
  ],
  bind: [{ errnos: ["ENOENT", "EPERM", "EACCES", "ENOTDIR"], hint: "bind" }],
  "bind-mnt": [
    { errnos: ["EINVAL"], hint: "bind-mnt" },
    { errnos: ["ENOENT", "EPERM", "EACCES", "ENOTDIR"], hint: "bind" },
  ],
  "bind-pid": [
    { errnos: ["EINVAL", "ENOENT"], hint: "bind-pid" },
    { errnos: ["EPERM", "EACCES", "ENOTDIR"], hint: "bind" },
  ],
  offsets: [
    { errnos: ["EACCES"], reason: "file-of-another-user", hint: "own-files" },
    { errnos: ["EPERM", "ERANGE", "EINVAL"], hint: "offsets" },
  ],
  owner: [{ errnos: ["EPERM", "EINVAL"], hint: "owner" }],
  propagation: [{ errnos: ["EPERM"], hint: "needs-user" }],
  proc: [{ errnos: ["EPERM", "EBUSY"], hint: "proc" }],
  groups: [{ errnos: ["EPERM"], hint: "groups" }],
  ids: [{ errnos: ["EINVAL", "EPERM"], hint: "ids" }],
  fork: [{ errnos: ["ENOMEM"], reason: "pid-namespace-dead", hint: "fork-dead" }],
};

type WithUser = "unshare-user" | "setgroups-file-user";

export function runRows({ topic }: RunAct, kinds: RunWish["kinds"]): readonly Row[] {
  const isByUser = (topic === "unshare" || topic === "setgroups-file") && kinds.has("user");
  return (isByUser ? ROWS[`${topic}-user`] : ROWS[topic]) ?? [];
}

export const runRow = (act: RunAct, code: ErrnoName, kinds: RunWish["kinds"]): Row | undefined =>
  runRows(act, kinds).find(({ errnos }) => errnos.includes(code));
