import type { ErrnoName } from "../../abi/errnos.ts";
import { SIGNALS } from "../../abi/signals.ts";
import type { Act } from "../../enter/act.ts";
import type { Plan, Saying, Step } from "../../enter/step.ts";
import { stepsOf, type Waiting } from "../../enter/steps.ts";
import { errnoText } from "../../messages/errors.ts";
import { ENTER_DRY } from "../../messages/enter.ts";
import type { Prepared } from "./prepare.ts";
import { execSaying, saying, type Telling } from "./say.ts";
import type { Shell } from "./shell.ts";

/** What is run in the namespaces, and how. */
export interface Going {
  /** Empty: the shell. */
  readonly command: readonly string[];
  readonly shell: Shell;
  readonly keep: readonly number[];
  readonly timeoutSeconds: number | undefined;
}

const MS_PER_S = 1000;
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 5000;
/** What ends a program, passed on to the command that nsatlas waits for within a time limit: SIGHUP, SIGINT, SIGQUIT, SIGTERM. */
const PASSED_ON = [1, 2, 3, 15] as const;

/** The launcher's whole plan: the way in, and the command. */
export function planOf(prepared: Prepared, going: Going, telling: Telling): Plan {
  const { command, shell, keep, timeoutSeconds } = going;
  const { way, handles, facts, environment } = prepared;
  const waiting: Waiting =
    timeoutSeconds === undefined
      ? {}
      : { timeoutMs: timeoutSeconds * MS_PER_S, graceMs: GRACE_MS, forwarded: PASSED_ON };
  const says = (act: Act): Saying => withTimeout(act, saying(act, facts, telling), going, telling);
  const exec: Step = {
    do: "exec",
    argv: command.length > 0 ? command : [shell.name],
    ...(command.length === 0 && { file: shell.file }),
    ...(environment !== undefined && { env: environment }),
    says: execSaying(command[0] ?? shell.file, telling),
  };
  return {
    steps: [...stepsOf(way.acts, handles, waiting, says), exec],
    keep,
    // As nsenter since 2.42, and in front of a fork before: who waits for a process has it so.
    unignored: [SIGNALS.SIGCHLD],
    errnoText: (name: ErrnoName) => errnoText(name, telling.language),
  };
}

/** The one that waits says so, too, where the time is over. */
function withTimeout({ act }: Act, says: Saying, { timeoutSeconds }: Going, { language, asJson }: Telling): Saying {
  if (act !== "fork" || timeoutSeconds === undefined) return says;
  const text = ENTER_DRY["timed-out"][language]({ seconds: timeoutSeconds });
  const error = { code: "ETIMEDOUT", syscall: null, subject: null, reason: text, hint: null };
  return {
    ...says,
    rows: { ...says.rows, ETIMEDOUT: asJson ? `${JSON.stringify({ error })}\n` : `nsatlas: ${text}\n` },
  };
}
