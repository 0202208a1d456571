import { CLONE_FLAGS } from "../../abi/constants.ts";
import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Actor } from "../../kernel/actor.ts";
import { taskName, type TaskName } from "../../kernel/call.ts";
import { linkTarget } from "../../kernel/model/memberships.ts";
import { namespaceOf } from "../../kernel/model/view.ts";
import type { Namespace, NsKey, Task, World } from "../../kernel/model/world.ts";
import { EvidenceMissing, seenOr } from "../seen/evidence.ts";
import type { Situation } from "../situation.ts";
import { Builder } from "./builder.ts";
import type { Standing } from "./copy.ts";
import { copyDescriptors } from "./copied-descriptors.ts";
import { IdMaps } from "./copied-maps.ts";
import { takeCapabilities, takeIds } from "./copied-credentials.ts";
import { Descriptors } from "./descriptors.ts";
import { onlyIds, type Footing, type Me } from "./footing.ts";
import type { Needs } from "./needs.ts";

/** How a copy is built. */
export interface CopyWish {
  readonly needs: Needs;
  readonly footing: Footing;
  readonly me: Me;
  readonly behind: Standing["behind"];
}

/** A copied situation, and what it lacks. */
export interface Copied {
  readonly standing: Standing;
  readonly notes: readonly string[];
}

/**
 * Builds the part of a situation that calls speak of, with nothing but calls by throw-away processes: the chain of user
 * namespaces with creators and maps, the namespaces they own, and a process for each one named, with its credentials. The
 * namespaces that the situation's first process is in are stood for by those of the copy's. Throws `BuildRefused` and
 * `EvidenceMissing` where a namespace or process cannot be had at all.
 */
export function worldCopy(actor: Actor, situation: Situation, wish: CopyWish): Copied {
  return new WorldCopy(actor, situation, wish).build();
}

class WorldCopy {
  readonly #situation: Situation;
  readonly #world: World;
  readonly #wish: CopyWish;
  readonly #builder: Builder;
  readonly #maps: IdMaps;
  readonly #top: Partial<Record<NamespaceKind, NsKey>>;
  /** The first task's descriptors. */
  readonly #fds = new Map<NsKey, number>();
  /** Whoever is number 1 of a copied pid namespace, where it stands for somebody. */
  readonly #firsts = new Map<NsKey, TaskName>();

  constructor(actor: Actor, situation: Situation, wish: CopyWish) {
    this.#situation = situation;
    this.#world = situation.world;
    this.#wish = wish;
    this.#builder = new Builder(actor);
    const first = this.#world.tasks.get(this.#world.first);
    const own = (kind: NamespaceKind): NsKey | undefined =>
      first === undefined ? undefined : seenOr(() => linkTarget(first, kind));
    this.#top = { ...this.#world.initial, ...definedOnly(Object.fromEntries(KINDS.map((kind) => [kind, own(kind)]))) };
    this.#maps = new IdMaps(this.#builder, this.#world, { top: this.#top.user, only: onlyIds(wish.footing, wish.me) });
  }

  build(): Copied {
    const { needs, behind } = this.#wish;
    const { actor } = this.#builder;
    const { first } = actor;
    for (const kind of KINDS) {
      const key = this.#top[kind];
      if (key !== undefined) this.#fds.set(key, this.#builder.link(first, kind));
    }
    const tasks = [...needs.tasks].flatMap((name) => this.#world.tasks.get(name) ?? []);
    const all = [...needs.namespaces, ...tasks.flatMap((task) => this.#namespacesOf(task))];
    const keys = [...new Set(all)].filter((key) => this.#world.namespaces.has(key));
    // Those of pid last: their first processes are in others.
    const isPid = (key: NsKey): boolean => namespaceOf(this.#world, key).kind === "pid";
    for (const key of keys) if (!isPid(key)) this.#namespace(key);
    for (const key of keys) if (isPid(key)) this.#namespace(key);
    for (const task of tasks) this.#task(task);
    const fds = new Descriptors();
    copyDescriptors(this.#builder, this.#world, { wanted: needs.descriptors, called, kept: this.#fds, fds });
    const standing: Standing = {
      actor,
      fds,
      warden: first,
      called,
      kept: this.#fds,
      behind,
      keyOf: (name) => this.#situation.names.key(name),
    };
    return { standing, notes: this.#builder.notes };
  }

  /** All that a process is in, as far as it was seen. */
  #namespacesOf(task: Task): NsKey[] {
    return LINKED.flatMap((link) => seenOr(() => linkTarget(task, link)) ?? []);
  }

  #namespace(key: NsKey): void {
    if (this.#fds.has(key)) return;
    const namespace = namespaceOf(this.#world, key);
    if (namespace.kind === "user") this.#user(namespace);
    else this.#owned(namespace);
  }

  #user(namespace: Namespace): void {
    const parent = this.#parentOf(namespace);
    this.#namespace(parent);
    const maker = this.#builder.walker();
    const creator = seenOr(() => namespace.user?.creatorUid);
    if (creator !== undefined) {
      const ids = { ruid: creator, euid: creator, suid: creator, fsuid: creator };
      takeIds(this.#builder, maker, ids, this.#wish);
    }
    this.#enter(maker, parent);
    const keeper = this.#keeper(namespace, maker);
    this.#maps.write(namespace, { parent, maker, keeper });
  }

  #owned(namespace: Namespace): void {
    const { kind, key } = namespace;
    const { flag } = NAMESPACE_KINDS[kind];
    const owner = seenOr(() => namespace.owner) ?? this.#topUser();
    // Before the maker, who has a copy of what the first task has open by then.
    this.#namespace(owner);
    if (kind === "pid") this.#namespace(this.#parentOf(namespace));
    const standsFor = kind === "pid" ? this.#firstIn(key) : undefined;
    let maker = this.#builder.walker();
    let user = owner;
    if (standsFor !== undefined) {
      user = standsFor.credentials.user;
      takeIds(this.#builder, maker, standsFor.credentials, this.#wish);
    }
    const stages = this.#stagesTo(user);
    const last = Math.max(stages.indexOf(owner), 0);
    this.#walk(maker, standsFor, { stages, from: 0, to: last });
    if (kind === "pid") {
      const parent = this.#parentOf(namespace);
      // Only somebody in a pid namespace makes one below.
      if (parent !== this.#top.pid) {
        this.#join(maker, parent);
        maker = this.#builder.child(maker, 0, taskName(`what-if-maker-${key}`));
      }
    }
    if (kind === "time") this.#builder.must(maker, { op: "unshare", flags: flag });
    if (standsFor !== undefined) this.#firsts.set(key, standsFor.name);
    const keeper = this.#keeper(namespace, maker, standsFor && called(standsFor.name));
    const init = seenOr(() => namespace.pid?.init);
    if (init === "dead") this.#builder.end(keeper);
  }

  /** A process in a new namespace, which the first task has a descriptor of from now on. */
  #keeper({ kind, key }: Namespace, maker: TaskName, as = taskName(`what-if-keeper-${key}`)): TaskName {
    const keeper = this.#builder.child(maker, kind === "time" ? 0 : NAMESPACE_KINDS[kind].flag, as);
    this.#fds.set(key, this.#builder.link(keeper, kind));
    return keeper;
  }

  #task(task: Task): void {
    const { name, credentials } = task;
    const user = seenOr(() => credentials.user) ?? this.#topUser();
    const stages = this.#stagesTo(user);
    const end = stages.length - 1;
    const pid = seenOr(() => task.pid) ?? this.#top.pid;
    const as = called(name);
    if (pid === undefined || pid === this.#top.pid) {
      this.#builder.walker(as);
      takeIds(this.#builder, as, credentials, this.#wish);
      this.#walk(as, task, { stages, from: 0, to: end });
    } else {
      const split = Math.max(stages.indexOf(seenOr(() => namespaceOf(this.#world, pid).owner) ?? this.#topUser()), 0);
      if (this.#firsts.get(pid) !== name) {
        const before = this.#builder.walker();
        takeIds(this.#builder, before, credentials, this.#wish);
        this.#walk(before, task, { stages, from: 0, to: split });
        this.#join(before, pid);
        this.#builder.child(before, 0, as);
      }
      this.#walk(as, task, { stages, from: split + 1, to: end });
    }
    const children = seenOr(() => task.memberships?.pid_for_children);
    if (children !== undefined && children !== pid) this.#join(as, children);
    takeCapabilities(this.#builder, this.#world, task, { as, isTop: user === this.#top.user, wish: this.#wish });
    // One further thread, sharing what threads share, stands for all.
    const threads = seenOr(() => task.threads.size) ?? 0;
    if (threads > 0) this.#builder.child(as, THREAD, called(taskName(`${name}/thread`)));
    if (task.memberships === undefined) this.#builder.end(as);
  }

  /** From the top down to a user namespace. */
  #stagesTo(user: NsKey): NsKey[] {
    const stages: NsKey[] = [];
    for (let at = user; at !== this.#top.user; at = this.#parentOf(namespaceOf(this.#world, at))) stages.unshift(at);
    return [this.#topUser(), ...stages];
  }

  /** Enters one user namespace after the other, and in each the namespaces of a process that belong to it. */
  #walk(
    walker: TaskName,
    like: Task | undefined,
    { stages, from, to }: { readonly stages: readonly NsKey[]; readonly from: number; readonly to: number },
  ): void {
    const joins = like?.memberships === undefined ? [] : this.#joinsOf(like.memberships, stages);
    for (let stage = from; stage <= to; stage++) {
      const user = stages[stage];
      if (stage > 0 && user !== undefined) this.#join(walker, user);
      for (const { key, at } of joins) if (at === stage) this.#join(walker, key);
    }
  }

  #joinsOf(memberships: NonNullable<Task["memberships"]>, stages: readonly NsKey[]): { key: NsKey; at: number }[] {
    return JOINED.flatMap((link) => {
      const key = seenOr(() => memberships[link]);
      if (key === undefined || key === this.#top[link] || !this.#fds.has(key)) return [];
      const owner = seenOr(() => namespaceOf(this.#world, key).owner) ?? this.#topUser();
      // Into what belongs to others one has to come from above.
      return [{ key, at: Math.max(stages.indexOf(owner), 0) }];
    });
  }

  #enter(walker: TaskName, user: NsKey): void {
    const stages = this.#stagesTo(user);
    this.#walk(walker, undefined, { stages, from: 0, to: stages.length - 1 });
  }

  #join(walker: TaskName, key: NsKey): void {
    const { kind } = namespaceOf(this.#world, key);
    const [fd, nstype] = [this.#fds.get(key) ?? -1, NAMESPACE_KINDS[kind].flag];
    this.#builder.try(walker, { op: "setns", fd, nstype }, `setns ${this.#situation.names.of(key)}`);
  }

  #firstIn(key: NsKey): Task | undefined {
    const name = seenOr(() => namespaceOf(this.#world, key).pid?.tasks.get(1));
    return name !== undefined && this.#wish.needs.tasks.has(name) ? this.#world.tasks.get(name) : undefined;
  }

  #parentOf(namespace: Namespace): NsKey {
    const { parent, key } = namespace;
    if (parent === undefined) throw new EvidenceMissing({ what: "parent", of: this.#situation.names.of(key) });
    return parent;
  }

  #topUser(): NsKey {
    const { user } = this.#top;
    if (user === undefined) throw new EvidenceMissing({ what: "link", of: "self/user" });
    return user;
  }
}

/** Out of the way of the names that calls give. */
const called = (name: TaskName): TaskName => taskName(`what-if:${name}`);

const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD } = CLONE_FLAGS;
const THREAD = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;

const LINKED = ["user", "pid", "mnt", "uts", "ipc", "net", "cgroup", "pid_for_children", "time"] as const;
/** In this order: into a mount namespace last, where another /proc may be. */
const JOINED = ["uts", "ipc", "net", "cgroup", "time", "mnt"] as const;

const definedOnly = <T>(record: Record<string, T | undefined>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
