import { readFileSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { CALLER_VARIABLE, callerSteps, closingSteps, readCaller } from "../../enter/caller.ts";
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
  const given = { ...plan, steps: [...callerSteps(caller), ...steps] };
  // Node marks its own for its children to lack; one that was closed stays so (EBADF).
  for (const standard of [0, 1, 2]) native.fcntl(standard, CONSTANTS.F_SETFD, 0);
  return becomeLauncher(native, {
    plan: encodePlan(given),
    descriptors: descriptorsOf(given).map(({ fd }) => fd),
    shown: textsOf("cmdline").slice(2),
    environment: textsOf("environ").filter((variable) => !variable.toString("latin1").startsWith(NOTE)),
  });
}

const NOTE = `${CALLER_VARIABLE}=`;

/** The last words of our command line, where these are the command's. */
function asGiven(argv: readonly Bytes[]): readonly Bytes[] {
  const words = textsOf("cmdline");
  const last = words.slice(words.length - argv.length);
  const isSame = (word: Bytes, nth: number): boolean => last[nth]?.toString() === word.toString();
  return argv.every(isSame) ? last : argv;
}

/** The texts of a file of ours under /proc, each ended by NUL; none where there is no /proc. */
function textsOf(file: "cmdline" | "environ"): readonly Buffer[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(`/proc/self/${file}`);
  } catch {
    return file === "environ"
      ? Object.entries(process.env).map(([name, value]) => Buffer.from(`${name}=${value}`))
      : [];
  }
  const texts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const nul = bytes.indexOf(0, at);
    const end = nul === -1 ? bytes.length : nul;
    texts.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return texts;
}
