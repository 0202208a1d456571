import { CONSTANTS } from "../../abi/constants.ts";
import { CALLER_VARIABLE, callerSteps, closingSteps, readCaller } from "../../enter/caller.ts";
import { encodePlan } from "../../enter/encode-plan.ts";
import { descriptorsOf, type Plan } from "../../enter/step.ts";
import { becomeLauncher } from "../../kernel/live/launcher.ts";
import { needNative } from "../../library/native-half.ts";
import type { Outcome } from "../../rules/outcome.ts";
import { environmentFor, ourTexts } from "./handed-on.ts";

/**
 * The program nsatlas ends here and becomes the command, by way of the launcher. Returns only where it could not.
 * What the command gets of us is what we got: signals and limits (see caller.ts), and variables byte by byte, which need not
 * be UTF-8, as Node's are.
 */
export function become(plan: Plan): Outcome<never> {
  const native = needNative("enter");
  const caller = readCaller(process.env[CALLER_VARIABLE], process.pid);
  const steps = plan.steps.flatMap((step) => (step.do === "exec" ? [...closingSteps(caller), step] : [step]));
  const given = { ...plan, steps: [...callerSteps(caller, plan.unignored), ...steps] };
  // Node marks its own for its children to lack; one that was closed stays so (EBADF).
  for (const standard of [0, 1, 2]) native.fcntl(standard, CONSTANTS.F_SETFD, 0);
  return becomeLauncher(native, {
    plan: encodePlan(given),
    descriptors: descriptorsOf(given).map(({ fd }) => fd),
    shown: ourTexts("cmdline").slice(2),
    environment: environmentFor(caller),
  });
}
