import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { errnoName } from "../../abi/errnos.ts";
import { callerSteps, type Caller } from "../../enter/caller.ts";
import { encodePlan } from "../../enter/encode-plan.ts";
import { descriptorsOf, ERRNO_NAME, ERRNO_TEXT, type Plan, type Step } from "../../enter/step.ts";
import { openLauncher, openPlan } from "../../kernel/live/launcher.ts";
import type { Native } from "../../kernel/live/native.ts";
import { refusedCall } from "../../library/refused-call.ts";
import type { Language } from "../../messages/sentence.ts";
import type { Outcome } from "../../rules/outcome.ts";
import { environmentFor } from "./handed-on.ts";

/** How a command ended that was started beside nsatlas. */
export interface Ended {
  /** Null: a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What the plan says of the step that was refused; undefined: the command ran. */
  readonly said: string | undefined;
}

export interface Beside {
  readonly native: Native;
  readonly language: Language;
  readonly caller: Caller | undefined;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a refused step comes back as `said` and is not printed. */
  readonly reports: boolean;
  /** Aborted with the signal that is to end the command. */
  readonly stop: AbortSignal;
}

/**
 * Starts the launcher as a child, and waits for it. The command reads nothing: there is one standard input, and many
 * commands. What it writes is taken for UTF-8. Throws what spawn(3) was refused.
 */
export async function startBeside(plan: Plan, how: Beside): Promise<Ended> {
  const { native, language, caller, reports, stop } = how;
  const kept = new Set(descriptorsOf(plan).map(({ fd }) => fd));
  // Descriptors of the plan have the numbers that it says; the two of our own come behind them.
  const report = Math.max(2, ...kept) + 1;
  const memoryAt = report + 1;
  const whole: Plan = {
    ...plan,
    steps: [...callerSteps(caller, plan.unignored), ...plan.steps.map(asWeWereGiven)],
    ...(reports && { report }),
  };
  using launcher = openedOr(openLauncher(native), "launcher", language);
  using memory = openedOr(openPlan(native, encodePlan(whole)), "launcher", language);
  const more = Array.from({ length: report - 3 }, (_, nth) => (kept.has(nth + 3) ? nth + 3 : ("ignore" as const)));
  const child = spawn(`/proc/self/fd/${launcher.raw}`, [String(memoryAt)], {
    argv0: "nsatlas",
    stdio: ["ignore", "pipe", "pipe", ...more, reports ? "pipe" : "ignore", memory.raw],
    // The plan has the command's.
    env: {},
  });
  const pass = (): void => void child.kill(isSignal(stop.reason) ? stop.reason : "SIGTERM");
  stop.addEventListener("abort", pass, { once: true });
  const fault: { error?: unknown } = {};
  relay(child, child.stdout, how.out, fault);
  relay(child, child.stderr, how.err, fault);
  const reported: Uint8Array[] = [];
  child.stdio[report]?.on("data", (bytes: Uint8Array) => reported.push(bytes));
  try {
    const { code, signal } = await ended(child);
    if ("error" in fault) throw fault.error;
    return { code, signal, said: saidOf(whole, Buffer.concat(reported)) };
  } finally {
    stop.removeEventListener("abort", pass);
  }

  /** The command's variables. */
  function asWeWereGiven(step: Step): Step {
    return step.do === "exec" ? { ...step, env: step.env ?? environmentFor(caller) } : step;
  }
}

const ended = (child: ChildProcess): Promise<Pick<Ended, "code" | "signal">> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });

/** Where nobody reads any more what the command writes, it ends as it would at a pipe. Node's are sockets, which say it otherwise. */
function relay(
  child: ChildProcess,
  from: Readable | null,
  to: (text: string) => void,
  fault: { error?: unknown },
): void {
  from?.setEncoding("utf8").on("data", (text: string) => {
    try {
      to(text);
    } catch (error) {
      fault.error = error;
      child.kill("SIGPIPE");
      from.destroy();
    }
  });
}

const isSignal = (reason: unknown): reason is NodeJS.Signals =>
  typeof reason === "string" && reason in constants.signals;

/** `struct report` of native/launch.h: the step's place and the errno, four bytes each. Place 0 is closing descriptors. */
function saidOf({ steps, errnoText }: Plan, report: Buffer): string | undefined {
  if (report.length < REPORT_BYTES) return undefined;
  const errno = errnoName(report.readInt32LE(4));
  const says = steps[report.readUInt32LE(0) - 1]?.says;
  return says?.rows?.[errno] ?? says?.otherwise.replace(ERRNO_NAME, errno).replace(ERRNO_TEXT, errnoText(errno));
}
const REPORT_BYTES = 8;

export function openedOr<T>(opened: Outcome<T>, subject: string, language: Language): T {
  if (opened.ok) return opened.value;
  throw refusedCall({ code: opened.errno, syscall: "openat", subject, rule: opened.reason }, language);
}
