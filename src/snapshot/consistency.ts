import type { NamespaceId } from "../abi/ids.ts";
import { nests, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { kindOfLink, LINKS } from "../abi/proc-links.ts";
import { FORMAT_ISSUES } from "../messages/format-issues.ts";
import { circles } from "./circles.ts";
import { issueAt, type Issue, type Path } from "./issue.ts";
import { sequenceIssues } from "./sequences.ts";
import { descriptorIssues, threadIssues } from "./holder-laws.ts";
import { isSecret } from "./redact-attributes.ts";
import type { Coverage, MountPlace, NamespaceRecord, ProcessRecord, Relation, Snapshot } from "./types.ts";

/**
 * What is wrong between the records of a snapshot whose every field is right. A namespace that something is in, is mounted from
 * or named after must have a record. Owners and parents need not: the kernel may show one that is gone a moment later.
 */
export function* inconsistencies(snapshot: Snapshot): Generator<Issue> {
  const { viewpoint, coverage, namespaces, processes, threads, descriptors, pins, mounts, names, redacted } = snapshot;
  const kinds = new Map(namespaces.map(({ id, kind }) => [id, kind]));
  yield* linkIssues(viewpoint.namespaces, ["viewpoint"], kinds);
  for (const [nth, row] of coverage.entries()) yield* sumIssues(row, nth);
  for (const [nth, namespace] of namespaces.entries()) yield* namespaceIssues(namespace, ["namespaces", nth], kinds);
  yield* circles(namespaces);
  for (const [nth, process] of processes.entries()) yield* processIssues(process, ["processes", nth], kinds);
  const leaders = new Map(processes.map((process) => [process.pid, process]));
  for (const [nth, thread] of threads.entries()) {
    yield* processIssues(thread, ["threads", nth], kinds);
    yield* threadIssues(thread, ["threads", nth], leaders);
  }
  for (const [nth, descriptor] of descriptors.entries()) {
    const at = ["descriptors", nth];
    yield* descriptorIssues(descriptor, at, leaders);
    const { namespace, what } = descriptor;
    if (namespace === undefined) continue;
    yield* mustBeKnown(namespace, [...at, "namespace"], kinds);
    if (what === "socket") yield* relationIssues({ to: namespace }, [...at, "namespace"], "net", kinds);
    if (what === "pidfd") yield* relationIssues({ to: namespace }, [...at, "namespace"], "pid", kinds);
  }
  for (const [nth, pin] of pins.entries()) {
    yield* mustBeKnown(pin.namespace, ["pins", nth, "namespace"], kinds);
    yield* placeIssues(pin, ["pins", nth], kinds);
  }
  for (const [nth, mount] of mounts.entries()) {
    const at = ["mounts", nth, "namespace"];
    yield* mustBeKnown(mount.namespace, at, kinds);
    yield* relationIssues({ to: mount.namespace }, at, mount.fileSystem === "proc" ? "pid" : "ipc", kinds);
    yield* placeIssues(mount, ["mounts", nth], kinds);
  }
  for (const [nth, name] of names.entries()) yield* mustBeKnown(name.namespace, ["names", nth, "namespace"], kinds);
  yield* sequenceIssues(snapshot);
  if (redacted) yield* secrets(snapshot);
}

type Kinds = ReadonlyMap<NamespaceId, NamespaceKind>;

function* sumIssues({ asked, seen, vanished, refused }: Coverage, nth: number): Generator<Issue> {
  const sum = Object.values(refused).reduce((total, times) => total + times, seen + vanished);
  if (sum !== asked) yield issueAt(["coverage", nth, "asked"], FORMAT_ISSUES.sum, { sum });
}

function* namespaceIssues(namespace: NamespaceRecord, at: Path, kinds: Kinds): Generator<Issue> {
  const { kind, owner, parent, creatorUid, maps, mounts, netnsid, unborn, pidMax } = namespace;
  yield* relationIssues(owner, [...at, "owner", "to"], "user", kinds);
  if (parent !== undefined && !nests(kind)) {
    yield issueAt([...at, "parent"], FORMAT_ISSUES["kind-does-not-nest"], { kind });
  } else if (parent !== undefined) {
    yield* relationIssues(parent, [...at, "parent", "to"], kind, kinds);
    const differ = kind === "user" && "to" in owner && "to" in parent && owner.to !== parent.to;
    if (differ) yield issueAt([...at, "owner", "to"], FORMAT_ISSUES["owner-is-not-parent"], { parent: parent.to });
  }
  if (mounts !== undefined && kind !== "mnt") yield issueAt([...at, "mounts"], FORMAT_ISSUES["mnt-only"], {});
  if (netnsid !== undefined && kind !== "net") yield issueAt([...at, "netnsid"], FORMAT_ISSUES["net-only"], {});
  if (unborn !== undefined && kind !== "pid") yield issueAt([...at, "unborn"], FORMAT_ISSUES["pid-only"], {});
  if (pidMax !== undefined && kind !== "pid") yield issueAt([...at, "pidMax"], FORMAT_ISSUES["pid-only"], {});
  yield* attributeIssues(namespace, at, kinds);
  if (kind === "user") return;
  if (creatorUid !== undefined) yield issueAt([...at, "creatorUid"], FORMAT_ISSUES["user-only"], {});
  if (maps !== undefined) yield issueAt([...at, "maps"], FORMAT_ISSUES["user-only"], {});
}

function* attributeIssues({ kind, attributes }: NamespaceRecord, at: Path, kinds: Kinds): Generator<Issue> {
  if (attributes === undefined || !("value" in attributes)) return;
  const { value } = attributes;
  const place = [...at, "attributes", "value"];
  if (value.of !== kind) yield issueAt([...place, "of"], FORMAT_ISSUES["not-one-of"], { allowed: kind });
  if (value.of !== "net") return;
  for (const [nth, { link }] of value.interfaces.entries()) {
    if (link?.namespace === undefined) continue;
    const tied = [...place, "interfaces", nth, "link", "namespace"];
    yield* mustBeKnown(link.namespace, tied, kinds);
    yield* relationIssues({ to: link.namespace }, tied, "net", kinds);
  }
  for (const [nth, { namespace }] of (value.numbers ?? []).entries()) {
    if (namespace === undefined) continue;
    yield* mustBeKnown(namespace, [...place, "numbers", nth, "namespace"], kinds);
    yield* relationIssues({ to: namespace }, [...place, "numbers", nth, "namespace"], "net", kinds);
  }
}

function* relationIssues(relation: Relation, at: Path, expected: NamespaceKind, kinds: Kinds): Generator<Issue> {
  if (!("to" in relation)) return;
  const found = kinds.get(relation.to);
  if (found === undefined || found === expected) return;
  yield issueAt(at, FORMAT_ISSUES["wrong-kind"], { id: relation.to, found, expected });
}

function* processIssues(
  { namespaces, refused }: Pick<ProcessRecord, "namespaces" | "refused">,
  at: Path,
  kinds: Kinds,
): Generator<Issue> {
  yield* linkIssues(namespaces, at, kinds);
  if (refused === undefined) return;
  for (const link of LINKS) {
    const both = namespaces[link] !== undefined && refused[link] !== undefined;
    if (both) yield issueAt([...at, "refused", link], FORMAT_ISSUES["seen-and-refused"], {});
  }
}

function* linkIssues(namespaces: ProcessRecord["namespaces"], at: Path, kinds: Kinds): Generator<Issue> {
  for (const link of LINKS) {
    const id = namespaces[link];
    // Nearly all are right, and there are more of them than of anything else: look before building a path.
    if (id === undefined || kinds.get(id) === kindOfLink(link)) continue;
    yield* mustBeKnown(id, [...at, "namespaces", link], kinds);
    yield* relationIssues({ to: id }, [...at, "namespaces", link], kindOfLink(link), kinds);
  }
}

function* mustBeKnown(id: NamespaceId, at: Path, kinds: Kinds): Generator<Issue> {
  if (!kinds.has(id)) yield issueAt(at, FORMAT_ISSUES["unknown-namespace"], { id });
}

/** A mount lies in a mount namespace that has a record, or in one that is known by a process alone. */
function* placeIssues({ mountNamespace, through }: MountPlace, at: Path, kinds: Kinds): Generator<Issue> {
  if (mountNamespace === undefined) return;
  if (mountNamespace !== "unknown") {
    yield* mustBeKnown(mountNamespace, [...at, "mountNamespace"], kinds);
    yield* relationIssues({ to: mountNamespace }, [...at, "mountNamespace"], "mnt", kinds);
  } else if (through === undefined) {
    yield issueAt([...at, "through"], FORMAT_ISSUES["place-of-nothing"], {});
  }
}

/** What `redact` leaves out and this snapshot has, though it says that it is redacted. */
function* secrets({ viewpoint, namespaces, processes, threads, pins, mounts, names }: Snapshot): Generator<Issue> {
  const kept = (at: Path): Issue => issueAt(at, FORMAT_ISSUES["not-redacted"], {});
  if (viewpoint.proc !== undefined) yield kept(["viewpoint", "proc"]);
  for (const [nth, { traces, mounts: table }] of namespaces.entries()) {
    if (traces !== undefined) yield kept(["namespaces", nth, "traces"]);
    const hasTree = table !== undefined && "value" in table && table.value.tree !== undefined;
    if (hasTree) yield kept(["namespaces", nth, "mounts", "value", "tree"]);
  }
  for (const [nth, { commandLine, cgroup, comm, kernelThread }] of processes.entries()) {
    if (commandLine !== undefined) yield kept(["processes", nth, "commandLine"]);
    if (cgroup !== undefined) yield kept(["processes", nth, "cgroup"]);
    if (!kernelThread && comm.includes("/")) yield kept(["processes", nth, "comm"]);
  }
  for (const [nth, { comm }] of threads.entries()) if (comm.includes("/")) yield kept(["threads", nth, "comm"]);
  for (const [nth, { path, hiddenBy }] of pins.entries()) {
    if (path !== undefined) yield kept(["pins", nth, "path"]);
    if (hiddenBy !== undefined) yield kept(["pins", nth, "hiddenBy"]);
  }
  for (const [nth, { path }] of mounts.entries()) if (path !== undefined) yield kept(["mounts", nth, "path"]);
  for (const nth of names.keys()) yield kept(["names", nth]);
  for (const [nth, { attributes }] of namespaces.entries()) {
    if (attributes !== undefined && "value" in attributes && isSecret(attributes.value))
      yield kept(["namespaces", nth, "attributes", "value"]);
  }
}
