import type { NamespaceId } from "../../abi/ids.ts";
import { NAMESPACE_KINDS, KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { gapsForAll, type Gap } from "../../snapshot/gaps.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import { can } from "../can.ts";
import { whoOf, type AskedWho } from "../caps-over.ts";
import type { Person } from "../caller.ts";
import { governorOf, groundOf, HIDDEN, TOP } from "../ground.ts";
import { alone } from "../if-only.ts";
import type { Verdict } from "../power.ts";
import type { AssumedFact, MissingFact } from "../proof.ts";
import { Exploration } from "./explore.ts";
import type { UntakenStep } from "./findings.ts";
import { stepsOf, type PathNode, type ReachStep } from "./path.ts";

/** A namespace that a process can get to, with a shortest path to each thing that it has there. No steps: it has it already. */
export interface ReachedNamespace {
  readonly namespace: NamespaceId;
  readonly kind: NamespaceKind;
  /** To be in it; null: no way was found. */
  readonly inside: readonly ReachStep[] | null;
  /** To have CAP_SYS_ADMIN over it; null: no way was found. */
  readonly admin: readonly ReachStep[] | null;
  /** Mount namespaces only: to see its files under /proc/PID/root without being in it. */
  readonly look?: readonly ReachStep[];
}

/** What a process can get to, step by step. */
export interface ReachAnswer {
  readonly who: AskedWho;
  /** CAP_SYS_ADMIN in the machine's first user namespace. unknown: no way was found, and steps could not be judged. */
  readonly initial: { readonly verdict: Verdict; readonly steps: readonly ReachStep[] };
  /** Whether it can make a user namespace, and by that a namespace of each kind, or of each but pid. */
  readonly unshare: {
    readonly verdict: Verdict;
    /** What it can make in one call for certain; empty where that is not known. */
    readonly kinds: readonly NamespaceKind[];
    readonly steps: readonly ReachStep[];
    readonly missing: readonly MissingFact[];
  };
  /** In the order of the snapshot; those of which it reaches nothing are not there. */
  readonly reached: readonly ReachedNamespace[];
  /** Steps that were not taken, since evidence about them is missing. */
  readonly untaken: readonly UntakenStep[];
  readonly assumed: readonly AssumedFact[];
  /** The depth that was asked for ended the search before all was seen. */
  readonly cut: boolean;
  /** Where processes may be that were not seen at all. */
  readonly gaps: readonly Gap[];
}

/** As many steps as there can be ways round: more than any path has. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/**
 * Which namespaces a process, or a thread of it, can get to, and with which power: by setns(2), as owner of user
 * namespaces, by taking over processes that it may attach to, through /proc/PID/ns, /proc/PID/root and descriptors, and by
 * unshare(2). Shortest paths, by breadth-first search. A step is taken only where the evidence says that the kernel's check
 * lets it. Pure.
 */
export function reach(index: SnapshotIndex, person: Person, { depth = NO_LIMIT } = {}): ReachAnswer {
  const ground = groundOf(index);
  const { found, cut } = new Exploration(index).from(person, depth);
  const paths = new Map<PathNode, readonly ReachStep[]>();
  const pathTo = (node: PathNode | undefined): readonly ReachStep[] => {
    if (node === undefined) return [];
    const known = paths.get(node) ?? stepsOf(node);
    paths.set(node, known);
    return known;
  };
  const reached = index.snapshot.namespaces.flatMap((record): ReachedNamespace[] => {
    const { id, kind } = record;
    const governor = governorOf(ground, record);
    const inside = found.inside.has(id) ? pathTo(found.inside.get(id)) : null;
    const admin = found.admin.has(governor) ? pathTo(found.admin.get(governor)) : null;
    const look = inside === null ? found.look.get(id) : undefined;
    if (inside === null && admin === null && look === undefined) return [];
    return [{ namespace: id, kind, inside, admin, ...(look !== undefined && { look: pathTo(look) }) }];
  });
  const untaken = found.untaken();
  const gaps = gapsForAll(index.snapshot).filter(({ source }) => source === "processes");
  const first = ground.parent.indexOf(TOP);
  const isFirst = first !== -1 && found.admin.has(first);
  const open = untaken.length > 0 || gaps.length > 0 || cut;
  const steps = isFirst ? pathTo(found.admin.get(first)) : [];
  const all = [...paths.values()].flat().flatMap(({ assumed }) => assumed);
  return {
    who: whoOf(ground, person),
    initial: { verdict: isFirst ? "yes" : open ? "unknown" : "no", steps },
    unshare: unshareOf(index, person),
    reached,
    untaken,
    assumed: [...new Map(all.map((one) => [`${one.what} ${one.of}`, one])).values()],
    cut,
    gaps,
  };
}

/** A user namespace of its own, and with it the other kinds. Who has several threads forks first: what it does, its child does. */
function unshareOf(index: SnapshotIndex, person: Person): ReachAnswer["unshare"] {
  const answer = can(index, alone(person), { operation: "unshare-user" });
  if (answer === undefined || "wanted" in answer) throw new TypeError("unshare-user is done to nothing");
  const { verdict, missing, assumed } = answer;
  const kinds = verdict === "yes" ? KINDS.filter((kind) => kind !== "pid" || mayHavePids(index, person)) : [];
  const flags = kinds.reduce((all, kind) => all | NAMESPACE_KINDS[kind].flag, 0);
  const step: ReachStep = {
    by: person.process.pid,
    how: { way: "unshare" },
    because: { rule: "itself" },
    calls: [{ op: "unshare", flags }],
    assumed,
  };
  return { verdict, kinds, steps: verdict === "yes" ? [step] : [], missing };
}

/**
 * Whether a pid namespace that belongs to a user namespace of its own can hang from its own pid namespace: that one has to
 * belong to its user namespace or one above. Source: kernel/pid_namespace.c create_pid_namespace.
 */
function mayHavePids(index: SnapshotIndex, { process }: Person): boolean {
  const ground = groundOf(index);
  const { pid, user } = process.namespaces;
  const record = pid === undefined ? undefined : index.namespaces.get(pid);
  if (record === undefined || user === undefined) return false;
  const owner = governorOf(ground, record);
  let at = ground.numberOf.get(user) ?? HIDDEN;
  while (at >= 0 && at !== owner) at = ground.parent[at] ?? HIDDEN;
  return at >= 0;
}
