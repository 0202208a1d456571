import type { ProcessRecord, Snapshot, Viewpoint } from "./types.ts";

/**
 * A snapshot to show to others: without command lines, cgroup paths, the paths of bind mounts and of /proc, and names
 * under /run/netns. That a bind mount is
 * there stays, for it keeps a namespace alive.
 *
 * A process's name (comm) stays too, for nothing else tells processes apart: it is the last part of the program's path
 * unless the process gave itself another. One that holds a path is cut to the part behind the last slash. Ids of
 * users and of the boot stay: they are numbers.
 */
export const redact = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  redacted: true,
  viewpoint: redactViewpoint(snapshot.viewpoint),
  processes: snapshot.processes.map(redactProcess),
  pins: snapshot.pins.map(({ namespace, mountId }) => ({ namespace, mountId })),
  names: [],
});

function redactViewpoint(viewpoint: Viewpoint): Viewpoint {
  const { proc: _proc, ...kept } = viewpoint;
  return kept;
}

function redactProcess(process: ProcessRecord): ProcessRecord {
  const { commandLine: _commandLine, cgroup: _cgroup, ...kept } = process;
  // The slash in the name of a kernel thread separates it from its processor's number: kworker/0:1.
  return kept.kernelThread ? kept : { ...kept, comm: kept.comm.slice(kept.comm.lastIndexOf("/") + 1) };
}
