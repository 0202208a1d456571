import { readFileSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { CALLER_VARIABLE, callerSteps, closingSteps, readCaller, textsOf } from "../../enter/caller.ts";
import { encodePlan } from "../../enter/encode-plan.ts";
import { descriptorsOf, type Bytes, type Exec, type Plan, type Step } from "../../enter/step.ts";
import { becomeLauncher } from "../../kernel/live/launcher.ts";
import { needNative } from "../../library/native-half.ts";
import type { Outcome } from "../../rules/outcome.ts";

/**
 * The program nsatlas ends here and becomes the command, by way of the launcher. Returns only where it could not.
 * What the command gets of us is what we got: signals and limits (see caller.ts), and words byte by byte, which need not be
 * UTF-8, as Node's are.
 */
export function become(plan: Plan): Outcome<never> {
  const native = needNative("enter");
  const caller = readCaller(process.env[CALLER_VARIABLE], process.pid);
  const last = (step: Exec): readonly Step[] => [...closingSteps(caller), { ...step, argv: asGiven(step.argv) }];
  const steps = plan.steps.flatMap((step) => (step.do === "exec" ? last(step) : [step]));
  const given = { ...plan, steps: [...callerSteps(caller, plan.unignored), ...steps] };
  // Node marks its own for its children to lack; one that was closed stays so (EBADF).
  for (const standard of [0, 1, 2]) native.fcntl(standard, CONSTANTS.F_SETFD, 0);
  return becomeLauncher(native, {
    plan: encodePlan(given),
    descriptors: descriptorsOf(given).map(({ fd }) => fd),
    shown: ourTexts("cmdline").slice(2),
    environment: (caller?.environment ?? ourTexts("environ")).filter((variable) => !isNote(variable)),
  });
}

const NOTE = Buffer.from(`${CALLER_VARIABLE}=`);
const isNote = (variable: Uint8Array): boolean => NOTE.equals(variable.subarray(0, NOTE.length));

/** The last words of our command line, where these are the command's. */
function asGiven(argv: readonly Bytes[]): readonly Bytes[] {
  const words = ourTexts("cmdline");
  const last = words.slice(words.length - argv.length);
  const isSame = (word: Bytes, nth: number): boolean => textOf(last[nth] ?? "") === textOf(word);
  return argv.every(isSame) ? last : argv;
}

/** As Node has them: what is no UTF-8 is U+FFFD. */
const textOf = (bytes: Bytes): string => Buffer.from(bytes).toString();

/** The texts of a file of ours under /proc, each ended by NUL; none where there is no /proc. */
function ourTexts(file: "cmdline" | "environ"): readonly Uint8Array[] {
  try {
    return textsOf(readFileSync(`/proc/self/${file}`));
  } catch {
    return file === "environ"
      ? Object.entries(process.env).map(([name, value]) => Buffer.from(`${name}=${value}`))
      : [];
  }
}
