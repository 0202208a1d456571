import type { NamespaceId } from "../../abi/ids.ts";
import { hasCap } from "../../abi/capabilities.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { ProcessRecord } from "../../snapshot/types.ts";
import type { Person } from "../caller.ts";
import { governorOf, HIDDEN, isTop, type Ground } from "../ground.ts";
import type { AssumedFact, MissingFact } from "../proof.ts";
import { dumpableOf } from "../shown.ts";
import { yamaLeaves } from "../yama.ts";
import { actorOf, credentialsKey, insideUser, noMore, type Kin } from "./actors.ts";
import { becomingsOf } from "./become.ts";
import { Findings, type Ahead } from "./findings.ts";
import { attachCalls, handlesOf, keptCalls, ownDescriptors, pinnedIn, type Handle } from "./handles.ts";
import { after, hasExecuted, type Because, type PathNode, type ReachCall, type Way } from "./path.ts";
import { ownRights, realmsOf, rightOver, RIGHTS } from "./rights.ts";
import { nameOf, Searched, States, stateKey, type Member, type Leave, type State } from "./state.ts";
import { terrainOf, type Terrain } from "./terrain.ts";

/**
 * Breadth first over credentials and the user namespaces they are in. Who is in one of those with every capability has the
 * same there whoever it was, so there is one state for each set of credentials and one for each user namespace and pid
 * namespace; and what hangs from a user namespace is looked through once for each set of rights.
 */
export class Exploration {
  readonly #terrain: Terrain;
  readonly #ground: Ground;
  readonly #found = new Findings();
  readonly #states = new States();
  /** Credentials, and user namespaces with a pid namespace, that the walk has come to. */
  readonly #known = new Set<Kin | string>();
  readonly #searched = new Searched();

  constructor(index: SnapshotIndex) {
    this.#terrain = terrainOf(index);
    this.#ground = this.#terrain.ground;
  }

  /** Paths of at most so many steps. `cut`: there may be longer ones. */
  from(person: Person, most: number): { readonly found: Findings; readonly cut: boolean } {
    const { process } = person;
    let cut = false;
    let settled = 0;
    this.#arrive(process, undefined);
    // Who has ended makes no calls.
    if (process.zombie) return { found: this.#found, cut };
    this.#states.push({ actor: actorOf(this.#ground, person), at: undefined, members: [{ process, at: undefined }] });
    for (const state of this.#states) {
      const length = state.at?.length ?? 0;
      if (length > settled) this.#settle((settled = length));
      const { realms } = realmsOf(this.#terrain, state.actor);
      const roots = realms.flatMap(({ root, rights }) => ((rights & RIGHTS.admin) === 0 ? [] : [root]));
      this.#found.hold(roots, this.#terrain.children, state.at);
      if (length < most) this.#expand(state);
      else cut = true;
    }
    return { found: this.#found, cut: this.#settle(most) || cut };
  }

  /** It is in its namespaces, and in those of its threads, which do what their process does. */
  #arrive(process: ProcessRecord, at: PathNode | undefined): void {
    this.#found.arrive(process.pid, process.namespaces, at);
    for (const { namespaces } of this.#terrain.threads.get(process.pid) ?? []) {
      this.#found.arrive(process.pid, namespaces, at);
    }
  }

  #expand(state: State): void {
    const { actor } = state;
    for (const member of state.members) this.#ownFiles(state, member);
    if (state.pinsOnly === true) return;
    this.#become(state);
    this.#sameIds(state);
    const { realms, missing } = realmsOf(this.#terrain, actor);
    for (const fact of missing) this.#leave(state, fact);
    for (const { root, because, rights } of realms) {
      if ((rights & RIGHTS.trace) === 0) continue;
      const left = [root];
      for (let node = left.pop(); node !== undefined; node = left.pop()) {
        if (this.#searched.isDone(actor, node, rights)) continue;
        left.push(...(this.#terrain.children.get(node) ?? []));
        for (const kin of this.#terrain.people.get(node)?.all ?? [])
          this.#meet(state, kin, { because, open: true, attach: true });
      }
    }
    const isAllPowerful = isTop(this.#ground, actor.user) && hasCap(actor.effective ?? 0n, "CAP_SYS_PTRACE");
    for (const kin of this.#terrain.people.get(HIDDEN)?.all ?? []) {
      const user = this.#ground.nodes[actor.user]?.id ?? kin.actor.userId ?? NOWHERE;
      const because: Because = { rule: "capability", user };
      if (isAllPowerful) this.#meet(state, kin, { because, open: true, attach: true });
      else this.#leaveKin(state, kin, { what: "link", of: `${kin.actor.number}/user` });
    }
  }

  #sameIds(state: State): void {
    const { actor } = state;
    const there = this.#terrain.people.get(actor.user);
    if (there === undefined || actor.user === HIDDEN) return;
    const { fs, real } = actor.ids;
    if (fs === undefined || real === undefined) {
      this.#leave(state, { what: "status", of: String(actor.number) });
      return;
    }
    const because: Because = { rule: "same-ids" };
    // /proc compares the file system ids and the effective set, ptrace(2) the real ids and the permitted one.
    for (const kin of noMore(there.byIds.get(fs), actor.effective)) {
      this.#meet(state, kin, { because, open: true, attach: false });
    }
    for (const kin of noMore(there.byIds.get(real), actor.permitted)) {
      this.#meet(state, kin, { because, open: false, attach: true });
    }
    if (hasCap(actor.effective ?? 0n, "CAP_SYS_PTRACE") || this.#known.has(`nameless ${actor.user}`)) return;
    this.#known.add(`nameless ${actor.user}`);
    for (const kin of there.nameless) this.#leaveKin(state, kin, { what: "status", of: String(kin.actor.number) });
  }

  /** Somebody whom it may look into, or attach to. */
  #meet(state: State, kin: Kin, { because, open, attach }: Leave): void {
    const sees = this.#terrain.sees(state.actor.pid, kin.actor.pid);
    if (sees === "unknown") {
      const hidden = state.actor.pid === undefined ? state.actor.number : kin.actor.number;
      this.#leaveKin(state, kin, { what: "link", of: `${hidden}/pid` });
    }
    // The /proc that was read shows it whoever looks; nobody knows whether that one lies below its root.
    if (sees === "no" && open && this.#isBesideViewer(state)) {
      this.#leaveKin(state, kin, { what: "not-recorded", of: `/proc of ${state.actor.number}` });
    }
    if (sees !== "yes") return;
    const alive = attach && !kin.isKernel ? kin.processes : [];
    const left = yamaLeaves(this.#ground, { by: state.actor.number, because: because.rule }, alive);
    if (left.length < alive.length) this.#leave(state, { what: "ptracer", of: String(kin.actor.number) });
    if (left.length > 0 && !this.#known.has(kin)) {
      this.#known.add(kin);
      const members = left.map((process) => this.#takeOver(state, process, because));
      for (const member of members) this.#arrive(member.process, member.at);
      this.#states.push({ actor: kin.actor, at: members[0]?.at, members });
    }
    for (const process of open ? kin.processes : [])
      this.#lookInto(state, process, { because, attach: left.length > 0 });
  }

  /** In the mount namespace whose /proc was read. */
  #isBesideViewer({ members }: State): boolean {
    const { mnt } = this.#terrain.index.snapshot.viewpoint.namespaces;
    return mnt !== undefined && members.some(({ process }) => process.namespaces.mnt === mnt);
  }

  #takeOver(state: State, process: ProcessRecord, because: Because): Member {
    const { pid } = process;
    const assumed = dumpableOf(this.#ground, state.actor, process);
    const at = this.#step(state, { how: { way: "take-over", pid }, because, calls: attachCalls(pid), assumed });
    return { process, at };
  }

  #lookInto(state: State, process: ProcessRecord, { because, attach }: Omit<Leave, "open">): void {
    const { pid, kernelThread } = process;
    const assumed = kernelThread ? [] : dumpableOf(this.#ground, state.actor, process);
    for (const handle of handlesOf(this.#terrain, process, { assumed, attach })) {
      const { namespace, through, calls } = handle;
      const isMnt = through.by === "link" && through.link === "mnt" && through.tid === undefined;
      if (isMnt && !this.#found.look.has(namespace) && !this.#found.inside.has(namespace)) {
        const how: Way = { way: "look", namespace, pid };
        this.#found.look.set(namespace, this.#step(state, { how, because, calls, assumed }));
      }
      this.#use(state, handle);
    }
  }

  /** What its own descriptors and the mounts around it lead to. */
  #ownFiles({ actor, at, pinsOnly }: State, { process, at: here }: Member): void {
    const { pid, namespaces } = process;
    // After a step that it took itself, it is still the first one.
    const state: State = {
      actor: { ...actor, number: pid },
      at: at?.step.how.way === "take-over" ? here : at,
      members: [{ process, at: here }],
    };
    const own = pinsOnly === true ? [] : ownDescriptors(this.#terrain, pid, hasExecuted(state.at));
    const pins = pinnedIn(this.#terrain, state.actor, namespaces.mnt);
    for (const handle of [...own, ...pins]) this.#use(state, handle);
  }

  /** What it may become by itself. */
  #become(state: State): void {
    const { becomings, missing } = becomingsOf(this.#terrain, state.actor, this.#states.isOutdone(state));
    for (const fact of missing) this.#leave(state, fact);
    for (const { actor, ...step } of becomings) {
      const key = credentialsKey(actor);
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      const kept = step.how.way === "execute" && !hasExecuted(state.at) ? keptCalls(this.#terrain, actor.number) : [];
      const at = this.#step(state, { ...step, calls: [...kept, ...step.calls] });
      this.#states.push({ actor, at, members: state.members.slice(0, 1) });
    }
  }

  /** Joins a namespace that it has at hand, or enters what governs it, as far as it may. */
  #use(state: State, handle: Handle): void {
    const { actor } = state;
    const { namespace, through, calls, on, assumed } = handle;
    const record = this.#terrain.index.namespaces.get(namespace);
    if (record === undefined) return;
    if (record.kind !== "user" && this.#found.inside.has(namespace)) return;
    const node = governorOf(this.#ground, record);
    if (record.kind === "user" && (node === actor.user || this.#known.has(stateKey(actor, node)))) return;
    if (node === HIDDEN) {
      this.#leave(state, { what: "owner", of: nameOf(record) });
      return;
    }
    const { verdict, because } = rightOver(this.#ground, actor, node, "CAP_SYS_ADMIN");
    if (verdict !== "yes") return;
    const join = (to: NamespaceId, made: readonly ReachCall[]): PathNode =>
      this.#step(state, { how: { way: "join", namespace: to, through }, because, calls: [...calls, ...made], assumed });
    if (record.kind === "user") {
      this.#enter(state, node, join(namespace, [{ op: "setns", on }]));
      return;
    }
    if (record.kind === "pid") {
      const below = this.#terrain.sees(actor.pid, namespace);
      if (below === "unknown") this.#leave(state, { what: "parent", of: nameOf(record) });
      if (below !== "yes") return;
    }
    const needed = record.kind === "mnt" ? RIGHTS.ownAdmin | RIGHTS.ownChroot : RIGHTS.ownAdmin;
    if ((ownRights(actor) & needed) === needed) {
      const at = join(namespace, [{ op: "setns", on }]);
      this.#found.inside.set(namespace, at);
      this.#lookAround({ namespace, node: at, state });
      return;
    }
    const governor = this.#ground.nodes[node];
    // In its own user namespace it has what it has; only one below gives more.
    if (governor === undefined || node === actor.user) return;
    const owner = `${on} owner`;
    const into = join(governor.id, [
      { op: "ioctl", request: "NS_GET_USERNS", on, gives: owner },
      { op: "setns", on: owner },
    ]);
    this.#enter(state, node, into);
    const joined = after(into, {
      by: actor.number,
      how: { way: "join", namespace, through },
      because: { rule: "capability", user: governor.id },
      calls: [{ op: "setns", on }],
      assumed: [],
    });
    const inside = insideUser(actor, node, governor.id);
    this.#found.ahead({ namespace, node: joined, state: { ...state, actor: inside } });
  }

  /** Who has joined a mount namespace sees what is mounted there. */
  #lookAround({ namespace, node, state: { actor, members } }: Ahead): void {
    if (!this.#terrain.pins.has(namespace)) return;
    const process = members[0]?.process ?? this.#terrain.index.processes.get(actor.number);
    if (process === undefined) return;
    const there = { process: { ...process, namespaces: { ...process.namespaces, mnt: namespace } }, at: node };
    this.#states.push({ actor, at: node, members: [there], pinsOnly: true });
  }

  /** What was found ahead and is now the shortest way. */
  #settle(length: number): boolean {
    const { settled, isOver } = this.#found.settle(length);
    for (const one of settled) this.#lookAround(one);
    return !isOver;
  }

  #enter(state: State, node: number, at: PathNode): void {
    const [user, key] = [this.#ground.nodes[node], stateKey(state.actor, node)];
    if (user === undefined || this.#known.has(key)) return;
    this.#known.add(key);
    if (!this.#found.inside.has(user.id)) this.#found.inside.set(user.id, at);
    this.#states.push({ actor: insideUser(state.actor, node, user.id), at, members: [] });
  }

  #step(
    { actor, at }: State,
    step: {
      readonly how: Way;
      readonly because: Because;
      readonly calls: readonly ReachCall[];
      readonly assumed?: readonly AssumedFact[];
    },
  ): PathNode {
    return after(at, { by: actor.number, assumed: [], ...step });
  }

  #leave({ actor }: State, missing: MissingFact): void {
    this.#found.leave(actor.number, missing);
  }

  #leaveKin({ actor }: State, { processes }: Kin, missing: MissingFact): void {
    for (const { pid } of processes) this.#found.leave(actor.number, missing, pid);
  }
}

const NOWHERE = "0:0/0" as NamespaceId;
