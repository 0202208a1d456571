import { redactAttributes } from "./redact-attributes.ts";
import type { NamespaceRecord, ProcessRecord, Snapshot, StatusRecord, ThreadRecord, Viewpoint } from "./types.ts";

/**
 * A snapshot to show to others: without command lines, cgroup paths, labels of security modules, the paths of bind mounts
 * and of /proc, trees of mounts, names under /run/netns, what tells whose a
 * namespace is, hostnames, and the names and addresses of network interfaces. That a bind mount is
 * there stays, for it keeps a namespace alive; so do numbers of descriptors.
 *
 * The name (comm) of a process or thread stays too, for nothing else tells processes apart: it is the last part of the program's path
 * unless the process gave itself another. One that holds a path is cut to the part behind the last slash. Ids of
 * users and of the boot stay: they are numbers.
 */
export const redact = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  redacted: true,
  viewpoint: redactViewpoint(snapshot.viewpoint),
  namespaces: snapshot.namespaces.map(({ traces: _traces, ...namespace }) => withoutTree(redactAttributes(namespace))),
  processes: snapshot.processes.map(redactProcess),
  threads: snapshot.threads.map(redactThread),
  pins: snapshot.pins.map(({ path: _path, hiddenBy: _hiddenBy, ...pin }) => pin),
  mounts: snapshot.mounts.map(({ path: _path, ...mount }) => mount),
  names: [],
});

/** How many mounts were seen stays. */
function withoutTree(namespace: NamespaceRecord): NamespaceRecord {
  const { mounts } = namespace;
  if (mounts === undefined || !("value" in mounts)) return namespace;
  const { tree: _tree, ...table } = mounts.value;
  return { ...namespace, mounts: { value: table } };
}

function redactViewpoint(viewpoint: Viewpoint): Viewpoint {
  const { proc: _proc, ...kept } = viewpoint;
  return kept;
}

function redactProcess(process: ProcessRecord): ProcessRecord {
  const { commandLine: _commandLine, cgroup: _cgroup, status, ...others } = process;
  const kept = status === undefined ? others : { ...others, status: redactStatus(status) };
  // The slash in the name of a kernel thread separates it from its processor's number: kworker/0:1.
  return kept.kernelThread ? kept : { ...kept, comm: lastPart(kept.comm) };
}

function redactStatus(status: StatusRecord): StatusRecord {
  const { label: _label, ...kept } = status;
  return kept;
}

/** Threads of the kernel are processes of their own. */
const redactThread = (thread: ThreadRecord): ThreadRecord => ({ ...thread, comm: lastPart(thread.comm) });

const lastPart = (comm: string): string => comm.slice(comm.lastIndexOf("/") + 1);
