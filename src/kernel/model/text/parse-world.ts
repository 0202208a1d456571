import type { DrawingRule } from "../../../messages/drawing.ts";
import type { Language } from "../../../messages/sentence.ts";
import { WORLD_TEXT_ERRORS, type WorldTextRule } from "../../../messages/world-text.ts";
import { NEWEST_RELEASE } from "../../../rules/release.ts";
import { taskName, type TaskName } from "../../call.ts";
import { parseDrawing } from "../../drawing.ts";
import { boot, FIRST } from "../boot.ts";
import { NameMap, type PersistentMap } from "../persistent.ts";
import type { FreeList, NsKey, Task, World } from "../world.ts";
import { complete } from "./complete.ts";
import { TextFault } from "./fault.ts";
import { isStateWord, STATE_WORDS, type StateWord } from "./forms.ts";
import { Places } from "./places.ts";
import { readFile } from "./read-files.ts";
import { Holdings } from "./read-holdings.ts";
import { readMounts } from "./read-mounts.ts";
import { bySubject, readNamespaces } from "./read-namespaces.ts";
import { readTasks } from "./read-tasks.ts";
import { readStatement, Statement } from "./statement.ts";
import { FIRST_TASKS, usualMount, usualNext } from "./usual.ts";
import { numbers, oneOf, wholeNumber } from "./values.ts";

/** A world that a text says, or what is wrong with the text. */
export type ParsedWorld =
  | {
      readonly ok: true;
      readonly world: World;
      /** What its namespaces are called. */
      readonly names: ReadonlyMap<string, NsKey>;
    }
  | {
      readonly ok: false;
      /** Counted from 1. */
      readonly line: number;
      readonly rule: DrawingRule | WorldTextRule;
      readonly message: string;
    };

const firstWord = (line: string): string => /^\s*([^\s#]*)/.exec(line)?.[1] ?? "";

/** Whether a text says more than which namespaces there are: else it is a drawing, and can be built on every kernel. */
export const saysWholeWorld = (text: string): boolean => text.split("\n").some((line) => isStateWord(firstWord(line)));

/**
 * Reads a world as `printWorld` writes it, or as somebody else does: the lines behind the drawing may stand in any order.
 * It is made as it is said, without calls, so that it need not be one that calls can lead to. `message` is in `language`.
 * `release`: the kernel that it is to behave as, whatever the text says.
 */
export function parseWorld(text: string, language: Language = "en", release?: string): ParsedWorld {
  const lines = text.split("\n");
  const isDrawn = (line: string): boolean => !isStateWord(firstWord(line));
  try {
    for (const [index, line] of lines.entries()) {
      const word = firstWord(line);
      const isPlace = word === "" || word.includes(":") || isStateWord(word);
      if (!isPlace) throw new TextFault(index + 1, "no-word", { name: word, text: word, near: STATE_WORDS.join(", ") });
    }
    const drawing = parseDrawing(lines.map((line) => (isDrawn(line) ? line : "")).join("\n"), language);
    if (!drawing.ok) return drawing;
    const statements = lines.flatMap((line, index) => (isDrawn(line) ? [] : [readStatement(index + 1, line)]));
    return { ok: true, ...worldOf(drawing, statements, release) };
  } catch (error) {
    if (!(error instanceof TextFault)) throw error;
    const { line, rule, about } = error;
    return { ok: false, line, rule, message: WORLD_TEXT_ERRORS[rule][language](about) };
  }
}

function worldOf(
  { namespaces: drawn, lines }: Extract<ReturnType<typeof parseDrawing>, { ok: true }>,
  statements: readonly Statement[],
  wished: string | undefined,
): { readonly world: World; readonly names: ReadonlyMap<string, NsKey> } {
  const of = (word: StateWord): readonly Statement[] => statements.filter((said) => said.word === word);
  const [kernel = nobodySaid("kernel", NEWEST_RELEASE), second] = of("kernel");
  if (second !== undefined) throw second.wrong("said-twice", { text: "kernel" });
  const devices = oneOf(kernel, "devices", ["one", "two"], "one");
  const release = wished ?? kernel.subject;
  const booted = boot({ release, devices });
  const places = new Places(booted.initial);
  const read = readNamespaces({ drawn, lines, ns: of("ns"), maps: of("map"), booted }, places);
  const files = Array.from(bySubject(of("file")).values(), (said) => ({ said, file: readFile(said, places) }));
  readMounts(of("mount"), places, read);
  const holdings = new Holdings(places);
  for (const { said, file } of files) holdings.file(said, file);
  const tasks = readTasks(inOrder(of("task"), kernel), places, holdings);
  holdings.mustBeHeld();

  const first = taskName(kernel.text("first") ?? FIRST);
  const latest = [...tasks.values()].reduce((last, { task }) => Math.max(last, task.startTime), 0);
  const usual = usualNext(booted, drawn.length);
  const world: Omit<World, "nextMount"> = {
    release,
    ...complete(read, tasks, holdings.files.values()),
    ...{ initial: booted.initial, first },
    tasks: byName(tasks),
    files: holdings.files,
    tables: holdings.tables,
    fss: holdings.fss,
    memories: holdings.memories,
    numbering: { devices, nextInode: wholeNumber(kernel, "next-inode", usual.inode), free: freeList(kernel) },
    nextNamespace: wholeNumber(kernel, "next-id", usual.id),
    ticks: wholeNumber(kernel, "ticks", latest),
  };
  const mount = usualMount(world);
  const nextMount = wholeNumber(kernel, "next-mount", mount, { least: mount, most: GREATEST_KEY });
  return { world: { ...world, nextMount }, names: places.names() };
}

const GREATEST_KEY = 0xffffffff;

/** A line that was left out. */
const nobodySaid = (word: StateWord, subject: string, values: readonly [string, string][] = []): Statement =>
  new Statement(0, word, subject, new Map(values.map(([key, value]) => [key, [value]])));

/** The tasks that every machine starts with come first, whether anybody says them or not. */
function inOrder(said: readonly Statement[], kernel: Statement): readonly Statement[] {
  const early = FIRST_TASKS.flatMap(([name, number]): readonly Statement[] => {
    const own = said.filter(({ subject }) => subject === name);
    if (own.length > 0 || (name === "shell" && kernel.has("shell-ended"))) return own;
    return [nobodySaid("task", name, [["pid", `${number}`]])];
  });
  const isEarly = new Set(early);
  return [...early, ...said.filter((one) => !isEarly.has(one))];
}

function byName(tasks: ReadonlyMap<TaskName, { readonly task: Task }>): PersistentMap<TaskName, Task> {
  let found: PersistentMap<TaskName, Task> = new NameMap<TaskName, Task>();
  for (const [name, { task }] of tasks) found = found.set(name, task);
  return found;
}

function freeList(kernel: Statement): FreeList {
  return numbers(kernel, "free-inodes", 0xffffffff).reduceRight<FreeList>(
    (rest, inode) => ({ inode, rest }),
    undefined,
  );
}
