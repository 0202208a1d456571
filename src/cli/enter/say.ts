import type { ErrnoName } from "../../abi/errnos.ts";
import type { Act } from "../../enter/act.ts";
import type { Facts } from "../../enter/plan.ts";
import { refusalOf } from "../../enter/refusal.ts";
import { ERRNO_NAME, ERRNO_TEXT, type Saying } from "../../enter/step.ts";
import { COLON } from "../../messages/errors.ts";
import { WAYS_OUT } from "../../messages/ways-out.ts";
import type { Language } from "../../messages/sentence.ts";
import { brief } from "../brief.ts";
import { EXIT } from "../exit-codes.ts";
import type { Failure } from "../failure.ts";
import { failureJson, failureText } from "../report.ts";
import { safeText } from "../../messages/safe-text.ts";

/** What failures are told in. */
export interface Telling {
  readonly language: Language;
  readonly asJson: boolean;
}

/** What the kernel says to such calls; any other errno gets one line. */
const USUAL: readonly ErrnoName[] = [
  "EPERM",
  "EACCES",
  "EINVAL",
  "ENOENT",
  "ENOMEM",
  "ENOSPC",
  "EAGAIN",
  "ESRCH",
  "EUSERS",
  "EBUSY",
  "ENOTDIR",
];

/** What the launcher says where a step fails: worked out before, for by then there is nobody left to ask. */
export function saying(act: Act, facts: Facts, telling: Telling): Saying {
  return sayingOf((errno) => failureOf(act, errno, facts, telling.language), USUAL, telling);
}

/** What it says where the command cannot be run. */
export function execSaying(command: string, telling: Telling): Saying {
  const { language } = telling;
  const hint = WAYS_OUT["no-such-program"][language];
  const failure = (code: ErrnoName): Failure => ({
    exit: EXIT.no,
    code,
    syscall: "execve",
    subject: command,
    ...(code === "ENOENT" && { hint }),
  });
  return sayingOf(failure, ["ENOENT", "EACCES"], telling);
}

function sayingOf(failure: (errno: ErrnoName) => Failure, errnos: readonly ErrnoName[], telling: Telling): Saying {
  const { language, asJson } = telling;
  const text = (one: Failure): string => (asJson ? failureJson(one) : failureText(one, language));
  const rows = Object.fromEntries(errnos.map((errno) => [errno, text(failure(errno))]));
  // Any row does for the rest of the words.
  const { syscall = "", subject = "" } = failure("EIO");
  const otherwise = asJson
    ? failureJson({ ...failure("EIO"), code: PLACE }).replace(PLACE, ERRNO_NAME)
    : `nsatlas: ${syscall} ${safeText(brief(subject))}${COLON[language]} ${ERRNO_NAME}, ${ERRNO_TEXT}.\n`;
  return { rows, otherwise };
}
const PLACE = "ERRNO";

/** A step's failure with one errno, and what the rules know of it. */
export const failureOf = (act: Act, errno: ErrnoName, facts: Facts, language: Language): Failure => ({
  exit: EXIT.no,
  ...refusalOf(act, errno, facts, language),
});
