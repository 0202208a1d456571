import { isErrnoName, type ErrnoName } from "../abi/errnos.ts";
import { TOO_LARGE } from "../messages/commands.ts";
import { hintFor, type Situation } from "../messages/hints.ts";
import type { Language } from "../messages/sentence.ts";
import { brief } from "./brief.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";

interface About {
  /** The file as the user named it. */
  readonly subject: string;
  readonly situation: Situation;
  readonly language: Language;
}

/** An error of Node's file functions as a failure with the call and the errno; any other error is given back as it is. */
export function fileFailure(error: unknown, { subject, situation, language }: About): unknown {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) return error;
  const { code } = error;
  if (!isErrnoName(code)) return error;
  const syscall = "syscall" in error && typeof error.syscall === "string" ? error.syscall : "open";
  const known = hintFor({ code, syscall, situation }, language);
  return new CommandFailure({ exit: EXIT.refused, code, syscall, subject, ...known }, { cause: error });
}

/** There is nothing at `procRoot` to read processes from. */
export function noProc(code: ErrnoName, procRoot: string, language: Language): CommandFailure {
  const known = hintFor({ code, syscall: "openat", situation: "proc" }, language);
  return new CommandFailure({ exit: EXIT.refused, code, syscall: "openat", subject: procRoot, ...known });
}

/** A file that is larger than anything nsatlas writes. */
export function tooLarge(subject: string, bytes: number, language: Language): CommandFailure {
  const reason = TOO_LARGE[language]({ path: brief(subject), bytes });
  return new CommandFailure({ exit: EXIT.badInput, code: "FORMAT", subject, reason });
}
