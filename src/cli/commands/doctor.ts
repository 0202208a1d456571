import { COSTLY_SOURCES, type CostlySource } from "../../discover/cost.ts";
import { discover } from "../../discover/discover.ts";
import { askObserver } from "../../doctor/ask-observer.ts";
import type { Diagnosis } from "../../doctor/diagnosis.ts";
import { examineCaller, examineLimits, examineProc, examineSettings } from "../../doctor/examine.ts";
import { doctorJson } from "../../doctor/json.ts";
import { diagnosisOf } from "../../doctor/of-snapshot.ts";
import { judgeInterfaces } from "../../doctor/judge-interfaces.ts";
import { missingOf } from "../../doctor/missing.ts";
import { doctorText } from "../../doctor/text.ts";
import type { Observer } from "../../kernel/observer.ts";
import type { Tried } from "../../kernel/tried.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { VERSION } from "../../version.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { fromFile } from "../seen.ts";
import { observerOf } from "../target.ts";
import { TEXT_COLUMNS } from "../wrap.ts";

/** What can be seen from here, what not, and what would show it. */
export const doctor = command({
  name: "doctor",
  description: [
    "Tries every call by which nsatlas asks the kernel, one by one, and looks once at everything. It says who you are to " +
      "the kernel, what each call answered (yes, refused, no: this kernel has none; filtered: something answers in its " +
      "place), what goes without it, what could not be seen, and which capability, option, mount or kernel would show it.",
    "It changes nothing, and needs no privileges. The exit code is 0, whatever it finds. Of a snapshot it says who looked, " +
      "what that look did not see, and what would have shown it.",
  ],
  options: PLACE_OPTIONS,
  exclusive: PLACE_EXCLUSIONS,
  formats: ["text"],
  examples: [
    { line: "nsatlas doctor", shows: "what this kernel, your privileges and /proc allow" },
    { line: "nsatlas doctor --json", shows: "the same for programs" },
    { line: "nsatlas doctor --world containers.world --as user:outer", shows: "a drawn world, seen from inside" },
  ],
  async run(running, place) {
    const { out, format, color, language } = running;
    const diagnosis =
      place.from === undefined
        ? await diagnose(await observerOf(running, place), running.now())
        : diagnosisOf(await fromFile(running, place.from));
    const width = Math.min(out.columns ?? TEXT_COLUMNS, TEXT_COLUMNS);
    out.write(
      format === "json"
        ? `${toJson(doctorJson(diagnosis, language))}\n`
        : doctorText(diagnosis, { width, color, language }),
    );
    return EXIT.done;
  },
});

async function diagnose(observer: Observer, takenAt: Date): Promise<Diagnosis> {
  const caller = examineCaller(observer);
  const proc = examineProc(observer);
  const { kernel: release } = observer.who();
  const answers = await tried(observer);
  const interfaces = judgeInterfaces(answers, release.release);
  const stamp = { producer: { name: "nsatlas", version: VERSION }, takenAt };
  const seen = await discover(observer, { without: deadly(answers) }, stamp);
  const snapshot = seen.ok ? seen.value : undefined;
  return {
    source: observer.source,
    kernel: release,
    caller,
    proc,
    settings: examineSettings(observer),
    limits: examineLimits(observer),
    interfaces,
    missing: missingOf({ caller, proc, interfaces, snapshot, leftOut: "filter" }),
  };
}

/** Where a filter ends whoever makes a call, the sources that make such calls are left out: we would not come back. */
const deadly = (answers: readonly Tried[]): readonly CostlySource[] =>
  answers.some(({ came }) => came === "killed") ? COSTLY_SOURCES : [];

/** Where a kernel runs, its calls are made; else the observer is asked what it can be asked. */
async function tried(observer: Observer): Promise<readonly Tried[]> {
  if (observer.source !== "live") return askObserver(observer);
  const { tryInterfaces } = await import("../../kernel/live/try-interfaces.ts");
  const { holderPath } = await import("../../kernel/live/holders.ts");
  return tryInterfaces(holderPath());
}
