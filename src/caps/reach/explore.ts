import type { NamespaceId } from "../../abi/ids.ts";
import { KINDS } from "../../abi/namespace-kinds.ts";
import { hasCap } from "../../abi/capabilities.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { ProcessRecord } from "../../snapshot/types.ts";
import type { Person } from "../caller.ts";
import { governorOf, HIDDEN, isTop, type Ground } from "../ground.ts";
import type { AssumedFact, MissingFact } from "../proof.ts";
import { actorOf, insideUser, type Actor, type Kin } from "./actors.ts";
import { Findings } from "./findings.ts";
import { after, type Because, type PathNode, type ReachCall, type Way } from "./path.ts";
import { ownRights, realmsOf, rightOver, RIGHTS } from "./rights.ts";
import { nameOf, Searched, stateKey, type Handle, type Member, type State } from "./state.ts";
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
  readonly #states: State[] = [];
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
    this.#found.arrive(process, undefined);
    // Who has ended makes no calls.
    if (process.zombie) return { found: this.#found, cut };
    this.#states.push({ actor: actorOf(this.#ground, person), at: undefined, members: [{ process, at: undefined }] });
    for (const state of this.#states) {
      const length = state.at?.length ?? 0;
      if (length > settled) this.#found.settle((settled = length));
      this.#hold(state);
      if (length < most) this.#expand(state);
      else cut = true;
    }
    return { found: this.#found, cut: this.#found.settle(most) || cut };
  }

  /** CAP_SYS_ADMIN over all that hangs from its realms. */
  #hold({ actor, at }: State): void {
    const { realms } = realmsOf(this.#terrain, actor);
    const left = realms.flatMap(({ root, rights }) => ((rights & RIGHTS.admin) === 0 ? [] : [root]));
    const { admin } = this.#found;
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (admin.has(node)) continue;
      admin.set(node, at);
      left.push(...(this.#terrain.children.get(node) ?? []));
    }
  }

  #expand(state: State): void {
    const { actor } = state;
    const { effective, permitted } = actor;
    if (effective !== undefined && permitted !== undefined && (permitted & ~effective) !== 0n) {
      const calls: ReachCall[] = [{ op: "capset", permitted: permitted.toString(16).padStart(16, "0") }];
      const at = this.#step(state, { how: { way: "raise" }, because: { rule: "itself" }, calls });
      this.#states.push({ actor: { ...actor, effective: permitted }, at, members: state.members.slice(0, 1) });
    }
    for (const member of state.members) this.#ownFiles(state, member);
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
    const isAllPowerful = isTop(this.#ground, actor.user) && hasCap(effective ?? 0n, "CAP_SYS_PTRACE");
    for (const kin of this.#terrain.people.get(HIDDEN)?.all ?? []) {
      const because: Because = {
        rule: "capability",
        user: this.#ground.nodes[actor.user]?.id ?? kin.actor.userId ?? NOWHERE,
      };
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
    for (const kin of there.byIds.get(fs) ?? []) {
      const [theirs, mine] = [kin.actor.permitted, actor.effective];
      if (theirs === undefined || mine === undefined || (theirs & ~mine) !== 0n) continue;
      this.#meet(state, kin, { because, open: true, attach: false });
    }
    for (const kin of there.byIds.get(real) ?? []) {
      const [theirs, mine] = [kin.actor.permitted, actor.permitted];
      if (theirs === undefined || mine === undefined || (theirs & ~mine) !== 0n) continue;
      this.#meet(state, kin, { because, open: false, attach: true });
    }
    if (hasCap(actor.effective ?? 0n, "CAP_SYS_PTRACE") || this.#known.has(`nameless ${actor.user}`)) return;
    this.#known.add(`nameless ${actor.user}`);
    for (const kin of there.nameless) this.#leaveKin(state, kin, { what: "status", of: String(kin.actor.number) });
  }

  /** Somebody whom it may look into, or attach to. */
  #meet(
    state: State,
    kin: Kin,
    { because, open, attach }: { readonly because: Because; readonly open: boolean; readonly attach: boolean },
  ): void {
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
    if (attach && !kin.isKernel && !this.#known.has(kin)) {
      this.#known.add(kin);
      const members = kin.processes.map((process) => this.#takeOver(state, process, because));
      for (const member of members) this.#found.arrive(member.process, member.at);
      this.#states.push({ actor: kin.actor, at: members[0]?.at, members });
    }
    if (!open) return;
    for (const process of kin.processes) this.#lookInto(state, process, because);
  }

  /** In the mount namespace whose /proc was read. */
  #isBesideViewer({ members }: State): boolean {
    const { mnt } = this.#terrain.index.snapshot.viewpoint.namespaces;
    return mnt !== undefined && members.some(({ process }) => process.namespaces.mnt === mnt);
  }

  #takeOver(state: State, process: ProcessRecord, because: Because): Member {
    const { pid } = process;
    const gives = `pidfd of ${pid}`;
    const at = this.#step(state, {
      how: { way: "take-over", pid },
      because,
      calls: [
        { op: "pidfd_open", of: pid, gives },
        { op: "pidfd_getfd", on: gives },
      ],
      assumed: this.#dumpable(state.actor, pid),
    });
    return { process, at };
  }

  #lookInto(state: State, process: ProcessRecord, because: Because): void {
    const { pid, kernelThread } = process;
    const assumed = kernelThread ? [] : this.#dumpable(state.actor, pid);
    for (const kind of KINDS) {
      const namespace = process.namespaces[kind];
      if (namespace === undefined) continue;
      const on = `${pid}/${kind}`;
      const calls: ReachCall[] = [{ op: "open", of: pid, link: kind, gives: on }];
      if (kind === "mnt" && !this.#found.look.has(namespace) && !this.#found.inside.has(namespace)) {
        const how: Way = { way: "look", namespace, pid };
        this.#found.look.set(namespace, this.#step(state, { how, because, calls, assumed }));
      }
      this.#use(state, namespace, { through: { by: "link", pid, link: kind }, calls, on, assumed });
    }
    for (const { fd, namespace } of this.#terrain.files.get(pid) ?? []) {
      const on = `${pid}/fd/${fd}`;
      const calls: ReachCall[] = [{ op: "reopen", of: pid, fd, gives: on }];
      this.#use(state, namespace, { through: { by: "descriptor", pid, fd }, calls, on, assumed });
    }
  }

  /** What its own descriptors and links lead to. */
  #ownFiles({ actor, at }: State, { process, at: here }: Member): void {
    const { pid } = process;
    // After a step that it took itself, it is still the first one.
    const state: State = {
      actor: { ...actor, number: pid },
      at: at?.step.how.way === "take-over" ? here : at,
      members: [],
    };
    for (const { fd, namespace } of this.#terrain.files.get(pid) ?? []) {
      const through = { by: "descriptor", pid, fd } as const;
      this.#use(state, namespace, { through, calls: [], on: `fd:${fd}`, assumed: [] });
    }
  }

  /** Joins a namespace that it has at hand, or enters what governs it, as far as it may. */
  #use(state: State, namespace: NamespaceId, handle: Handle): void {
    const { actor } = state;
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
    const { through, calls, on, assumed } = handle;
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
      this.#found.inside.set(namespace, join(namespace, [{ op: "setns", on }]));
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
    this.#found.ahead(namespace, joined);
  }

  #enter(state: State, node: number, at: PathNode): void {
    const user = this.#ground.nodes[node];
    const key = stateKey(state.actor, node);
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

  /** Who may trace everybody on the machine need not ask whether somebody is dumpable. */
  #dumpable({ user, effective = 0n }: Actor, pid: number): AssumedFact[] {
    if (isTop(this.#ground, user) && hasCap(effective, "CAP_SYS_PTRACE")) return [];
    return [{ what: "dumpable", of: String(pid) }];
  }

  #leave({ actor }: State, missing: MissingFact): void {
    this.#found.leave(actor.number, missing);
  }

  #leaveKin({ actor }: State, { processes }: Kin, missing: MissingFact): void {
    for (const { pid } of processes) this.#found.leave(actor.number, missing, pid);
  }
}

const NOWHERE = "0:0/0" as NamespaceId;
