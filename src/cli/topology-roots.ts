import { pathOfRef } from "../discover/resolve-ref.ts";
import type { Observer } from "../kernel/observer.ts";
import type { Language } from "../messages/sentence.ts";
import { CHECKPOINT } from "../messages/topology-text.ts";
import { parseWho } from "../refs/who.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { rootsOfContainer } from "../topology/checkpoint/container-roots.ts";
import type { Root, RootFault } from "../topology/checkpoint/roots.ts";
import type { RootsIn } from "../topology/checkpoint/take.ts";
import { brief } from "./brief.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure, NOT_SEEN } from "./failure.ts";
import { findWho } from "./pid-answers.ts";
import { readRef, resolveIn, resolveOnMachine } from "./resolve.ts";
import type { ExternalWish } from "./restore/readings.ts";
import { namePidNamespace, pidNamespace } from "./who.ts";

/** What the words of a command name, look by look. */
export interface NamedRoots {
  readonly roots: RootsIn;
  /** Namespace files that discovery has to look at besides. */
  readonly files: readonly string[];
  /** The word that named a root, for messages. */
  wordOf(root: Root): string;
}

interface Words {
  /** WHO or REF. */
  readonly operands: readonly string[];
  /** Containers, pods, machines. */
  readonly names: readonly string[];
  /** Where what hangs from these ends. */
  readonly externals?: readonly ExternalWish[];
}

/**
 * Reads them. A bare number is a process. Files are resolved at once, before discovery opens any of its own; what a name means
 * is looked up in each look. Throws where a name breaks a rule; the function that it gives throws where nothing bears it.
 */
export function nameRoots(
  { operands, names, externals = [] }: Words,
  observer: Observer | undefined,
  language: Language,
): NamedRoots {
  const words = new Map<string, string>();
  const files: string[] = [];
  const readers = operands.map((text): RootsIn => {
    const reader = parseWho(text).ok
      ? whoReader(text, { observer, language, files })
      : refReader(text, { observer, language, files });
    return (index) => {
      const root = reader(index);
      words.set(keyOf(root), text);
      return [root];
    };
  });
  const ends = externals.map(({ key, ref }): RootsIn => {
    const reader = refReader(ref, { observer, language, files });
    return (index) => {
      const { id } = reader(index);
      const root = { of: "external", id, key } as const;
      words.set(keyOf(root), `${key}=${ref}`);
      return [root];
    };
  });
  const containers = names.map(
    (name): RootsIn =>
      (index) =>
        rootsNamed(index, name, language),
  );
  return {
    roots: (index) => [...readers, ...containers, ...ends].flatMap((read) => read(index)),
    files,
    wordOf: (root) => words.get(keyOf(root)) ?? String(root.of === "process" ? root.pid : root.id),
  };
}

const keyOf = (root: Root): string =>
  root.of === "process" ? `${root.pid}` : root.of === "external" ? `external ${root.id}` : root.id;

interface Reading {
  readonly observer: Observer | undefined;
  readonly language: Language;
  readonly files: string[];
}
type RootReader = (index: SnapshotIndex) => Root;
type NamespaceReader = (index: SnapshotIndex) => Extract<Root, { readonly of: "namespace" }>;

function whoReader(text: string, { observer, language, files }: Reading): RootReader {
  const parsed = parseWho(text);
  if (!parsed.ok) throw new RangeError(`${text} is no WHO`);
  const who = parsed.value;
  const within = who.in === undefined ? undefined : text.slice(text.indexOf("@") + 1);
  const source = within === undefined ? undefined : namePidNamespace(readRef(within, language), observer, language);
  if (source?.path !== undefined) files.push(source.path);
  return (index) => {
    const from = source && { id: pidNamespace(source, index, language).id, path: source.path };
    const { process } = findWho({ index, observer, who, text: brief(text), language, from });
    return { of: "process", pid: process.pid };
  };
}

function refReader(text: string, { observer, language, files }: Reading): NamespaceReader {
  const named = readRef(text, language);
  const onMachine = observer === undefined ? undefined : resolveOnMachine(named, observer, language);
  const path = observer === undefined ? undefined : pathOfRef(named.ref, observer.procRoot);
  if (path !== undefined) files.push(path);
  return (index) => ({ of: "namespace", id: (onMachine ?? resolveIn(index, named, language)).id });
}

function rootsNamed(index: SnapshotIndex, name: string, language: Language): readonly Root[] {
  const found = rootsOfContainer(index, name);
  if (found.ok) return found.roots;
  const about = { name: brief(name) };
  const failure = { exit: EXIT.usage, code: found.why === "none" ? NOT_SEEN : "NAME", subject: name };
  if (found.why === "none") {
    throw new CommandFailure({ ...failure, reason: CHECKPOINT["no-container"][language](about) });
  }
  const details = found.candidates.map(brief);
  throw new CommandFailure({ ...failure, reason: CHECKPOINT["several-containers"][language](about), details });
}

/** The failure for a root that nothing hangs from. */
export function rootFailure({ root, why }: RootFault, named: NamedRoots, language: Language): CommandFailure {
  const text = named.wordOf(root);
  const code = why === "own" ? "NAME" : NOT_SEEN;
  const reason = CHECKPOINT[why][language]({ text: brief(text) });
  return new CommandFailure({ exit: EXIT.usage, code, subject: text, reason });
}
