import type { FileKey, FileTarget, NsKey, OpenFile, PidfdTarget, Task, World } from "../world.ts";
import { credentialWords } from "./credentials.ts";
import type { NamesOfWorld } from "./names.ts";
import { quoted, said, sentence } from "./statement.ts";
import { USUAL_FLAGS } from "./usual.ts";

/**
 * The open files, each in a line of its own but for those that need none: the file of a namespace behind one descriptor
 * goes by the namespace's name. Files are named in the order of tasks and descriptors.
 */
export class FilesOfWorld {
  readonly #world: World;
  readonly #names: NamesOfWorld;
  readonly #known = new Map<FileKey, string>();
  readonly lines: string[] = [];

  constructor(world: World, names: NamesOfWorld) {
    this.#world = world;
    this.#names = names;
  }

  /** What stands behind the descriptor of a task. */
  of(key: FileKey, { credentials }: Task): string {
    const held = this.#world.files.held(key);
    if (held === undefined) throw new RangeError(`there is no open file ${key}`);
    const { target, flags, opener } = held.value;
    const isPlain = held.references === 1 && flags === USUAL_FLAGS.namespace && opener === credentials.user;
    if (target.type === "namespace" && target.mountId === undefined && isPlain) return this.#names.of(target.namespace);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = `f${this.#known.size + 1}`;
    this.#known.set(key, name);
    this.lines.push(sentence("file", name, ...this.#words(held.value)));
    return name;
  }

  #words({ target, flags, opener }: OpenFile): string[] {
    return [
      ...this.#target(target),
      said("flags", `0x${flags.toString(16)}`, `0x${USUAL_FLAGS[target.type].toString(16)}`),
      said("opener", this.#names.of(opener), "user:init"),
    ];
  }

  #target(target: FileTarget): readonly string[] {
    const place = (key: string, ns: NsKey, usual: string): string => said(key, this.#names.of(ns), usual);
    switch (target.type) {
      case "namespace":
        return [`namespace ${this.#names.of(target.namespace)}`, said("through", `${target.mountId ?? ""}`, "")];
      case "pidfd":
        return ["pidfd", ...this.#process(target)];
      case "map":
        return [
          `map ${target.file}`,
          place("user", target.user, "user:init"),
          `of ${quoted(target.of)}`,
          place("pid", target.pid, "pid:init"),
          said("offset", `${target.offset}`, "0"),
          place("as", target.opener.user, "user:init"),
          ...credentialWords(target.opener),
        ];
      case "socket":
        return [
          `socket ${target.family}`,
          place("net", target.net, "net:init"),
          ...(target.peer === undefined ? [] : ["peer", ...this.#process(target.peer)]),
        ];
      case "other":
        return [
          `other ${target.what}`,
          target.of === undefined ? "" : `of ${quoted(target.of)}`,
          target.pid === undefined ? "" : `pid ${this.#names.of(target.pid)}`,
          target.owner === undefined ? "" : `owner ${target.owner.uid},${target.owner.gid}`,
        ];
    }
  }

  /** A process, alive or not: where it has numbers are its pid namespace and those above. */
  #process({ task, thread, seenIn }: PidfdTarget): readonly string[] {
    const [innermost] = seenIn;
    return [quoted(task), said("pid", this.#names.of(innermost), "pid:init"), thread ? "thread" : ""];
  }
}
