import type { Step } from "./step.ts";

/** How many of those who carry a plan out are there at once, at most: who rests, or has ended, makes no calls any more. */
export function crowdOf(steps: readonly Step[]): number {
  let [present, most] = [1, 1];
  for (const step of steps) {
    if (step.do === "fork") present += 1;
    else if (step.do === "exit" || step.do === "rest") present -= 1;
    most = Math.max(most, present);
  }
  return most;
}
