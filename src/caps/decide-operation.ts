import { decide, decideEach } from "./decide.ts";
import { ATTACH, isAttach, YAMA } from "./operations.ts";
import { introduce, needsOf } from "./part.ts";
import type { Finding } from "./proof.ts";
import type { Requirement } from "./requirement.ts";
import type { Situation } from "./situation.ts";
import { writersOf } from "./sysctl-writers.ts";
import { isYamaShut } from "./yama.ts";

/** Whether an operation is let, with what of a namespace it is to be done to. */
export function decideOperation(situation: Situation, needs: Requirement): Finding {
  const { target } = situation;
  // Who may is a matter of which one it is.
  if (target.aim === "sysctl") return decide(situation, writersOf(target.name));
  const part = target.aim === "namespace" ? target.part : undefined;
  if (isAttach(needs)) return decideAttach(situation, needs);
  if (part === undefined) return decide(situation, needs);
  const { steps, assumed } = introduce(situation, part);
  const finding = decideEach([
    // Who has not got the socket has to take it from who has.
    ...(part.part === "socket"
      ? [() => decideAttach({ ...situation, target: { aim: "process", process: part.holder } }, ATTACH)]
      : []),
    ...needsOf(situation, part).map((one) => () => decide(situation, one)),
    () => decide(situation, needs),
  ]);
  return { ...finding, steps: [...steps, ...finding.steps], assumed: [...assumed, ...finding.assumed] };
}

/** The kernel asks its security modules last. */
const decideAttach = (situation: Situation, needs: Requirement): Finding =>
  decideEach((isYamaShut(situation.ground) ? [needs, YAMA] : [needs]).map((one) => () => decide(situation, one)));
