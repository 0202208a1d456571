import { parseNamespaceId, type NamespaceId } from "../../src/abi/ids.ts";
import type { NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { NamespaceRecord, ProcessRecord, Refusal, Snapshot } from "../../src/snapshot/types.ts";
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION, SOURCES } from "../../src/snapshot/types.ts";

/** `0:4/N`, the n-th namespace file of the one device that machines have. */
export function idOf(nth: number): NamespaceId {
  const id = parseNamespaceId(`0:4/${nth}`);
  if (id === undefined) throw new Error(`${nth} is no inode`);
  return id;
}

export const NOT_SHOWN: Refusal = { refused: "EPERM", call: "ioctl NS_GET_USERNS", reason: "owner-outside-view" };

/** A namespace by the last digits of its inode; `owner` and `parent` likewise, or not shown. */
export function namespace(
  kind: NamespaceKind,
  nth: number,
  of: { owner?: number; parent?: number } = {},
): NamespaceRecord {
  const relation = (to: number | undefined) => (to === undefined ? NOT_SHOWN : { to: idOf(to) });
  const record = { id: idOf(nth), kind, owner: relation(kind === "user" ? (of.owner ?? of.parent) : of.owner) };
  return kind === "user" || kind === "pid" ? { ...record, parent: relation(of.parent) } : record;
}

export const process = (pid: number, more: Partial<ProcessRecord> = {}): ProcessRecord => ({
  pid,
  ppid: 1,
  startTime: pid * 100,
  uid: 0,
  comm: "sleep",
  kernelThread: false,
  zombie: false,
  namespaces: {},
  ...more,
});

export const snapshot = (more: Partial<Snapshot> = {}): Snapshot => ({
  format: SNAPSHOT_FORMAT,
  version: SNAPSHOT_VERSION,
  producer: { name: "nsatlas", version: "0.1.0" },
  takenAt: "2026-01-02T03:04:05.678Z",
  redacted: false,
  viewpoint: {
    source: "live",
    kernel: { name: "Linux", release: "6.18.44", machine: "x86_64" },
    proc: "/proc",
    pid: 4711,
    uid: { real: 1000, effective: 1000 },
    gid: { real: 1000, effective: 1000 },
    namespaces: {},
  },
  coverage: SOURCES.map((source) => ({ source, asked: 0, seen: 0, vanished: 0, refused: {} })),
  namespaces: [],
  processes: [],
  threads: [],
  descriptors: [],
  pins: [],
  mounts: [],
  names: [],
  ...more,
});
