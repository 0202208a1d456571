import { BuildRefused } from "../kernel/build-world.ts";
import type { Call, TaskName } from "../kernel/call.ts";
import { parseDrawing } from "../kernel/drawing.ts";
import { ModelObserver } from "../kernel/model/observer.ts";
import { parseWorld, saysWholeWorld } from "../kernel/model/text/parse-world.ts";
import type { Observer } from "../kernel/observer.ts";
import { DRAWING } from "../messages/drawing.ts";
import { REASONS } from "../messages/reasons.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { Fault } from "../what-if/fault.ts";
import { processNamed } from "../what-if/processes.ts";
import { situationOf, situationSaid, type Situation } from "../what-if/situation.ts";
import { brief } from "./brief.ts";
import type { Running } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import { nearest } from "./nearest.ts";
import { readText } from "./seen.ts";
import { usageFailure } from "./usage.ts";

/** More than anybody draws: some 20,000 namespaces, each with a task and some open files. */
const LARGEST_DRAWING_BYTES = 10_000_000;

/** The file of a drawn world, and the kernel to build it on. */
export interface DrawnFile {
  readonly file: string;
  readonly kernel: string | undefined;
}

/**
 * A drawn world, built in the model: only what is drawn is there, nothing that building took. Where the text says more
 * than a drawing, tasks among it, it is that world and nothing is built. Throws for a file that
 * cannot be read, and for a drawing that is none or that the kernel would not allow (exit 6, with the line).
 */
export async function readDrawnWorld(running: Running, { file, kernel }: DrawnFile): Promise<Situation> {
  const { language } = running;
  const text = await readText(running, file, LARGEST_DRAWING_BYTES);
  if (saysWholeWorld(text)) {
    const said = parseWorld(text, language, kernel);
    if (!said.ok) throw badDrawing(file, said, { language, hint: DRAWING.hint[language] });
    return situationSaid(said.world, said.names);
  }
  const drawing = parseDrawing(text, language);
  if (!drawing.ok) throw badDrawing(file, drawing, { language, hint: DRAWING.hint[language] });
  try {
    return situationOf(drawing.namespaces, kernel);
  } catch (error) {
    if (!(error instanceof BuildRefused)) throw error;
    const { drawn: name = "", call, refusal } = error;
    const why = refusal.reason === undefined ? "" : REASONS[refusal.reason][language];
    const message = DRAWING.refused[language]({ name, call: shown(call), errno: refusal.errno, why }).trimEnd();
    throw badDrawing(file, { line: drawing.lines.get(name) ?? 0, message }, { language });
  }
}

/** The same as one of its processes sees it; nobody named: the first process. */
export async function observeDrawnWorld(
  running: Running,
  { as, ...drawn }: DrawnFile & { readonly as: string | undefined },
): Promise<Observer> {
  const situation = await readDrawnWorld(running, drawn);
  const viewer = as === undefined ? situation.world.first : drawnProcess(situation, as, running.language);
  return new ModelObserver(() => situation.world, viewer);
}

/** The process that `--as` names, which has to be alive. Throws for any other word (exit 2, with the nearest name). */
export function drawnProcess(situation: Situation, as: string, language: Language): TaskName {
  try {
    return processNamed(situation, as);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw noSuchProcess(as, error.more.candidates ?? [], language);
  }
}

function badDrawing(
  path: string,
  { line, message }: { line: number; message: string },
  { language, hint }: { language: Language; hint?: string },
): CommandFailure {
  const reason = DRAWING["at-line"][language]({ path: brief(path), line, what: message });
  const failure = { exit: EXIT.badInput, code: "FORMAT", subject: path, reason };
  return new CommandFailure(hint === undefined ? failure : { ...failure, hint });
}

function noSuchProcess(name: string, known: readonly string[], language: Language): CommandFailure {
  const near = nearest(name, known);
  const hint =
    near === undefined
      ? USAGE_HINTS["one-of"][language]({ names: known })
      : USAGE_HINTS["did-you-mean"][language]({ nearest: near });
  return usageFailure(DRAWING["no-such-viewer"][language]({ name: brief(name) }), hint);
}

/** A call as its refusal names it: the system call where its name is one's own, and the file of a write. */
const shown = (call: Call): string => (call.op === "write" ? `write ${call.file}` : (SYSTEM_CALLS[call.op] ?? call.op));
const SYSTEM_CALLS: Readonly<Record<string, string>> = { clone: "clone3", bind: "mount" };
