import { spawn, type ChildProcess, type SpawnOptions, type StdioOptions } from "node:child_process";
import { constants } from "node:fs";
import { CONSTANTS } from "../abi/constants.ts";
import { errnoName } from "../abi/errnos.ts";
import { encodePlan, stepsInOrder } from "../enter/encode-plan.ts";
import type { Plan, Step } from "../enter/step.ts";
import { OwnedFd } from "../kernel/live/fd.ts";
import { openPlan } from "../kernel/live/launcher.ts";
import { needNative } from "../library/native-half.ts";
import { refusedCall } from "../library/refused-call.ts";
import { observeThisMachine } from "../library/this-machine.ts";
import { errnoText } from "../messages/errors.ts";
import type { Language } from "../messages/sentence.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import { lendLauncher } from "./launcher-place.ts";
import { commandWay, handlesFrom, type Standing } from "./command-way.ts";
import { openInside } from "./open-inside.ts";
import { refusedStep } from "./refused-step.ts";
import { tellStart } from "./start-report.ts";
import type { Inside } from "./where.ts";

/** As those of child_process.spawn, but for where the command stands and who it is, which is said from inside. */
export interface SpawnInOptions extends Standing {
  /** As of child_process.spawn. Descriptors of the command are those of this list, and no other. */
  readonly stdio?: StdioOptions;
  /** Open descriptors that the command gets under the same numbers. */
  readonly keepFds?: readonly number[];
  /** The environment; PATH in it is where the command is looked for, in the mount namespace that it runs in. */
  readonly env?: NodeJS.ProcessEnv;
  readonly argv0?: string;
  readonly detached?: boolean;
  /** Ends the command, by `killSignal`; 'error' is then an AbortError. */
  readonly signal?: AbortSignal;
  /** Milliseconds; then the command gets `killSignal`. */
  readonly timeout?: number;
  /** SIGTERM where it is not given. */
  readonly killSignal?: NodeJS.Signals | number;
  /** The language of errors; English where it is not given. */
  readonly language?: Language;
}

/** Catchable signals that a process can have sent, but for SIGCHLD and SIGCONT, which mean the one that waits. */
const FORWARDED = Array.from({ length: 64 }, (_, nth) => nth + 1).filter((signal) => ![9, 17, 18, 19].includes(signal));
const STANDARD = 3;

/**
 * Starts a command in namespaces, without a shell, and gives Node's own `ChildProcess`. The program itself joins nothing:
 * a process of its own does, one namespace after the other in the order that the kernel's rules want, each with its kind
 * (never 0), and then becomes the command: same pid, and nothing else stays. Where a pid namespace is joined, a child of it
 * becomes the command; it then waits, passes on every signal that can be caught and that a process sent, stops when
 * the command does, and ends as it ends. Kill it (SIGKILL), and the command is killed.
 *
 *     using net = await openNamespace("net:blue");
 *     const child = spawnIn(net, "ss", ["-ltn"], { stdio: "inherit" });
 *
 * 'spawn' is emitted once the command runs. Where it could not be started 'error' comes in its place, with a SyscallError
 * that says which step was refused, why, and what would help; 'exit' and 'close' follow.
 *
 * - EPERM, of setns: the caller lacks CAP_SYS_ADMIN over the namespace's owner, or in its own user namespace.
 * - EINVAL, of setns: the file is of another kind than was said, or the rules forbid it (`reason` says which).
 * - ENOMEM, of clone: the pid namespace's process 1 has ended. ENOENT, EACCES, of execve: the command, inside.
 *
 * Thrown at once, as for `openNamespace`: what `namespaces` names cannot be opened (SyscallError, NameError).
 * UnsupportedError: there is no native half. Since Linux 3.0 for files of namespaces; for a process 5.8.
 * Source: setns(2), kernel/nsproxy.c; nsenter(1).
 */
export function spawnIn(
  namespaces: Inside,
  command: string,
  args: readonly string[] = [],
  options: SpawnInOptions = {},
): ChildProcess {
  const native = needNative("spawnIn");
  const { language = "en", env, argv0, detached, signal, timeout, killSignal } = options;
  const asking = { observer: observeThisMachine("/proc", language), language };
  using closing = new Closing();
  const opened = closing.own(openInside(namespaces, native, asking));

  const { stdio, keep } = stdioOf(options);
  const planAt = stdio.length;
  const reportAt = planAt + 1;
  const { handles, fds } = handlesFrom(reportAt + 1, opened);
  // The one that waits says nothing more: what it closes here only the command still has, until it runs.
  const waiting = {
    forwarded: FORWARDED,
    killSignal: CONSTANTS.SIGKILL,
    parent: [{ do: "close", fd: reportAt }],
  } as const;
  const way = commandWay(opened, options, handles, waiting, asking);
  const exec: Step = { do: "exec", argv: [argv0 ?? command, ...args], file: command };
  const steps = [...way.steps, exec];
  const plan: Plan = { steps, keep, report: reportAt, errnoText: (name) => errnoText(name, language) };

  using memory = must(openPlan(native, encodePlan(plan)), "memfd_create");
  using launcher = must(lendLauncher(native, reportAt + 1 + fds.length), "memfd_create");
  const ends = new Int32Array(2);
  const piped = native.pipe2(ends, CONSTANTS.O_CLOEXEC | constants.O_NONBLOCK);
  must(piped < 0 ? refused(errnoName(-piped)) : ok(piped), "pipe2");
  using unread = new Closing();
  const pipe = unread.own(new OwnedFd(ends[0] ?? -1));
  using report = new OwnedFd(ends[1] ?? -1);
  const given: SpawnOptions = { env, detached, signal, timeout, killSignal };
  const child = spawn(`/proc/self/fd/${launcher.raw}`, [`${planAt}`, command], {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    argv0: "nsatlas",
    stdio: [...stdio, memory.raw, report.raw, ...fds],
  });
  Reflect.set(child.stdio, "length", planAt);
  Reflect.set(child, "spawnfile", command);
  Reflect.set(child, "spawnargs", [argv0 ?? command, ...args]);
  // The launcher itself could not be started, and Node says why.
  if (child.pid === undefined) return child;
  unread.release();
  const inOrder = stepsInOrder(steps);
  const held = closing.release();
  tellStart(
    child,
    pipe,
    (report) => refusedStep(report, inOrder, way, language),
    () => held[Symbol.dispose](),
  );
  return child;

  function must<T>(outcome: Outcome<T>, syscall: string): T {
    if (outcome.ok) return outcome.value;
    throw refusedCall({ code: outcome.errno, syscall, subject: "launcher" }, language);
  }
}

/** What is closed at the end of the block, unless it was handed on. */
class Closing implements Disposable {
  #held: Disposable | undefined;
  own<T extends Disposable>(held: T): T {
    this.#held = held;
    return held;
  }
  release(): Disposable {
    const held = this.#held;
    this.#held = undefined;
    return held ?? { [Symbol.dispose]: () => {} };
  }
  [Symbol.dispose](): void {
    this.release()[Symbol.dispose]();
  }
}

/** The caller's list with three at least, and the descriptors above 2 that the command gets. */
function stdioOf({ stdio = "pipe", keepFds = [] }: SpawnInOptions): {
  readonly stdio: Exclude<StdioOptions, string>;
  readonly keep: readonly number[];
} {
  const list: Exclude<StdioOptions, string>[number][] = typeof stdio === "string" ? [stdio, stdio, stdio] : [...stdio];
  while (list.length < STANDARD) list.push("pipe");
  for (const fd of keepFds) {
    if (!Number.isSafeInteger(fd) || fd < 0) throw new RangeError(`a descriptor is a number from 0 on, got ${fd}`);
    while (list.length <= fd) list.push("ignore");
    list[fd] = fd;
  }
  const isNothing = (entry: unknown): boolean => entry === "ignore" || entry === null || entry === undefined;
  const keep = list.flatMap((entry, fd) => (fd < STANDARD || isNothing(entry) ? [] : [fd]));
  return { stdio: list, keep };
}
