import { buildWorld, BuildRefused } from "../kernel/build-world.ts";
import type { Call, TaskName } from "../kernel/call.ts";
import { parseDrawing } from "../kernel/drawing.ts";
import { ModelActor } from "../kernel/model/actor.ts";
import { ModelObserver } from "../kernel/model/observer.ts";
import type { World } from "../kernel/model/world.ts";
import type { Observer } from "../kernel/observer.ts";
import { DRAWING } from "../messages/drawing.ts";
import { REASONS } from "../messages/reasons.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { brief } from "./brief.ts";
import type { Running } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import { nearest } from "./nearest.ts";
import { readText } from "./seen.ts";
import { usageFailure } from "./usage.ts";

/** More than anybody draws: some 20,000 namespaces. */
const LARGEST_DRAWING_BYTES = 1_000_000;

/** A drawn world and who looks at it. */
interface Drawn {
  readonly file: string;
  /** The name of a process; undefined: the first one, root in the initial namespaces. */
  readonly as: string | undefined;
}

/**
 * A drawn world, built in the model, as one of its processes sees it. Throws for a file that cannot be read, a drawing
 * that is none or that the kernel would not allow (exit 6, with the line), and an unknown process (exit 2).
 */
export async function observeDrawnWorld(running: Running, { file, as }: Drawn): Promise<Observer> {
  const { language } = running;
  const text = await readText(running, file, LARGEST_DRAWING_BYTES);
  const drawing = parseDrawing(text, language);
  if (!drawing.ok) throw badDrawing(file, drawing, { language, hint: DRAWING.hint[language] });
  const actor = new ModelActor();
  try {
    const { keepers } = buildWorld(actor, drawing.namespaces, 0);
    awaitZombies(actor);
    const world = withOwnNames(actor.world, keepers);
    // Nobody is left in an empty namespace to look from there.
    const viewers = [...keepers].filter(([, keeper]) => world.tasks.get(keeper)?.memberships !== undefined);
    const viewer = as === undefined ? actor.first : new Map(viewers).get(as);
    if (viewer !== undefined) return new ModelObserver(() => world, viewer);
    throw noSuchViewer(
      as ?? "",
      viewers.map(([name]) => name),
      language,
    );
  } catch (error) {
    if (!(error instanceof BuildRefused)) throw error;
    const { drawn: name = "", call, refusal } = error;
    const why = refusal.reason === undefined ? "" : REASONS[refusal.reason][language];
    const message = DRAWING.refused[language]({ name, call: shown(call), errno: refusal.errno, why }).trimEnd();
    throw badDrawing(file, { line: drawing.lines.get(name) ?? 0, message }, { language });
  }
}

/** What building started and ended is gone: only what is drawn is to be seen. */
function awaitZombies(actor: ModelActor): void {
  for (const { name, parent, memberships } of actor.world.tasks.values()) {
    if (memberships === undefined && parent !== undefined) actor.call(parent, { op: "wait", child: name });
  }
}

/** Each process is called what the drawing calls it, where a copy would be called as its parent is. */
function withOwnNames(world: World, keepers: ReadonlyMap<string, TaskName>): World {
  let { tasks } = world;
  for (const [name, keeper] of keepers) {
    const task = keeper === world.first ? undefined : tasks.get(keeper);
    if (task !== undefined) tasks = tasks.set(keeper, { ...task, comm: name, commandLine: [name] });
  }
  return { ...world, tasks };
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

function noSuchViewer(name: string, known: readonly string[], language: Language): CommandFailure {
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
