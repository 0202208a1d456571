import { readlinkSync } from "node:fs";
import { inodeOf } from "../../src/abi/ids.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { ProcLink } from "../../src/abi/proc-links.ts";
import { discoverListed } from "../../src/discover/listing.ts";
import { Registry } from "../../src/discover/registry.ts";
import { must } from "../../src/kernel/build-world.ts";
import { taskName, type TaskName } from "../../src/kernel/call.ts";
import type { LiveActor } from "../../src/kernel/live/actor.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { hasChange } from "../../src/rules/kernel-changes.ts";
import type { NamespaceRecord, Relation } from "../../src/snapshot/types.ts";
import type { Part } from "./part.ts";
import { traced } from "./trace-calls.ts";

/** With those that a machine has anyway, just over 5,000 namespaces. */
const PODS = 64;
const ROUNDS = 15;
/** So many pods below one: four levels in all. */
const BELOW_EACH = 4;
const MOST_CALLS = 8;
const flagsOf = (...kinds: readonly NamespaceKind[]): number =>
  kinds.reduce((flags, kind) => flags | NAMESPACE_KINDS[kind].flag, 0);
const WHOLE_MAP = "0 0 4294967295";

/** What is made in each round, and the link by which it is held. Network namespaces, which cost most, once a pod. */
const EACH_ROUND: readonly (readonly [NamespaceKind, ProcLink])[] = [
  ["mnt", "mnt"],
  ["uts", "uts"],
  ["ipc", "ipc"],
  ["cgroup", "cgroup"],
  ["time", "time_for_children"],
];

/** Five thousand namespaces, told by the kernel's own list alone: which there are, who owns them, what is above them. */
export const many: Part = {
  name: "many",
  seconds: 31,
  async *run({ native, actor, release }) {
    if (!hasChange(release, "namespaces-are-listed")) return;
    const made = makeMany(actor);
    const { result, calls, ofProcesses } = traced(() => {
      const registry = new Registry(new Date());
      const tally = discoverListed(new LiveObserver(native), registry, {});
      return { records: registry.records, row: tally.row };
    });
    const { records, row } = result;
    const perNamespace = (calls / records.length).toFixed(2);
    yield {
      id: "many: the list has 5,000 namespaces, and nothing of it is refused",
      says:
        records.length >= 5000 && Object.keys(row.refused).length === 0 && row.vanished === 0
          ? "yes"
          : `${records.length}; refused ${JSON.stringify(row.refused)}; vanished ${row.vanished}`,
      should: "yes",
    };
    yield { id: "many: each that was made, with owner and parent", says: firstWrong(records, made), should: "all" };
    yield { id: "many: files of processes opened for it", says: String(ofProcesses), should: "0" };
    yield {
      id: `many: system calls a namespace, as the kernel counts them`,
      says: perNamespace,
      should: calls <= MOST_CALLS * records.length ? perNamespace : `at most ${MOST_CALLS}`,
    };
  },
};

interface Made {
  /** As its link says it: `uts:[4026532201]`. */
  readonly text: string;
  readonly owner: string;
  /** Where the kind has parents. */
  readonly parent?: string;
}

/** Each pod is a task in a user and a pid namespace of its own, below another pod's, and holds what it made by descriptors. */
function makeMany(actor: LiveActor): readonly Made[] {
  const made: Made[] = [];
  const pods: TaskName[] = [actor.first];
  const link = (of: TaskName, name: string): string => readlinkSync(`/proc/${actor.pidOf(of)}/${name}`);
  for (let at = 0; at < PODS; at++) {
    const above = pods[Math.floor(at / BELOW_EACH)] ?? actor.first;
    const pod = taskName(`pod ${at}`);
    must(actor, above, { op: "clone", as: pod, flags: flagsOf("user", "pid") });
    for (const file of ["uid_map", "gid_map"] as const) {
      must(actor, above, { op: "write", of: pod, file, text: WHOLE_MAP });
    }
    const [owner, parent] = [link(above, "ns/user"), link(above, "ns/pid")];
    const user = link(pod, "ns/user");
    made.push({ text: user, owner, parent: owner }, { text: link(pod, "ns/pid"), owner: user, parent });
    const hold = (name: ProcLink): void => {
      const fd = must(actor, pod, { op: "open", of: pod, link: name });
      made.push({ text: link(pod, `fd/${fd}`), owner: user });
    };
    must(actor, pod, { op: "unshare", flags: flagsOf("net") });
    hold("net");
    for (let round = 0; round < ROUNDS; round++) {
      must(actor, pod, { op: "unshare", flags: flagsOf(...EACH_ROUND.map(([kind]) => kind)) });
      for (const [, name] of EACH_ROUND) hold(name);
    }
    pods.push(pod);
  }
  return made;
}

/** The first that the list does not have as it was made. */
function firstWrong(records: readonly NamespaceRecord[], made: readonly Made[]): string {
  const byId = new Map(records.map((record) => [record.id, record]));
  const textOf = (relation: Relation | undefined): string | undefined => {
    if (relation === undefined) return undefined;
    const above = "to" in relation ? byId.get(relation.to) : undefined;
    return above === undefined ? "unknown" : `${above.kind}:[${inodeOf(above.id)}]`;
  };
  const byText = new Map(records.map((record) => [`${record.kind}:[${inodeOf(record.id)}]`, record]));
  for (const { text, owner, parent } of made) {
    const record = byText.get(text);
    if (record === undefined) return `${text} is not there`;
    if (textOf(record.owner) !== owner) return `${text} belongs to ${textOf(record.owner)}, not to ${owner}`;
    if (textOf(record.parent) !== parent) return `${text} is below ${textOf(record.parent)}, not ${parent}`;
  }
  return made.length >= PODS ? "all" : "none was made";
}
