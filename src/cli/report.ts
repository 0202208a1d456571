import { isErrnoName } from "../abi/errnos.ts";
import { FormatError, NameError, SyscallError, UnsupportedError } from "../errors.ts";
import { BUG, FORMAT_HINT, STANDARD_OUTPUT } from "../messages/commands.ts";
import { COLON, LABELS, refusal } from "../messages/errors.ts";
import { hintFor } from "../messages/hints.ts";
import type { Language } from "../messages/sentence.ts";
import { safeText } from "../messages/safe-text.ts";
import { OutputFailed, type Context } from "./context.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { fileFailure } from "./file-failure.ts";
import { CommandFailure, type Failure } from "./failure.ts";
import { toJson } from "../snapshot/json-text.ts";
import { brief } from "./brief.ts";
import { wrap } from "./wrap.ts";

/** Prints on stderr why a command failed, and gives its exit code. An error of no known class is a bug in nsatlas. */
export function tellFailure(
  error: unknown,
  { err, env, language, asJson }: Pick<Context, "err" | "env" | "language"> & { asJson: boolean },
): ExitCode {
  const failure = failureOf(error, language);
  const stack =
    failure.exit === EXIT.bug && env["NSATLAS_DEBUG"] === "1" && error instanceof Error ? error.stack : undefined;
  try {
    err.write(asJson ? failureJson(failure) : failureText(failure, language));
    if (stack !== undefined) err.write(`${stack}\n`);
  } catch {
    // Nobody reads stderr: the exit code still says it.
  }
  return failure.exit;
}

/** What an error that ended a command comes to. An error of no known class is a bug in nsatlas. */
export function failureOf(error: unknown, language: Language): Failure {
  if (error instanceof CommandFailure) return error.failure;
  if (error instanceof OutputFailed) {
    const about = { subject: STANDARD_OUTPUT[language], situation: "write-file", language } as const;
    return failureOf(fileFailure(error.cause, about), language);
  }
  if (error instanceof SyscallError) {
    const { code, syscall, subject, reason, hint } = error;
    const known = hintFor({ code, syscall }, language);
    return { exit: EXIT.refused, code, syscall, subject, ...known, ...defined({ reason, hint }) };
  }
  if (error instanceof NameError) {
    const { text, message, candidates } = error;
    return { exit: EXIT.usage, code: "NAME", subject: text, reason: message, details: candidates };
  }
  if (error instanceof UnsupportedError) {
    return { exit: EXIT.unsupported, code: "UNSUPPORTED", reason: error.message };
  }
  if (error instanceof FormatError) {
    const details = error.issues.map(({ path, message }) => `${path === "" ? "/" : path}: ${message}`);
    return {
      exit: EXIT.badInput,
      code: "FORMAT",
      reason: error.message,
      details,
      hint: FORMAT_HINT[language],
    };
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { exit: EXIT.bug, code: "BUG", reason: BUG.reason[language]({ what }), hint: BUG.hint[language] };
}

/** An error of reading a file, with the file's name in front. */
export function inFile(error: unknown, path: string, language: Language): unknown {
  if (!(error instanceof FormatError)) return error;
  const { reason = "", ...failure } = failureOf(error, language);
  const named = `${brief(path)}${COLON[language]} ${reason}`;
  return new CommandFailure({ ...failure, subject: path, reason: named }, { cause: error });
}

const defined = (fields: { reason: string | undefined; hint: string | undefined }) => ({
  ...(fields.reason === undefined ? {} : { reason: fields.reason }),
  ...(fields.hint === undefined ? {} : { hint: fields.hint }),
});

/** The failure as the document that `--json` prints on stderr. */
export const failureJson = (failure: Failure): string => `${toJson({ error: failureFields(failure) })}\n`;

export const failureFields = ({ code, syscall, subject, reason, hint, details }: Failure): object => ({
  code,
  syscall: syscall ?? null,
  subject: subject ?? null,
  reason: reason ?? null,
  hint: hint ?? null,
  ...(details === undefined ? {} : { details }),
});

/** The failure for a person: what was refused, why, what to do next; at 80 columns, and safe on a terminal. */
export function failureText(
  { code, syscall, subject, reason, hint, details = [] }: Failure,
  language: Language,
): string {
  const refused = isErrnoName(code) && syscall !== undefined && subject !== undefined;
  const lines: string[] = [];
  const say = (text: string, first: string, indent = "  ") => lines.push(...wrap(safeText(text), { first, indent }));

  if (refused) {
    say(refusal({ code, syscall, subject: brief(subject) }, language), "nsatlas: ");
    if (reason !== undefined) say(`${LABELS.why[language]} ${reason}`, "  ");
    if (hint !== undefined) say(`${LABELS.next[language]} ${hint}`, "  ");
  } else {
    say(reason ?? code, "nsatlas: ");
    for (const detail of details) say(detail, "  - ", "    ");
    if (hint !== undefined) say(hint, "  ");
  }
  return `${lines.join("\n")}\n`;
}
