import { inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import type { Actor } from "../kernel/actor.ts";
import { carryOut, type Answer, type Played } from "./carry-out.ts";
import { compare, type Verdict } from "./compare.ts";
import { TRANSCRIPTS, type Transcript } from "./transcripts.ts";

/** One session on both sides. */
export interface Scene {
  readonly transcript: Transcript;
  /** Undefined where there is no running kernel to ask. */
  readonly kernel: Played | undefined;
  readonly model: Played;
  readonly verdict: Verdict;
}

/** Releases of the kernels that play; `kernel` is undefined where there is no running one to ask. */
export interface Releases {
  readonly kernel: string | undefined;
  readonly model: string;
}

/** The sessions, played. */
export interface Demo {
  readonly scenes: readonly Scene[];
  readonly releases: Releases;
  /** Why the running kernel was not asked at all, as a sentence. */
  readonly whyAlone: string | undefined;
  /** Whether the kernels said the same wherever both could play; undefined where they nowhere could. */
  readonly agree: Verdict;
  /** Whether the viewer's user namespace is the machine's first one, as it is on the model. */
  readonly ownIsInitial: boolean;
}

/** The running kernel; or a sentence that says why there is none to ask. */
export type Kernel = { readonly actor: Actor; readonly release: string } | { readonly whyNone: string };

/** Plays the sessions on the model and, where there is one, on the running kernel. */
export function playDemo(kernel: Kernel, model: { readonly actor: Actor; readonly release: string }): Demo {
  const onModel = carryOut(model.actor, TRANSCRIPTS);
  const onKernel = "actor" in kernel ? carryOut(kernel.actor, TRANSCRIPTS) : [];
  const verdicts = compare(onModel, onKernel);
  const scenes = TRANSCRIPTS.map((transcript, index): Scene => {
    const played = onModel[index] ?? { answers: [] };
    return { transcript, kernel: onKernel[index], model: played, verdict: verdicts[index] };
  });
  const known = verdicts.filter((verdict) => verdict !== undefined);
  return {
    scenes,
    releases: { kernel: "release" in kernel ? kernel.release : undefined, model: model.release },
    whyAlone: "whyNone" in kernel ? kernel.whyNone : undefined,
    agree: known.length === 0 ? undefined : known.every(Boolean),
    ownIsInitial: ownIsInitial(scenes),
  };
}

/** What a side answered; nothing where it could not play. */
export const answersOf = (played: Played | undefined): readonly Answer[] =>
  played !== undefined && "answers" in played ? played.answers : [];

/** By what the running kernel answered to a look at the viewer's own user namespace. */
function ownIsInitial(scenes: readonly Scene[]): boolean {
  for (const { transcript, kernel } of scenes) {
    const answers = answersOf(kernel);
    for (const [place, { command }] of transcript.lines.entries()) {
      const answer = command.does === "readlink" && command.of === "you" ? answers[place] : undefined;
      if (answer?.is === "link") return Number(inodeOf(answer.id)) === NAMESPACE_KINDS.user.initialInode;
    }
  }
  return true;
}
