import { errnoName } from "../abi/errnos.ts";
import { refusalOf } from "../enter/refusal.ts";
import type { Step } from "../enter/step.ts";
import type { SyscallError } from "../errors.ts";
import { refusedCall } from "../library/refused-call.ts";
import { WAYS_OUT } from "../messages/ways-out.ts";
import type { Language } from "../messages/sentence.ts";
import type { CommandWay } from "./command-way.ts";
import type { StepReport } from "./start-report.ts";

/** The error for a step that failed: which call, on what, the errno, why, and what would help. `steps`: in a report's order. */
export function refusedStep(
  report: StepReport,
  steps: readonly Step[],
  way: CommandWay,
  language: Language,
): SyscallError {
  const code = errnoName(report.errno);
  const step = steps[report.step - 1];
  if (step?.do === "exec") {
    const hint = code === "ENOENT" ? WAYS_OUT["no-such-program"][language] : undefined;
    return refusedCall({ code, syscall: "execve", subject: String(step.file ?? step.argv[0]), hint }, language);
  }
  const act = step && way.actOf.get(step);
  if (act === undefined) return refusedCall({ code, syscall: step?.do ?? "close_range", subject: "nsatlas" }, language);
  const { facts, acts } = way.explain();
  // Where the order needed no facts, the forecasts come only now, act by act.
  return refusedCall(refusalOf(acts[way.acts.indexOf(act)] ?? act, code, facts, language), language);
}
