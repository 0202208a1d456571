import type { ErrnoName } from "../../abi/errnos.ts";
import type { RunAct } from "../../enter/run-acts.ts";
import { runRow, runRows } from "../../enter/run-refusal.ts";
import type { RunWish } from "../../enter/run-wish.ts";
import { ERRNO_NAME, ERRNO_TEXT, type Saying } from "../../enter/step.ts";
import { ENTER_DRY } from "../../messages/enter.ts";
import { COLON } from "../../messages/errors.ts";
import { RUN_EXEC, RUN_HINTS } from "../../messages/run.ts";
import { REASONS } from "../../messages/reasons.ts";
import { safeText } from "../../messages/safe-text.ts";
import { brief } from "../brief.ts";
import type { Telling } from "../enter/say.ts";
import { EXIT } from "../exit-codes.ts";
import type { Failure } from "../failure.ts";
import { failureJson, failureText } from "../report.ts";

/** The failure of a step with one errno: what the rules know of it, and what would help. */
export function failureOf(act: RunAct, code: ErrnoName, { kinds }: RunWish, { language }: Telling): Failure {
  const { call, subject } = act;
  const row = runRow(act, code, kinds);
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
  const errnos = runRows(act, wish.kinds).flatMap((row) => row.errnos);
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
