import { spawn, type ChildProcess } from "node:child_process";
import { Duplex, Readable } from "node:stream";
import { errnoName } from "../abi/errnos.ts";
import { encodePlan, stepsInOrder } from "../enter/encode-plan.ts";
import type { Step } from "../enter/step.ts";
import { OwnedFd } from "../kernel/live/fd.ts";
import { openPlan } from "../kernel/live/launcher.ts";
import type { Native } from "../kernel/live/native.ts";
import { refusedCall } from "../library/refused-call.ts";
import type { Language } from "../messages/sentence.ts";
import type { Outcome } from "../rules/outcome.ts";
import { lendLauncher } from "./launcher-place.ts";
import type { StepReport } from "./start-report.ts";

/** Where a process of the launcher finds what it was given: 0, 1 and 2 are /dev/null. */
export const ENVOY_FDS = { plan: 3, report: 4, stream: 5, rights: 6, firstHandle: 7 } as const;
/** The last registers: those in front are for the steps of the way. */
const [DESCRIPTORS, NAMESPACES] = [{ register: 6 }, { register: 7 }];

/** What comes before an envoy's own steps: while it is where we are, it takes hold of what it will need of /proc. */
const BEFORE: readonly Step[] = [
  { do: "open", register: DESCRIPTORS.register, path: "/proc/self/fd" },
  { do: "open", register: NAMESPACES.register, path: "/proc/self/ns" },
];
const SERVE: readonly Step[] = [
  // That it is there is what the end of the report says.
  { do: "close", fd: ENVOY_FDS.report },
  {
    do: "serve",
    stream: ENVOY_FDS.stream,
    rights: ENVOY_FDS.rights,
    descriptors: DESCRIPTORS,
    namespaces: NAMESPACES,
  },
];

/** A process that has gone, or is on its way, and answers. It ends with the stream, so with the program at the latest. */
export interface EnvoyProcess {
  readonly child: ChildProcess;
  readonly stream: Duplex;
  readonly rights: OwnedFd;
  /** Settled when its report has been read: whether it came there, and if not, `onRefused` was called. */
  readonly reported: () => Promise<void>;
}

/** Starts one. `steps`: its way; `fds` have numbers from ENVOY_FDS.firstHandle on. `onRefused`: a step of the way failed. */
export function startEnvoy(
  native: Native,
  steps: readonly Step[],
  fds: readonly number[],
  onRefused: (report: StepReport, inOrder: readonly Step[]) => void,
  language: Language,
): EnvoyProcess {
  const all = [...BEFORE, ...steps, ...SERVE];
  const plan = { steps: all, keep: [], report: ENVOY_FDS.report, errnoText: String };
  using memory = must(openPlan(native, encodePlan(plan)), "memfd_create");
  using launcher = must(lendLauncher(native, ENVOY_FDS.firstHandle + fds.length), "memfd_create");
  const ends = new Int32Array(2);
  const paired = native.messagePair(ends);
  if (paired < 0) throw refusedCall({ code: errnoName(-paired), syscall: "socketpair", subject: "AF_UNIX" }, language);
  const rights = new OwnedFd(ends[0] ?? -1);
  using theirs = new OwnedFd(ends[1] ?? -1);
  const child = spawn(`/proc/self/fd/${launcher.raw}`, [`${ENVOY_FDS.plan}`, "envoy"], {
    argv0: "nsatlas",
    // A terminal's signals are for the program: this one ends when that does.
    detached: true,
    cwd: "/",
    stdio: ["ignore", "ignore", "ignore", memory.raw, "pipe", "pipe", theirs.raw, ...fds],
  });
  const piped: readonly unknown[] = child.stdio;
  const [report, stream] = [piped[ENVOY_FDS.report], piped[ENVOY_FDS.stream]];
  if (!(report instanceof Readable) || !(stream instanceof Duplex)) throw new TypeError("no pipe was made");
  const inOrder = stepsInOrder(all);
  report.once("data", (bytes: Buffer) => {
    onRefused({ step: bytes.readUInt32LE(0), errno: bytes.readInt32LE(4) }, inOrder);
  });
  report.on("error", () => report.destroy());
  const read = new Promise<void>((resolve) => report.once("close", resolve));
  const reported = (): Promise<void> => {
    ref(report);
    return read;
  };
  child.unref();
  unref(report);
  return { child, stream, rights, reported };

  function must<T>(outcome: Outcome<T>, syscall: string): T {
    if (outcome.ok) return outcome.value;
    throw refusedCall({ code: outcome.errno, syscall, subject: "launcher" }, language);
  }
}

/** Whether the program goes on for it. */
export function unref(stream: object): void {
  if ("unref" in stream && typeof stream.unref === "function") stream.unref();
}
export function ref(stream: object): void {
  if ("ref" in stream && typeof stream.ref === "function") stream.ref();
}
