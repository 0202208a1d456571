import { readFileSync, statSync } from "node:fs";
import { namespaceId } from "../abi/ids.ts";
import type { Actor } from "../kernel/actor.ts";
import { openLiveActor } from "../kernel/live/actor.ts";
import type { LiveActorOptions } from "../kernel/live/actor-options.ts";
import { HolderProgramError } from "../kernel/live/holder-program.ts";
import { loadNative } from "../kernel/live/load-native.ts";
import { noNativeText } from "../library/no-native-text.ts";
import { DEMO_SENTENCES } from "../messages/demo.ts";
import { VERIFY } from "../messages/verify.ts";
import { parseStat } from "../procfs/stat.ts";
import type { Snapshot } from "../snapshot/types.ts";
import type { Answered } from "../what-if/carry-out.ts";
import type { Situation } from "../what-if/situation.ts";
import type { Footing } from "../what-if/verify/footing.ts";
import { verifyInPlace } from "../what-if/verify/place.ts";
import type { Verdict } from "../what-if/verify/verdict.ts";
import { verifyCopied, verifyDrawn } from "../what-if/verify/verify.ts";
import type { Running } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";

/** The same calls on the running kernel. Throws where it has no processes of ours to make them (exit 5). */
export function verified(
  { language }: Running,
  situation: Situation,
  answers: readonly Answered[],
): readonly Verdict[] {
  const none = (why: string): CommandFailure =>
    new CommandFailure({ exit: EXIT.unsupported, code: "UNSUPPORTED", reason: VERIFY["no-kernel"][language]({ why }) });
  const loaded = loadNative();
  if ("missing" in loaded) throw none(noNativeText(loaded.missing, language));
  const { native } = loaded;
  const isRoot = process.geteuid?.() === 0;
  const open = (options: LiveActorOptions): Actor => {
    try {
      return openLiveActor(native, options);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      if (!(error instanceof HolderProgramError) && isRoot) throw error;
      throw none(DEMO_SENTENCES["not-started"][language]({ cause }));
    }
  };
  if (situation.drawn !== undefined && isRoot) {
    using actor = open({ privateMounts: true });
    return verifyDrawn(actor, situation, answers);
  }
  const me = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, groups: process.getgroups?.() ?? [] };
  const inPlace = situation.snapshot !== undefined && isHere(situation.snapshot) ? lookInPlace() : [];
  if (inPlace.length === answers.length && inPlace.every((verdict) => verdict !== undefined)) return inPlace;
  const copied = verifyCopied(situation, answers, {
    footings: isRoot ? ["root"] : ["user", "own-user-namespace"],
    me,
    open: (footing) => open(OPTIONS[footing]),
  });
  return copied.map((verdict, nth) => inPlace[nth] ?? verdict);

  function lookInPlace(): readonly (Verdict | undefined)[] {
    using actor = open({ strangers: { pidOf: (name) => (/^\d+$/.test(name) ? Number(name) : undefined) } });
    return verifyInPlace(situation, answers, { actor, isStill });
  }
}

const OPTIONS: Readonly<Record<Footing, LiveActorOptions>> = {
  root: { privateMounts: true },
  user: {},
  "own-user-namespace": { ownUser: true, privateMounts: true },
};

/** Whether a snapshot was taken on this machine since it started, by somebody whose numbers are ours. */
function isHere({ viewpoint, redacted }: Snapshot): boolean {
  const { bootId, proc, namespaces, source } = viewpoint;
  if (source !== "live" || redacted || bootId === undefined || proc !== "/proc") return false;
  const isOwn = (kind: "user" | "pid"): boolean => {
    const { dev, ino } = statSync(`/proc/self/ns/${kind}`, { bigint: true });
    return namespaces[kind] === namespaceId(dev, ino);
  };
  return textOf("/proc/sys/kernel/random/boot_id").trim() === bootId && isOwn("user") && isOwn("pid");
}

/** Whether a process is still there that was seen. */
function isStill(pid: number, startTime: number): boolean {
  const stat = parseStat(textOf(`/proc/${pid}/stat`));
  return stat.ok && stat.value.startTime === startTime;
}

/** Empty for a file that is not there, or no more. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
