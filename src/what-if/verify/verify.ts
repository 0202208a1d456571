import type { Actor } from "../../kernel/actor.ts";
import { BuildRefused } from "../../kernel/build-world.ts";
import type { Answered } from "../carry-out.ts";
import { leavesAll } from "../seen/check.ts";
import { EvidenceMissing } from "../seen/evidence.ts";
import type { Situation } from "../situation.ts";
import { Copy } from "./copy.ts";
import { drawnCopy } from "./drawn-copy.ts";
import { footingInModel, type Footing, type Me } from "./footing.ts";
import { whyNotHere, type Fence } from "./harm.ts";
import { handlesOf, needsOf } from "./needs.ts";
import { notMade, type NotMadeVerdict, type Verdict, type Where } from "./verdict.ts";
import { worldCopy, type Copied } from "./world-copy.ts";

/** The process that stands for the machine's own first one in a drawing. */
const INIT = "init";

/**
 * Makes the same calls on another kernel, by throw-away processes in a copy of the drawn world, and compares: errno for
 * errno, and what is read; which descriptors lead to the same namespace as another. Numbers that each kernel hands out as it
 * likes are not compared. A call that could reach beyond the copy is not made.
 */
export function verifyDrawn(actor: Actor, situation: Situation, answers: readonly Answered[]): Verdict[] {
  const { drawn = [], names } = situation;
  const built = unlessRefused(() => drawnCopy(actor, drawn, { names, behind: handlesOf(situation, answers) }));
  if ("is" in built) return answers.map(() => built);
  const copy = new Copy(built);
  return inOrder(answers, { init: INIT, ownMounts: true }, (answer) => copy.make(answer));
}

/** Where copies can be built. */
export interface Grounds {
  /** The first that gives most is taken. */
  readonly footings: readonly Footing[];
  readonly me: Me;
  readonly open: (footing: Footing) => Actor;
}

/**
 * The same in a copy of the part that matters of any situation. Whether the copy is like enough for a call, the model tells:
 * the same copy is built in memory, and a call that comes out otherwise there, or for another reason, is not made.
 */
export function verifyCopied(
  situation: Situation,
  answers: readonly Answered[],
  { footings, me, open }: Grounds,
): Verdict[] {
  const behind = handlesOf(situation, answers);
  const needs = needsOf(situation, answers, behind);
  const build = (actor: Actor, footing: Footing): Copied | NotMadeVerdict =>
    unlessRefused(() => worldCopy(actor, situation, { needs, footing, me, behind }));
  let best: { footing: Footing; verdicts: Verdict[]; alike: number } | undefined;
  let unbuilt: NotMadeVerdict = notMade("not-built");
  for (const footing of footings) {
    const shadow = build(footingInModel(footing, me, situation.world.release), footing);
    if ("is" in shadow) {
      unbuilt = shadow;
      continue;
    }
    const copy = new Copy(shadow.standing);
    const fence: Fence = { ownMounts: footing !== "user" };
    const verdicts = inOrder(answers, fence, (answer) => alike(copy.make(answer), shadow.notes));
    const count = verdicts.filter(({ is }) => is === "same").length;
    if (best === undefined || count > best.alike) best = { footing, verdicts, alike: count };
  }
  if (best === undefined) return answers.map(() => unbuilt);
  if (best.alike === 0) return best.verdicts;
  using actor = open(best.footing);
  const live = build(actor, best.footing);
  if ("is" in live) return answers.map(() => live);
  const copy = new Copy(live.standing);
  const shadowed = new Map(answers.map((answer, nth) => [answer, best.verdicts[nth] ?? notMade("unknown")]));
  return inOrder(answers, { ownMounts: best.footing !== "user" }, (answer): Verdict => {
    const verdict = shadowed.get(answer) ?? notMade("unknown");
    return verdict.is === "same" ? located(copy.make(answer), "copy") : verdict;
  });
}

/** A call that comes out otherwise in the model of the copy: the copy is not like enough for it. */
function alike(verdict: Verdict, notes: readonly string[]): Verdict {
  if (verdict.is !== "differs") return verdict;
  const [lack] = notes;
  return notMade("unlike", { detail: lack ?? verdict.answered });
}

/** Says where a call was made. */
export const located = (verdict: Verdict, where: Where): Verdict =>
  verdict.is === "same" || verdict.is === "differs" ? { ...verdict, where } : verdict;

/** Behind a call that was not made, or came out otherwise, nobody knows what there is; unless it changes nothing. */
export function inOrder(answers: readonly Answered[], fence: Fence, make: (answer: Answered) => Verdict): Verdict[] {
  let isLost = false;
  return answers.map((answer): Verdict => {
    if (isLost) return notMade("before");
    const { call, outcome, opened } = answer;
    const harm = outcome === undefined || call === undefined ? undefined : whyNotHere(call, fence);
    const verdict = harm === undefined ? make(answer) : notMade(harm);
    isLost =
      verdict.is === "differs" ||
      (verdict.is !== "same" && !(call !== undefined && leavesAll(call) && opened === undefined));
    return verdict;
  });
}

/** What was built, or why it was not. */
function unlessRefused<T extends object>(build: () => T): T | NotMadeVerdict {
  try {
    return build();
  } catch (error) {
    if (error instanceof BuildRefused) return notMade("not-built", { detail: error.message });
    if (error instanceof EvidenceMissing) return notMade("not-built", { missing: error.missing });
    throw error;
  }
}
