import { capBit } from "../../../src/abi/capabilities.ts";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { must, type BuiltWorld } from "../../../src/kernel/build-world.ts";
import { taskName, type TaskName } from "../../../src/kernel/call.ts";
import { nameOf, uidOf } from "./as-drawing.ts";
import type { SideBySide } from "./side-by-side.ts";
import type { Position, Situation } from "./situation.ts";
import { isWithin, type Tree } from "./tree.ts";

const [ADMIN, CHROOT] = [capBit("CAP_SYS_ADMIN"), capBit("CAP_SYS_CHROOT")];

/**
 * What a caller has left of its capabilities: all, none, the one that matters, all but it. CAP_SYS_ADMIN is the one that
 * matters everywhere; for a mount namespace CAP_SYS_CHROOT is another, which the last two are for.
 */
export const CLASSES = {
  all: (held: bigint): bigint => held,
  none: (): bigint => 0n,
  admin: (held: bigint): bigint => held & ADMIN,
  "all but admin": (held: bigint): bigint => held & ~ADMIN,
  "admin and chroot": (held: bigint): bigint => held & (ADMIN | CHROOT),
  "all but chroot": (held: bigint): bigint => held & ~CHROOT,
} as const;
export type CapabilityClass = keyof typeof CLASSES;
/** Those that tell any two callers apart where mount namespaces are not asked about. */
export const MAIN_CLASSES: readonly CapabilityClass[] = ["all", "none", "admin", "all but admin"];
export const MOUNT_CLASSES: readonly CapabilityClass[] = ["admin and chroot", "all but chroot"];

/** SECBIT_NO_SETUID_FIXUP: a change of ids leaves the capabilities alone. Source: include/uapi/linux/securebits.h. */
const NO_SETUID_FIXUP = 1 << 2;
const UNCHANGED = -1;

/** Makes callers for one built world, and ends them. */
export class Cast {
  readonly #actor: SideBySide;
  readonly #built: BuiltWorld;
  readonly #world: Situation;
  readonly #uid: number;
  /** By the pid namespace: a task whose children are born into it. */
  readonly #gates = new Map<number, TaskName>();
  #names = 0;

  constructor(actor: SideBySide, built: BuiltWorld, world: Situation, uid: number) {
    this.#actor = actor;
    this.#built = built;
    this.#world = world;
    this.#uid = uid;
  }

  /** A task in a position. Only the effective uid is changed: the real and the saved one have no say. */
  enter({ user, pid, euid }: Position, capabilities: CapabilityClass): TaskName {
    const gate = this.#gateOf(pid);
    const caller = taskName(`caller-${this.#names++}`);
    must(this.#actor, gate, { op: "clone", flags: 0, as: caller });
    if (user !== gateUser(this.#world, pid, this.#uid)) this.#join(caller, nameOf("user", user), "user");
    if (this.#uid === 0 && euid !== 0) {
      must(this.#actor, caller, { op: "set-securebits", bits: NO_SETUID_FIXUP });
      const ids = { real: UNCHANGED, effective: uidOf(euid), saved: UNCHANGED };
      must(this.#actor, caller, { op: "setresuid", ids });
    }
    if (capabilities !== "all") {
      const set = CLASSES[capabilities](this.#actor.task(caller).credentials.effective);
      must(this.#actor, caller, { op: "capset", effective: set, permitted: set });
    }
    return caller;
  }

  /** Ends a task that `enter` gave. */
  leave(caller: TaskName, { pid }: Position): void {
    must(this.#actor, caller, { op: "exit" });
    must(this.#actor, this.#gateOf(pid), { op: "wait", child: caller });
  }

  #gateOf(pid: number): TaskName {
    const known = pid === 0 ? this.#actor.first : this.#gates.get(pid);
    if (known !== undefined) return known;
    const gate = taskName(`gate of pid:${pid}`);
    must(this.#actor, this.#actor.first, { op: "clone", flags: 0, as: gate });
    const user = gateUser(this.#world, pid, this.#uid);
    if (user !== 0) this.#join(gate, nameOf("user", user), "user");
    this.#join(gate, nameOf("pid", pid), "pid");
    this.#gates.set(pid, gate);
    return gate;
  }

  #join(task: TaskName, name: string, kind: "user" | "pid"): void {
    const fd = this.#built.fds.get(name);
    if (fd === undefined) throw new Error(`${name} was not built`);
    must(this.#actor, task, { op: "setns", fd, nstype: NAMESPACE_KINDS[kind].flag });
  }
}

/**
 * Whether a first task of this uid can bring a caller there. Root can do so everywhere. An ordinary user has no
 * capability in the initial user namespace: to be born into another pid namespace takes CAP_SYS_ADMIN over its owner and
 * in the own user namespace, so the parent is below the initial one, on the way to the owner; and from there user
 * namespaces are only entered downwards.
 */
export const isReachable = (world: Situation, { user, pid }: Position, uid: number): boolean =>
  isWithin(world.users, user, gateUser(world, pid, uid));

/** The user namespace of a gate, before its children go on. */
const gateUser = ({ users, owners }: Situation, pid: number, uid: number): number =>
  uid === 0 || pid === 0 ? 0 : outermost(users, owners[pid] ?? 0);

/** The one right below the root above a node. */
function outermost(tree: Tree, node: number): number {
  let at = node;
  for (let above = tree[at]; above !== undefined && above !== 0; above = tree[at]) at = above;
  return at;
}
