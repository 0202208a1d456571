import { KINDS } from "../../abi/namespace-kinds.ts";
import type { TimeNode } from "../nodes.ts";
import { isAmbient, isBoundary, type Reference } from "../reference.ts";
import type { ProcessNode } from "../topology.ts";
import { pidOf, taskOf } from "./births.ts";
import { planCredentials, planGroupsBefore } from "./credentials.ts";
import { type Crew, RESTORER } from "./crew.ts";
import { ambient, AMBIENT_USER } from "./index-topology.ts";
import { offsetsOf } from "./offsets.ts";

const FLAT_LINKS = ["ipc", "uts", "net", "cgroup", "time", "mnt"] as const;

/**
 * A process takes its place, once it has forked all its children: other namespaces first, then the user namespace, in which it
 * has every power until it takes its credentials; then it rests.
 */
export function planStand(crew: Crew, process: ProcessNode, begins: Reference): void {
  const { label, namespaces } = process;
  const task = taskOf(label);
  const user = namespaces.user ?? AMBIENT_USER;
  let stands = begins;
  if (!crew.restorer.privileged && isBoundary(begins) && !isBoundary(user)) {
    stands = crew.index.topmost(user);
    crew.joins(task, stands, label);
  }
  const own = pidOf(process);
  crew.hop(task, namespaces.pid_for_children ?? own, own, label);
  for (const kind of FLAT_LINKS) {
    const namespace = namespaces[kind];
    if (namespace !== undefined && !isAmbient(namespace)) crew.does(task, { do: "setns", kind, namespace }, label);
  }
  const cgroup = crew.index.node(namespaces.cgroup ?? AMBIENT_USER);
  // Else its path from within would lead up and out.
  if (cgroup?.kind === "cgroup" && cgroup.root !== undefined) {
    crew.does(RESTORER, { do: "cgroup", of: task, path: cgroup.root }, label);
  }
  const pending = pendingOf(crew, process);
  if (pending !== undefined && pending.owner !== user) planPending(crew, process, pending);
  planGroupsBefore(crew, process, stands);
  if (user !== stands) crew.joins(task, user, label);
  if (pending !== undefined && pending.owner === user) planPending(crew, process, pending);
  planCredentials(crew, process);
  crew.does(task, { do: "comm", text: process.comm }, label);
  const descriptors = process.descriptors
    .map(({ fd, namespace, closeOnExec = false }) => ({ fd, namespace, closeOnExec }))
    .toSorted((a, b) => a.fd - b.fd);
  for (const { namespace } of descriptors) knows(crew, namespace);
  const command = crew.commands.get(label);
  crew.does(task, { do: "rest", descriptors, ...(command !== undefined && { command }) }, label);
}

/** One of the restorer's own has to be open as well, where a descriptor leads to it. */
function knows(crew: Crew, namespace: Reference): void {
  if (!isAmbient(namespace) || crew.kept.has(namespace)) return;
  const kind = KINDS.find((one) => namespace === ambient(one));
  if (kind !== undefined) crew.does(RESTORER, { do: "keep", link: kind, as: namespace });
}

/** The time namespace that it has for its children and made itself. */
function pendingOf(crew: Crew, { label, namespaces }: ProcessNode): TimeNode | undefined {
  const node = crew.index.node(namespaces.time_for_children ?? AMBIENT_USER);
  if (node?.kind !== "time") return undefined;
  return crew.index.pendingTime.get(node.label)?.label === label ? node : undefined;
}

function planPending(crew: Crew, process: ProcessNode, node: TimeNode): void {
  const task = taskOf(process.label);
  crew.does(task, { do: "unshare", kinds: ["time"] }, node.label);
  const text = offsetsOf(node);
  if (text !== undefined) crew.does(task, { do: "offsets", text }, node.label);
  crew.does(task, { do: "keep", link: "time_for_children", as: node.label }, node.label);
}
