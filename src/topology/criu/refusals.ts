import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { LINKS } from "../../abi/proc-links.ts";
import { CRIU_REFUSALS } from "../../messages/criu.ts";
import type { Text } from "../../messages/sentence.ts";
import type { Label, Reference } from "../reference.ts";
import type { NamespaceNode, ProcessNode, Topology } from "../topology.ts";

export type CriuRule = keyof typeof CRIU_REFUSALS;

/** Something that a dump by CRIU would end with. */
export interface CriuRefusal {
  readonly rule: CriuRule;
  readonly process: Label;
  readonly reason: Text;
  /** Where CRIU decides it. */
  readonly source: string;
}

/** Source of each rule: a function in CRIU's repository, by a name that versions with and without time namespaces share. */
const SOURCES: Readonly<Record<CriuRule, string>> = {
  "several-trees": "criu(8), dump --tree PID",
  nested: "criu/namespaces.c generate_ns_id, CLONE_SUBNS",
  init: "criu/namespaces.c dump_namespaces",
  session: "criu/cr-dump.c dump_one_task",
  owner: "criu/namespaces.c check_user_ns",
  descriptor: "criu/namespaces.c dump_one_ns_file",
};

/** Of these a process may have others than the first one has. Source: criu/include/namespaces.h CLONE_SUBNS. */
const MAY_DIFFER: ReadonlySet<NamespaceKind> = new Set<NamespaceKind>(["mnt", "net"]);
/** Those that CRIU enters by way of the user namespace. Source: criu/namespaces.c check_user_ns. */
const ENTERED = ["net", "uts", "ipc", "mnt"] as const satisfies readonly NamespaceKind[];

/**
 * What CRIU, run where whoever looked stood, would refuse of an image's processes for their namespaces. It knows one of each kind
 * for the first process, and for all others that one or CRIU's own; of mount and network namespaces more.
 */
export function criuRefusals(topology: Topology): readonly CriuRefusal[] {
  const { processes, findings } = topology;
  const [root] = processes;
  if (root === undefined) return [];
  const nodes = new Map(topology.namespaces.map((node) => [node.label, node]));
  const members = new Set(processes.flatMap(({ namespaces }) => LINKS.map((link) => namespaces[link])));
  const found: CriuRefusal[] = [];
  const refuse = (rule: CriuRule, process: Label, reason: Text): void => {
    found.push({ rule, process, reason, source: SOURCES[rule] });
  };
  const below = new Set<Label>([root.label]);
  for (const process of processes.slice(1)) {
    // Parents stand before their children.
    if (below.has(process.parent ?? "")) below.add(process.label);
    else refuse("several-trees", process.label, CRIU_REFUSALS["several-trees"]);
  }
  const pid = root.namespaces.pid;
  if (pid !== undefined && nodes.has(pid) && root.numbers.at(-1) !== 1)
    refuse("init", root.label, said("init", { namespace: pid }));
  for (const one of strangeOwners(root, nodes)) refuse("owner", root.label, said("owner", one));
  for (const process of processes.slice(1)) {
    for (const one of nestedIn(process, root)) refuse("nested", process.label, said("nested", one));
  }
  for (const { label, descriptors } of processes) {
    for (const { fd, namespace } of descriptors) {
      const isKnown = namespace.startsWith("ambient:") || members.has(namespace);
      if (!isKnown) refuse("descriptor", label, said("descriptor", { fd, namespace }));
    }
  }
  for (const { code, element } of findings) {
    if (code === "session-outside" && element !== undefined) refuse("session", element, CRIU_REFUSALS.session);
  }
  return found;
}

/** Rules whose sentences have blanks. */
type Filled = Exclude<CriuRule, "several-trees" | "session">;
type Values<Rule extends Filled> = Parameters<(typeof CRIU_REFUSALS)[Rule]["en"]>[0];
function said<Rule extends Filled>(rule: Rule, values: Values<Rule>): Text {
  const sentence: { en(of: Values<Rule>): string; fr(of: Values<Rule>): string } = CRIU_REFUSALS[rule];
  return { en: sentence.en(values), fr: sentence.fr(values) };
}

function* nestedIn(process: ProcessNode, root: ProcessNode): Generator<Values<"nested">> {
  for (const link of LINKS) {
    if (!isOwnLink(link) || MAY_DIFFER.has(link)) continue;
    const [namespace, its] = [process.namespaces[link], root.namespaces[link]];
    if (namespace === undefined || namespace.startsWith("ambient:") || namespace === its) continue;
    yield { namespace, kind: link, root: its ?? `ambient:${link}` };
  }
}
const isOwnLink = (link: string): link is NamespaceKind => Object.hasOwn(NAMESPACE_KINDS, link);

/** Entered from the first process's user namespace they would be refused: they belong elsewhere. */
function* strangeOwners(root: ProcessNode, nodes: ReadonlyMap<Label, NamespaceNode>): Generator<Values<"owner">> {
  const user = root.namespaces.user;
  if (user === undefined || !nodes.has(user)) return;
  for (const kind of ENTERED) {
    const node = nodes.get(root.namespaces[kind] ?? "");
    if (node === undefined || isUpwards(node.owner, user, nodes)) continue;
    yield { namespace: node.label, owner: node.owner, user };
  }
}

function isUpwards(from: Reference, user: Label, nodes: ReadonlyMap<Label, NamespaceNode>): boolean {
  let at: Reference | undefined = from;
  // Owners stand before what they own, so it ends.
  for (; at !== undefined; at = nodes.get(at)?.owner) if (at === user) return true;
  return false;
}
