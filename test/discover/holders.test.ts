import { describe, expect, test } from "vitest";
import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import type { NamespaceId } from "../../src/abi/ids.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import type { ProcLink } from "../../src/abi/proc-links.ts";
import { discover, type DiscoverWish } from "../../src/discover/discover.ts";
import type { Actor } from "../../src/kernel/actor.ts";
import { must } from "../../src/kernel/build-world.ts";
import { namespaceIn, taskName, type TaskName } from "../../src/kernel/call.ts";
import { openLiveActor } from "../../src/kernel/live/actor.ts";
import { trackFds } from "../../src/kernel/live/fd.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import type { Observer } from "../../src/kernel/observer.ts";
import { holdersOf } from "../../src/snapshot/holders.ts";
import { inconsistencies } from "../../src/snapshot/consistency.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import { needs } from "../support/needs.ts";
import { theAddon } from "../support/the-addon.ts";

const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD } = CLONE_FLAGS;
const OWN_TABLE = CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD;
const THREAD = OWN_TABLE | CLONE_FILES;
const flagOf = (kind: keyof typeof NAMESPACE_KINDS): number => NAMESPACE_KINDS[kind].flag;

const [P, T, C] = [taskName("p"), taskName("t"), taskName("c")];

/** Processes of a kernel, and how to look at them. */
interface Stage extends Disposable {
  readonly actor: Actor;
  /** The number that a task has, or had, for the observer. */
  numberOf(task: TaskName): number;
  readonly observer: Observer;
}

const KERNELS: Readonly<Record<string, { needs: ReturnType<typeof needs>; open: () => Stage }>> = {
  "the model": {
    needs: needs(),
    open: () => {
      const actor = new ModelActor();
      const viewer = taskName("viewer");
      must(actor, actor.first, { op: "clone", flags: 0, as: viewer });
      const numberOf = (task: TaskName): number =>
        actor.world.tasks.get(task)?.numbers.find(({ ns }) => ns === actor.world.initial.pid)?.number ?? 0;
      return {
        actor,
        numberOf,
        observer: new ModelObserver(() => actor.world, viewer),
        [Symbol.dispose]: () => actor[Symbol.dispose](),
      };
    },
  },
  "the running kernel": {
    needs: needs("native", "root", "user-namespaces"),
    open: () => {
      const actor = openLiveActor(theAddon());
      return {
        actor,
        numberOf: (task) => actor.pidOf(task),
        observer: new LiveObserver(theAddon()),
        [Symbol.dispose]: () => actor[Symbol.dispose](),
      };
    },
  },
};

/** What was seen, in the words of a test: who holds what, by the names of tasks. */
class Scene {
  readonly #stage: Stage;
  readonly #names = new Map<number, TaskName>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  call(caller: TaskName, call: Parameters<Actor["call"]>[1]): number {
    return must(this.#stage.actor, caller, call);
  }
  clone(caller: TaskName, as: TaskName, flags = 0): TaskName {
    this.call(caller, { op: "clone", flags, as });
    this.#names.set(this.#stage.numberOf(as), as);
    return as;
  }
  /** Which namespace a task is in, or its children will be. */
  idOf(of: TaskName, link: ProcLink): NamespaceId {
    const seen = this.#stage.actor.call(of, { op: "stat", of, link });
    const id = seen.ok ? namespaceIn(seen.value) : undefined;
    if (id === undefined) throw new Error(`${of} shows no ${link}`);
    return id;
  }
  isOf(name: TaskName, pid: number): boolean {
    return this.#names.get(pid) === name;
  }
  end(parent: TaskName, child: TaskName): void {
    this.call(child, { op: "exit" });
    while (this.call(parent, { op: "wait", child }) === 0);
  }
  async look(wish: DiscoverWish = {}): Promise<SnapshotIndex> {
    const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
    const snapshot = await discover(this.#stage.observer, wish, stamp);
    if (!snapshot.ok) throw new Error(`discovery was refused: ${snapshot.errno}`);
    expect([...inconsistencies(snapshot.value)].map(({ place, message }) => `${place.en}: ${message.en}`)).toEqual([]);
    return indexSnapshot(snapshot.value);
  }
  /** `descriptor of p`, `thread t of p`; without who looks at the machine at the same time and has all open for that long. */
  async holders(id: NamespaceId, wish: DiscoverWish = {}): Promise<string[]> {
    return this.holdersIn(await this.look(wish), id);
  }
  holdersIn(index: SnapshotIndex, id: NamespaceId): string[] {
    const words = holdersOf(index, id).map((holder) => {
      const name = (pid: number): string => this.#names.get(pid) ?? "a stranger";
      if (holder.kind === "bind-mount") return "a mount";
      if (holder.kind === "mount") return `a ${holder.mount.fileSystem}`;
      if (holder.kind === "child" || holder.kind === "owned") return `${holder.kind} ${holder.namespace.kind}`;
      const of = ` of ${name(holder.process.pid)}`;
      if (holder.kind === "thread") return `thread ${name(holder.thread.tid)}${of}`;
      const tid = "descriptor" in holder ? holder.descriptor.tid : "thread" in holder ? holder.thread?.tid : undefined;
      return `${holder.kind}${tid === undefined ? "" : ` by ${name(tid)}`}${of}`;
    });
    return words.filter((text) => text !== "descriptor of a stranger");
  }
}

describe.each(Object.entries(KERNELS))("on %s", (_, kernel) => {
  const scene = (name: string, play: (scene: Scene, first: TaskName) => Promise<void>): void => {
    test(name, kernel.needs, async () => {
      const open = trackFds();
      {
        using stage = kernel.open();
        await play(new Scene(stage), stage.actor.first);
      }
      expect([...open.values()].filter((error) => error.stack?.includes("discover"))).toEqual([]);
    });
  };

  scene("a thread holds what it is in alone", async (scene, first) => {
    scene.clone(first, P);
    scene.clone(P, T, THREAD);
    scene.call(T, { op: "unshare", flags: flagOf("uts") });
    const uts = scene.idOf(T, "uts");
    const index = await scene.look();
    expect(scene.holdersIn(index, uts)).toEqual(["thread t of p"]);
    expect(index.namespaces.get(uts)?.owner).toEqual({ to: index.snapshot.viewpoint.namespaces.user });
    // It is in all the others that its process is in.
    expect(index.snapshot.threads.find(({ namespaces }) => namespaces.uts === uts)?.namespaces).toEqual({ uts });
    expect((await scene.look({ without: ["threads"] })).namespaces.has(uts)).toBe(false);
  });

  scene("a thread goes on where its leader has ended, and what it has open is found by it", async (scene, first) => {
    scene.clone(first, P);
    scene.clone(P, C, flagOf("uts"));
    const uts = scene.idOf(C, "uts");
    scene.call(P, { op: "open", of: C, link: "uts" });
    scene.end(P, C);
    scene.clone(P, T, THREAD);
    scene.call(T, { op: "unshare", flags: flagOf("ipc") });
    const ipc = scene.idOf(T, "ipc");
    scene.call(P, { op: "exit-thread" });
    const index = await scene.look();
    expect(scene.holdersIn(index, ipc)).toEqual(["thread t of p"]);
    expect(scene.holdersIn(index, uts)).toEqual(["descriptor by t of p"]);
  });

  scene("a pid namespace for children is found before its first process, and after", async (scene, first) => {
    scene.clone(first, P);
    scene.call(P, { op: "unshare", flags: flagOf("pid") });
    const before = await scene.look();
    const unborn = [...before.forChildren.keys()].filter((id) =>
      scene.holdersIn(before, id).includes("for-children of p"),
    );
    scene.clone(P, C);
    const pid = scene.idOf(C, "pid");
    expect(unborn).toEqual([pid]);
    scene.end(P, C);
    expect(await scene.holders(pid)).toEqual(["for-children of p"]);
  });

  scene("a time namespace for children is found before anybody is in it", async (scene, first) => {
    scene.clone(first, P);
    scene.call(P, { op: "unshare", flags: flagOf("time") });
    expect(await scene.holders(scene.idOf(P, "time_for_children"))).toEqual(["for-children of p"]);
  });

  scene("an open file holds what nobody is in any more, and its owner", async (scene, first) => {
    scene.clone(first, P);
    scene.clone(P, C, flagOf("user") | flagOf("net"));
    const [user, net] = [scene.idOf(C, "user"), scene.idOf(C, "net")];
    scene.call(P, { op: "open", of: C, link: "net" });
    scene.end(P, C);
    const index = await scene.look();
    expect(scene.holdersIn(index, net)).toEqual(["descriptor of p"]);
    expect(scene.holdersIn(index, user)).toEqual(["owned net"]);
    const [descriptor] = index.descriptors.get(net) ?? [];
    expect(descriptor?.closeOnExec).toBe(true);
  });

  scene("a thread with a table of its own is told apart", async (scene, first) => {
    scene.clone(first, P);
    scene.clone(P, C, flagOf("uts"));
    const uts = scene.idOf(C, "uts");
    scene.clone(P, T, OWN_TABLE);
    scene.call(T, { op: "open", of: C, link: "uts" });
    scene.end(P, C);
    expect(await scene.holders(uts)).toEqual(["descriptor by t of p"]);
  });

  scene("a socket holds the network namespace that its process has left", async (scene, first) => {
    scene.clone(first, P);
    const back = scene.call(P, { op: "open", of: P, link: "net" });
    scene.call(P, { op: "unshare", flags: flagOf("net") });
    const net = scene.idOf(P, "net");
    scene.call(P, { op: "open-other", what: "inet-socket" });
    scene.call(P, { op: "setns", fd: back, nstype: 0 });
    scene.call(P, { op: "close", fd: back });
    const index = await scene.look();
    expect(scene.holdersIn(index, net)).toEqual(["socket of p"]);
    expect(index.namespaces.get(net)?.owner).toEqual({ to: index.snapshot.viewpoint.namespaces.user });
    expect((await scene.look({ without: ["sockets"] })).namespaces.has(net)).toBe(false);
  });

  scene(
    "a pidfd holds the pid namespace of its process; of one that was waited for, nobody knows which",
    async (scene, first) => {
      scene.clone(first, P);
      scene.clone(P, C, flagOf("pid"));
      const pid = scene.idOf(C, "pid");
      const fd = scene.call(P, { op: "pidfd_open", of: C, flags: 0 });
      // Whoever started the process on the running kernel has a pidfd of it too.
      const holders = (await scene.holders(pid)).filter((words) => !words.endsWith("a stranger"));
      expect(holders).toEqual(["process of c", "pidfd of p"]);
      scene.end(P, C);
      const index = await scene.look();
      const pidfds = index.snapshot.descriptors.filter(({ pid, what }) => what === "pidfd" && scene.isOf(P, pid));
      expect(pidfds).toMatchObject([{ fd, target: "ended" }]);
      const row = index.snapshot.coverage.find(({ source }) => source === "descriptors");
      expect(row?.seen).toBeGreaterThan(0);
    },
  );
});
