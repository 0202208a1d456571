import type { ErrnoName } from "../../abi/errnos.ts";
import type { RunAct, Topic } from "../../enter/run-acts.ts";
import type { RunWish } from "../../enter/run-wish.ts";
import { ERRNO_NAME, ERRNO_TEXT, type Saying } from "../../enter/step.ts";
import { ENTER_DRY } from "../../messages/enter.ts";
import { COLON } from "../../messages/errors.ts";
import { RUN_EXEC, RUN_HINTS, type RunHint } from "../../messages/run.ts";
import { REASONS, type Reason } from "../../messages/reasons.ts";
import { safeText } from "../../messages/safe-text.ts";
import { brief } from "../brief.ts";
import type { Telling } from "../enter/say.ts";
import { EXIT } from "../exit-codes.ts";
import type { Failure } from "../failure.ts";
import { failureJson, failureText } from "../report.ts";

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
  newidmap: [{ errnos: ["ENOENT", "EACCES"], hint: "newidmap" }],
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

function rowsOf(topic: Topic, kinds: RunWish["kinds"]): readonly Row[] {
  const isByUser = (topic === "unshare" || topic === "setgroups-file") && kinds.has("user");
  return (isByUser ? ROWS[`${topic}-user`] : ROWS[topic]) ?? [];
}

/** The failure of a step with one errno: what the rules know of it, and what would help. */
export function failureOf(act: RunAct, code: ErrnoName, { kinds }: RunWish, { language }: Telling): Failure {
  const { call, subject, topic } = act;
  const row = rowsOf(topic, kinds).find(({ errnos }) => errnos.includes(code));
  return {
    exit: EXIT.no,
    code,
    syscall: call,
    subject,
    ...(row?.reason !== undefined && { reason: REASONS[row.reason][language] }),
    ...(row !== undefined && { hint: RUN_HINTS[row.hint][language] }),
  };
}

/** What the launcher says where a step fails: worked out before, for by then there is nobody left to ask. */
export function sayingOf(act: RunAct, wish: RunWish, timeoutSeconds: number | undefined, telling: Telling): Saying {
  const errnos = rowsOf(act.topic, wish.kinds).flatMap((row) => row.errnos);
  const told = (code: ErrnoName): string => text(failureOf(act, code, wish, telling), telling);
  const rows = Object.fromEntries(errnos.map((code) => [code, told(code)]));
  const timed = act.topic === "fork" && timeoutSeconds !== undefined ? timedOut(timeoutSeconds, telling) : {};
  return { rows: { ...rows, ...timed }, otherwise: otherwise(act, telling) };
}

const text = (failure: Failure, { asJson, language }: Telling): string =>
  asJson ? failureJson(failure) : failureText(failure, language);

function otherwise({ call, subject }: RunAct, { asJson, language }: Telling): string {
  const failure: Failure = { exit: EXIT.no, code: PLACE, syscall: call, subject };
  if (asJson) return failureJson(failure).replace(PLACE, ERRNO_NAME);
  const link = call.includes(" ") ? ", " : " ";
  return `nsatlas: ${call}${link}${safeText(brief(subject))}${COLON[language]} ${ERRNO_NAME}, ${ERRNO_TEXT}.\n`;
}
/** Stands in JSON where the launcher puts the errno's name. */
const PLACE = "ERRNO";

function timedOut(seconds: number, telling: Telling): Readonly<Record<string, string>> {
  const reason = ENTER_DRY["timed-out"][telling.language]({ seconds });
  return { ETIMEDOUT: text({ exit: EXIT.no, code: "ETIMEDOUT", reason }, telling) };
}

/** Word for word as unshare says it, so that who looks for that finds it. */
export function execSaying(command: string, telling: Telling): Saying {
  const { asJson, language } = telling;
  if (asJson) {
    return { otherwise: otherwise({ call: "execve", subject: command, topic: "other", step: NOTHING }, telling) };
  }
  const what = RUN_EXEC["cannot-execute"][language]({ command: safeText(brief(command)) });
  return { otherwise: `nsatlas: ${what}${COLON[language]} ${ERRNO_TEXT}\n` };
}
const NOTHING = { do: "release", register: 0 } as const;
