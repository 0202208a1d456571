import { ERRNOS, isErrnoName, type ErrnoName } from "../abi/errnos.ts";
import { LINKS, type ProcLink } from "../abi/proc-links.ts";
import { attributeFields } from "./encode-attributes.ts";
import { capabilityFields, extentFields, idsFields, inKeyOrder, type Fields } from "./fields.ts";
import { toJson } from "./json-text.ts";
import { inOrder } from "./order.ts";
import type {
  Answer,
  Coverage,
  DescriptorRecord,
  HoldingMount,
  IdMaps,
  MountInTree,
  MountPlace,
  MountTable,
  NameRecord,
  NamespaceRecord,
  PinRecord,
  ProcessRecord,
  Relation,
  StatusRecord,
  ThreadRecord,
  Trace,
  TracePart,
} from "./types.ts";
import type { Refusal, Snapshot, Viewpoint } from "./types.ts";

/**
 * A snapshot as text: JSON with one record a line, so that two files compare well line by line. Records and fields have
 * one fixed order: equal snapshots give equal texts.
 */
export function encodeSnapshot(snapshot: Snapshot): string {
  const ordered = inOrder(snapshot);
  const { format, version, producer, takenAt, redacted, viewpoint } = ordered;
  const lines = [
    `  "format": ${toJson(format)}`,
    `  "version": ${toJson(version)}`,
    `  "producer": ${toJson({ name: producer.name, version: producer.version })}`,
    `  "takenAt": ${toJson(takenAt)}`,
    `  "redacted": ${toJson(redacted)}`,
    `  "viewpoint": ${toJson(viewpointFields(viewpoint))}`,
    list("coverage", ordered.coverage.map(coverageFields)),
    list("namespaces", ordered.namespaces.map(namespaceFields)),
    list("processes", ordered.processes.map(processFields)),
    list("threads", ordered.threads.map(threadFields)),
    list("descriptors", ordered.descriptors.map(descriptorFields)),
    list("pins", ordered.pins.map(pinFields)),
    list("mounts", ordered.mounts.map(mountFields)),
    list("names", ordered.names.map(nameFields)),
  ];
  return `{\n${lines.join(",\n")}\n}\n`;
}

function list(name: string, records: readonly object[]): string {
  if (records.length === 0) return `  "${name}": []`;
  return `  "${name}": [\n    ${records.map(toJson).join(",\n    ")}\n  ]`;
}

const viewpointFields = (viewpoint: Viewpoint): Fields<Viewpoint> => ({
  source: viewpoint.source,
  kernel: {
    name: viewpoint.kernel.name,
    release: viewpoint.kernel.release,
    machine: viewpoint.kernel.machine,
  } satisfies Fields<Viewpoint["kernel"]>,
  bootId: viewpoint.bootId,
  proc: viewpoint.proc,
  pid: viewpoint.pid,
  uid: realAndEffective(viewpoint.uid),
  gid: realAndEffective(viewpoint.gid),
  capabilities: viewpoint.capabilities,
  ptraceScope: viewpoint.ptraceScope,
  namespaces: byLink(viewpoint.namespaces),
});

const realAndEffective = ({ real, effective }: Viewpoint["uid"]): Fields<Viewpoint["uid"]> => ({ real, effective });

const coverageFields = (row: Coverage): Fields<Coverage> => ({
  source: row.source,
  asked: row.asked,
  seen: row.seen,
  vanished: row.vanished,
  refused: inKeyOrder(ERRNO_NAMES, row.refused),
  unsupported: row.unsupported && { errno: row.unsupported.errno, since: row.unsupported.since },
  skipped: row.skipped && { why: row.skipped.why, count: row.skipped.count },
  notes: row.notes,
});

const namespaceFields = (namespace: NamespaceRecord): Fields<NamespaceRecord> => ({
  kind: namespace.kind,
  id: namespace.id,
  uniqueId: namespace.uniqueId,
  listed: namespace.listed,
  netnsid: namespace.netnsid,
  existsSince: namespace.existsSince,
  owner: relationFields(namespace.owner),
  parent: namespace.parent && relationFields(namespace.parent),
  unborn: namespace.unborn,
  pidMax: namespace.pidMax && answerFields(namespace.pidMax, (most) => most),
  creatorUid: namespace.creatorUid && answerFields(namespace.creatorUid, (uid) => uid),
  maps: namespace.maps && answerFields(namespace.maps, mapsFields),
  mounts: namespace.mounts && answerFields(namespace.mounts, tableFields),
  attributes: namespace.attributes && answerFields(namespace.attributes, attributeFields),
  traces: namespace.traces?.map(traceFields),
});

function traceFields(trace: Trace): object {
  const { from } = trace;
  const parts = trace.parts.map(partFields);
  switch (trace.from) {
    case "cgroup": {
      const { pid, tid, line, others } = trace;
      return { from, parts, pid, tid, line, others } satisfies Fields<typeof trace>;
    }
    case "pin":
      return { from, parts, mountId: trace.mountId, path: trace.path } satisfies Fields<typeof trace>;
  }
}
const partFields = ({ kind, engine, name, qos, pattern }: TracePart): Fields<TracePart> => ({
  kind,
  engine,
  name,
  qos,
  pattern,
});

const processFields = (process: ProcessRecord): Fields<ProcessRecord> => ({
  pid: process.pid,
  ppid: process.ppid,
  startTime: process.startTime,
  uid: process.uid,
  comm: process.comm,
  kernelThread: process.kernelThread,
  zombie: process.zombie,
  commandLine: process.commandLine,
  status: process.status && statusFields(process.status),
  cgroup: process.cgroup,
  namespaces: byLink(process.namespaces),
  refused: process.refused && byLink(process.refused),
});

const statusFields = ({ capabilities: sets, ...status }: StatusRecord): Fields<StatusRecord> => ({
  uid: idsFields(status.uid),
  gid: idsFields(status.gid),
  groups: status.groups,
  numbers: status.numbers,
  group: status.group,
  session: status.session,
  threads: status.threads,
  capabilities: capabilityFields(sets),
  noNewPrivs: status.noNewPrivs,
  seccomp: status.seccomp,
  label: status.label,
});

const threadFields = (thread: ThreadRecord): Fields<ThreadRecord> => ({
  pid: thread.pid,
  tid: thread.tid,
  startTime: thread.startTime,
  comm: thread.comm,
  namespaces: byLink(thread.namespaces),
  refused: thread.refused && byLink(thread.refused),
});

function descriptorFields(descriptor: DescriptorRecord): object {
  const { pid, tid, fd, what, namespace, closeOnExec } = descriptor;
  const place = { pid, tid, fd, what, namespace };
  switch (descriptor.what) {
    case "namespace":
      return { ...place, closeOnExec } satisfies Fields<typeof descriptor>;
    case "socket":
      return { ...place, inFlight: descriptor.inFlight, closeOnExec } satisfies Fields<typeof descriptor>;
    case "pidfd":
      return { ...place, target: descriptor.target, closeOnExec } satisfies Fields<typeof descriptor>;
  }
}

const placeFields = ({ mountNamespace, path, through }: MountPlace) => ({ mountNamespace, path, through });
const pinFields = ({ mountId, namespace, hiddenBy, ...place }: PinRecord): Fields<PinRecord> => ({
  mountId,
  namespace,
  ...placeFields({ mountId, ...place }),
  hiddenBy,
});
const mountFields = ({ mountId, fileSystem, namespace, ...place }: HoldingMount): Fields<HoldingMount> => ({
  mountId,
  fileSystem,
  namespace,
  ...placeFields({ mountId, ...place }),
});
const tableFields = ({ by, readFrom, seen, outOfReach, tree }: MountTable): Fields<MountTable> => ({
  by,
  readFrom,
  seen,
  outOfReach,
  tree: tree?.map(treeFields),
});
const treeFields = (mount: MountInTree): Fields<MountInTree> => ({
  id: mount.id,
  parent: mount.parent,
  mountPoint: mount.mountPoint,
  fsType: mount.fsType,
  source: mount.source,
  root: mount.root,
  device: mount.device,
  options: mount.options,
  propagation: mount.propagation,
  through: mount.through,
});

const nameFields = ({ name, namespace }: NameRecord): Fields<NameRecord> => ({ name, namespace });

const mapsFields = ({ uid, gid, projid, setgroups, readFrom, inViewOf }: IdMaps): Fields<IdMaps> => ({
  uid: uid.map(extentFields),
  gid: gid.map(extentFields),
  projid: projid?.map(extentFields),
  setgroups,
  readFrom,
  inViewOf,
});

const relationFields = (relation: Relation): object =>
  "to" in relation ? { to: relation.to } : refusalFields(relation);
const answerFields = <T>(answer: Answer<T>, fieldsOf: (value: T) => unknown): object =>
  "value" in answer ? { value: fieldsOf(answer.value) } : refusalFields(answer);
const refusalFields = ({ refused, call, reason }: Refusal): Fields<Refusal> => ({ refused, call, reason });

const ERRNO_NAMES: readonly ErrnoName[] = Object.keys(ERRNOS).filter(isErrnoName);
const byLink = <V>(values: Readonly<Partial<Record<ProcLink, V>>>): object => inKeyOrder(LINKS, values);
