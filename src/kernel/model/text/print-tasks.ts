import type { NamespaceKind } from "../../../abi/namespace-kinds.ts";
import type { FsKey, NsKey, Resources, Task, World } from "../world.ts";
import { credentialWords } from "./credentials.ts";
import type { NamesOfWorld } from "./names.ts";
import type { FilesOfWorld } from "./print-files.ts";
import { GONE } from "./read-holdings.ts";
import { quoted, said, sentence } from "./statement.ts";
import { FIRST_TASKS } from "./usual.ts";
import { yesNo } from "./values.ts";

/** The tasks, oldest first: who they are, where they are, and what they have. */
export function taskLines(world: World, names: NamesOfWorld, files: FilesOfWorld): string[] {
  const printer = new TaskPrinter(world, names, files);
  const early = new Map<string, number>(FIRST_TASKS.map(([name], at) => [name, at]));
  const rank = ({ name }: Task): number => early.get(name) ?? early.size;
  return [...world.tasks.values()]
    .toSorted((a, b) => rank(a) - rank(b) || a.startTime - b.startTime || (a.name < b.name ? -1 : 1))
    .map((task) => printer.line(task))
    .filter((line) => !AS_AT_START.has(line));
}

const AS_AT_START: ReadonlySet<string> = new Set(FIRST_TASKS.map(([name, number]) => `task ${name} pid ${number}`));

/** A name that a key may take, where `none` says that there is none. */
const nameOrNone = (name: string | undefined): string =>
  name === undefined ? "none" : name === "none" ? '"none"' : quoted(name);

class TaskPrinter {
  readonly #world: World;
  readonly #names: NamesOfWorld;
  readonly #files: FilesOfWorld;
  #start = 0;
  /** Who had each first that tasks may share. */
  readonly #holders = {
    table: new Map<number, string>(),
    fs: new Map<number, string>(),
    memory: new Map<number, string>(),
  };

  constructor(world: World, names: NamesOfWorld, files: FilesOfWorld) {
    this.#world = world;
    this.#names = names;
    this.#files = files;
  }

  line(task: Task): string {
    const { name, comm, leader, memberships, numbers, startTime } = task;
    const start = said("start", `${startTime}`, `${this.#start}`);
    this.#start = startTime + 1;
    const isThread = leader !== name;
    const usualParent = isThread ? this.#world.tasks.get(leader)?.parent : name === "init" ? undefined : "init";
    return sentence(
      "task",
      quoted(name),
      `pid ${numbers
        .map(({ number }) => number)
        .toReversed()
        .join(",")}`,
      isThread ? `thread-of ${quoted(leader)}` : "",
      said("parent", nameOrNone(task.parent), nameOrNone(usualParent)),
      ...this.#places(task),
      ...credentialWords(task.credentials),
      said("comm", quoted(comm), quoted(name)),
      said("cmdline", JSON.stringify(task.commandLine), JSON.stringify(name === "init" ? ["/sbin/init"] : [comm])),
      said("cgroup", quoted(task.cgroup), "/"),
      start,
      memberships === undefined ? "zombie" : "",
      ...(task.resources === undefined ? [] : this.#resources(task, task.resources)),
      task.endedDumpable === undefined ? "" : said("dumpable", yesNo(task.endedDumpable), "yes"),
      task.waitsFor === undefined ? "" : `waits-for ${quoted(task.waitsFor)}`,
      task.awaitedBy === undefined ? "" : `awaited-by ${quoted(task.awaitedBy)}`,
    );
  }

  #places({ memberships, credentials, pid }: Task): string[] {
    const { initial } = this.#world;
    const own: [NamespaceKind, NsKey][] = [
      ["user", credentials.user],
      ["pid", pid],
    ];
    if (memberships === undefined) return [this.#elsewhere("in", own, initial)];
    const { mnt, uts, ipc, net, cgroup, time } = memberships;
    own.push(["mnt", mnt], ["uts", uts], ["ipc", ipc], ["net", net], ["cgroup", cgroup], ["time", time]);
    const children: [NamespaceKind, NsKey][] = [
      ["pid", memberships.pid_for_children],
      ["time", memberships.time_for_children],
    ];
    return [this.#elsewhere("in", own, initial), this.#elsewhere("for-children", children, { pid, time })];
  }

  /** Those that are not where one would think. */
  #elsewhere(
    key: string,
    places: readonly (readonly [NamespaceKind, NsKey])[],
    usual: Partial<Record<NamespaceKind, NsKey>>,
  ): string {
    const names = places.filter(([kind, ns]) => usual[kind] !== ns).map(([, ns]) => this.#names.of(ns));
    return said(key, names.join(","), "");
  }

  #resources(task: Task, { table, fs, memory }: Resources): string[] {
    const words: string[] = [];
    const shared = (of: "table" | "fs" | "memory", key: number, word: string, own: () => string[]): void => {
      const holder = this.#holders[of].get(key);
      if (holder !== undefined) words.push(`${word} ${quoted(holder)}`);
      else words.push(...own());
      if (holder === undefined) this.#holders[of].set(key, task.name);
    };
    shared("memory", memory, "vm", () => {
      const of = this.#world.memories.get(memory);
      if (of === undefined) throw new RangeError(`${task.name} has lost its memory`);
      return [said("dumpable", yesNo(of.dumpable), "yes"), said("mm-user", this.#names.of(of.user), "user:init")];
    });
    shared("fs", fs, "fs", () => this.#root(task, fs));
    shared("table", table, "files", () => {
      const { descriptors = [], kept = [] } = this.#world.tables.get(table) ?? {};
      const fds = [...descriptors].map(([fd, file]) => `${fd}=${this.#files.of(file, task)}`);
      return [said("fds", fds.join(","), ""), said("keep", [...kept].toSorted((a, b) => a - b).join(","), "")];
    });
    return words;
  }

  #root({ name, memberships }: Task, fs: FsKey): string[] {
    const root = this.#world.fss.get(fs);
    if (root === undefined) throw new RangeError(`${name} has lost its root`);
    const { chrooted, mnt, locked } = root;
    const place = this.#world.namespaces.has(mnt) ? this.#names.of(mnt) : GONE;
    return [
      chrooted ? "chrooted" : "",
      mnt === memberships?.mnt ? "" : `root-in ${place}`,
      locked ? "root-locked" : "",
    ];
  }
}
