import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { inodeOf, type NamespaceId } from "../../src/abi/ids.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { ProcLink } from "../../src/abi/proc-links.ts";
import { must } from "../../src/kernel/build-world.ts";
import { namespaceIn, taskName, type Call, type TaskName, type Value } from "../../src/kernel/call.ts";
import { openLiveActor, type LiveActor } from "../../src/kernel/live/actor.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { theAddon } from "../support/the-addon.ts";
import { runProgram } from "./run-program.ts";

const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD } = CLONE_FLAGS;
const THREAD = CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_FILES;
const flagOf = (kind: NamespaceKind): number => NAMESPACE_KINDS[kind].flag;
const [P, C, T] = [taskName("p"), taskName("c"), taskName("t")];

/** What `why --json` says of a holder, as far as this test follows it. */
interface Told {
  readonly kind: string;
  readonly release: {
    readonly do: string;
    readonly pid?: number;
    readonly tid?: number;
    readonly fd?: number;
    readonly path?: string;
    readonly namespace?: NamespaceId;
  };
}

/** Namespaces of the running kernel, and whoever does what nsatlas says would let go of them. */
class Stage implements Disposable {
  readonly actor: LiveActor = openLiveActor(theAddon());
  readonly first = this.actor.first;
  readonly #names = new Map<number, { readonly task: TaskName; readonly parent: TaskName }>();

  call(caller: TaskName, call: Call): number {
    return must(this.actor, caller, call);
  }
  clone(parent: TaskName, as: TaskName, flags = 0): void {
    this.call(parent, { op: "clone", flags, as });
    this.#names.set(this.actor.pidOf(as), { task: as, parent });
  }
  end(task: TaskName, parent: TaskName): void {
    this.call(task, { op: "exit" });
    while (this.call(parent, { op: "wait", child: task }) === 0);
    // The program that runs the tasks watches each by a pidfd, and forgets those that have ended when the next one begins.
    this.call(this.first, { op: "clone", flags: 0, as: taskName(`after ${task}`) });
  }
  /** In the mount namespace of the test, which looks. */
  mount(of: TaskName, link: ProcLink, path: string): void {
    writeFileSync(path, "");
    execFileSync("mount", ["--bind", `/proc/${this.actor.pidOf(of)}/ns/${link}`, path]);
  }
  idOf(of: TaskName, link: ProcLink): NamespaceId {
    const id = namespaceIn(this.#value(of, { op: "stat", of, link }));
    if (id === undefined) throw new Error(`${of} shows no ${link}`);
    return id;
  }
  /** A handle of the namespace: it opens by it as long as it is there, and holds nothing. */
  handleOf(of: TaskName, link: ProcLink): Value {
    const fd = this.call(this.first, { op: "open", of, link });
    const handle = this.#value(this.first, { op: "name_to_handle_at", fd });
    this.call(this.first, { op: "close", fd });
    return handle;
  }
  /** Whether it opens by its handle. The kernel takes a moment to clear a namespace away. */
  isThere(value: Value): boolean {
    if (typeof value !== "object" || !("handle" in value)) throw new TypeError("no handle");
    const opened = this.actor.call(this.first, {
      op: "open_by_handle_at",
      mount: "FD_NSFS_ROOT",
      handle: value.handle,
    });
    if (opened.ok) this.call(this.first, { op: "close", fd: Number(opened.value) });
    else expect(opened.errno).toBe("ESTALE");
    return opened.ok;
  }
  endsSoon(handle: Value): boolean {
    for (const until = Date.now() + ENDS_WITHIN_MS; this.isThere(handle); pause()) if (Date.now() > until) return false;
    return true;
  }

  /**
   * The holders that `why` tells of, less the pidfds by which the test's own program watches its processes, and the files of
   * whoever looks at the machine at the same time.
   */
  async why(kind: NamespaceKind, id: NamespaceId): Promise<readonly Told[]> {
    const observer = new LiveObserver(theAddon());
    const { out, exit } = await runProgram(["why", `${kind}:[${inodeOf(id)}]`, "--json"], { observer });
    const holders: readonly Told[] = JSON.parse(out).holders;
    const told = holders.filter(
      ({ kind: holder, release: { pid } }) =>
        !(holder === "pidfd" || holder === "descriptor") || this.#names.has(pid ?? 0),
    );
    expect(exit).toBe(0);
    return told;
  }
  /** Does what it says would let go. */
  release({ release }: Told): void {
    const { task, parent = this.first } = this.#names.get(release.tid ?? release.pid ?? 0) ?? {};
    if (release.do === "unmount") execFileSync("umount", [release.path ?? ""]);
    else if (task === undefined) throw new Error(`${JSON.stringify(release)} is about a stranger`);
    else if (release.do === "close") this.call(task, { op: "close", fd: release.fd ?? -1 });
    else if (release.do === "end-thread") this.call(task, { op: "exit-thread" });
    else if (release.do === "end-process") this.end(task, parent);
    else throw new Error(`nobody knows how to ${release.do}`);
  }
  [Symbol.dispose](): void {
    this.actor[Symbol.dispose]();
  }

  #value(by: TaskName, call: Call): Value {
    const outcome = this.actor.call(by, call);
    if (!outcome.ok) throw new Error(`${call.op} by ${by} was refused: ${outcome.errno}`);
    return outcome.value;
  }
}

const ENDS_WITHIN_MS = 5000;
const PAUSE_MS = 10;
const pause = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, PAUSE_MS);
};

interface Held {
  readonly kind: NamespaceKind;
  readonly id: NamespaceId;
  readonly handle: Value;
}
const held = (stage: Stage, of: TaskName, link: ProcLink, kind: NamespaceKind): Held => ({
  kind,
  id: stage.idOf(of, link),
  handle: stage.handleOf(of, link),
});

/** Who holds a namespace: the kinds that `why` has to tell, and how the hold comes about. */
interface Row {
  readonly holders: readonly string[];
  readonly make: (stage: Stage, folder: string) => Held;
}

const ROWS: Readonly<Record<string, Row>> = {
  "a process": {
    holders: ["process"],
    make: (stage) => {
      stage.clone(stage.first, P, flagOf("uts"));
      return held(stage, P, "uts", "uts");
    },
  },
  "a thread": {
    holders: ["thread"],
    make: (stage) => {
      stage.clone(stage.first, P);
      stage.clone(P, T, THREAD);
      stage.call(T, { op: "unshare", flags: flagOf("ipc") });
      return held(stage, T, "ipc", "ipc");
    },
  },
  "a process, for its children": {
    holders: ["for-children"],
    make: (stage) => {
      stage.clone(stage.first, P);
      stage.call(P, { op: "unshare", flags: flagOf("time") });
      return held(stage, P, "time_for_children", "time");
    },
  },
  "two open files": {
    holders: ["descriptor", "descriptor"],
    make: (stage) => {
      stage.clone(stage.first, P);
      stage.clone(P, C, flagOf("net"));
      const it = held(stage, C, "net", "net");
      stage.call(P, { op: "dup", fd: stage.call(P, { op: "open", of: C, link: "net" }) });
      stage.end(C, P);
      return it;
    },
  },
  "a socket": {
    holders: ["socket"],
    make: (stage) => {
      stage.clone(stage.first, P);
      const back = stage.call(P, { op: "open", of: P, link: "net" });
      stage.call(P, { op: "unshare", flags: flagOf("net") });
      const it = held(stage, P, "net", "net");
      stage.call(P, { op: "open-other", what: "inet-socket" });
      stage.call(P, { op: "setns", fd: back, nstype: 0 });
      stage.call(P, { op: "close", fd: back });
      return it;
    },
  },
  "a mount and an open file": {
    holders: ["descriptor", "bind-mount"],
    make: (stage, folder) => {
      stage.clone(stage.first, P);
      stage.clone(P, C, flagOf("uts"));
      const it = held(stage, C, "uts", "uts");
      stage.call(P, { op: "open", of: C, link: "uts" });
      stage.mount(C, "uts", `${folder}/pin`);
      stage.end(C, P);
      return it;
    },
  },
  "a process and a pidfd": {
    holders: ["process", "pidfd"],
    make: (stage) => {
      stage.clone(stage.first, P);
      stage.clone(P, C, flagOf("pid"));
      stage.call(P, { op: "pidfd_open", of: C, flags: 0 });
      return held(stage, C, "pid", "pid");
    },
  },
};

describe(
  "what why says would let go of a namespace does",
  needs("root", "native", "user-namespaces", "package:util-linux"),
  () => {
    test.each(Object.entries(ROWS))("held by %s", async (_, { holders, make }) => {
      using folder = temporaryFolder();
      using stage = new Stage();
      const it = make(stage, folder.path);
      const told = await stage.why(it.kind, it.id);
      expect(told.map(({ kind }) => kind)).toEqual(holders);
      for (const holder of told) {
        expect(stage.isThere(it.handle)).toBe(true);
        stage.release(holder);
      }
      expect(stage.endsSoon(it.handle)).toBe(true);
    });

    test("held by a child and by what it owns: each step down says what to do", async () => {
      using stage = new Stage();
      stage.clone(stage.first, P, flagOf("user"));
      // Without a map nobody may make another one in it.
      for (const file of ["uid_map", "gid_map"] as const)
        stage.call(stage.first, { op: "write", of: P, file, text: "0 0 1" });
      stage.clone(P, C, flagOf("user") | flagOf("net"));
      const [above, below] = [held(stage, P, "user", "user"), held(stage, C, "user", "user")];
      const net = held(stage, C, "net", "net");
      const [process, child] = await stage.why("user", above.id);
      expect([process?.kind, child?.kind, child?.release]).toEqual([
        "process",
        "child",
        expect.objectContaining({ do: "let-go", namespace: below.id }),
      ]);
      expect((await stage.why("user", below.id)).map(({ kind, release }) => [kind, release.namespace])).toEqual([
        ["process", undefined],
        ["owned", net.id],
      ]);
      // The child's end lets go of three, but of what still has a process.
      stage.end(C, P);
      expect([stage.endsSoon(net.handle), stage.endsSoon(below.handle)]).toEqual([true, true]);
      expect(stage.isThere(above.handle)).toBe(true);
      const [left, ...none] = await stage.why("user", above.id);
      expect(none).toEqual([]);
      if (left !== undefined) stage.release(left);
      expect(stage.endsSoon(above.handle)).toBe(true);
    });

    test("the age of what a mount holds is bounded by when its file began", async () => {
      using folder = temporaryFolder();
      using stage = new Stage();
      const before = Date.now();
      stage.clone(stage.first, P, flagOf("uts"));
      stage.mount(P, "uts", `${folder.path}/pin`);
      const id = stage.idOf(P, "uts");
      stage.end(P, stage.first);
      const after = Date.now();
      while (Date.now() < after + 1200) pause();
      const observer = new LiveObserver(theAddon());
      const { out } = await runProgram(["leaks", "--json", "--as-seen"], { observer, now: new Date() });
      const leak = JSON.parse(out).namespaces.find((one: { id: NamespaceId }) => one.id === id);
      expect(leak).toMatchObject({ state: "leaked", atLeastSeconds: 1 });
      const since = Date.parse(leak.existsSince);
      // File times come from a clock with steps of some milliseconds.
      expect(since).toBeGreaterThan(before - 50);
      expect(since).toBeLessThanOrEqual(after);
      execFileSync("umount", [`${folder.path}/pin`]);
    });
  },
);
