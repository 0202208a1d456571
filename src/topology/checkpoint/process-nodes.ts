import { kindOfLink, LINKS, type ProcLink } from "../../abi/proc-links.ts";
import type { Ids } from "../../procfs/status.ts";
import type { DescriptorRecord, ProcessRecord, StatusRecord } from "../../snapshot/types.ts";
import { isBoundary, type Label, type Reference } from "../reference.ts";
import type { Credentials, ProcessNode } from "../topology.ts";
import type { NamespaceId } from "../../abi/ids.ts";
import type { Led } from "./boundary-sessions.ts";
import type { Captured } from "./capture.ts";
import type { IdSort } from "./id-numbers.ts";
import { referenceTo, UNSEEN, type Making } from "./making.ts";

/** The numbers of each captured process in the captured pid namespaces, the outermost first; absent: they were not read. */
export function capturedNumbers({ index, namespaces, processes }: Captured): ReadonlyMap<number, readonly number[]> {
  /** How many captured pid namespaces lie from this one upwards, itself included. */
  const depths = new Map<NamespaceId, number>();
  const depthOf = (start: NamespaceId): number => {
    const trail = new Set<NamespaceId>();
    let at: NamespaceId | undefined = start;
    while (at !== undefined && namespaces.has(at) && !depths.has(at) && !trail.has(at)) {
      trail.add(at);
      const parent: NonNullable<ReturnType<typeof index.namespaces.get>>["parent"] = namespaces.get(at)?.parent;
      at = parent !== undefined && "to" in parent ? parent.to : undefined;
    }
    let depth = at === undefined ? 0 : (depths.get(at) ?? 0);
    for (const id of [...trail].toReversed()) depths.set(id, ++depth);
    return depth;
  };
  const numbers = new Map<number, readonly number[]>();
  for (const { pid, status, namespaces: links } of processes.values()) {
    const depth = links.pid === undefined ? 0 : depthOf(links.pid);
    if (depth === 0) numbers.set(pid, []);
    else if (status?.numbers !== undefined && status.numbers.length >= depth)
      numbers.set(pid, status.numbers.slice(-depth));
  }
  return numbers;
}

/** One process of the image. What it lacks is noted. */
export function processNode(
  making: Making,
  process: ProcessRecord,
  of: {
    readonly numbers: readonly number[] | undefined;
    readonly led: Led | undefined;
    readonly descriptors: readonly DescriptorRecord[];
  },
): ProcessNode {
  const { ordered, notes } = making;
  const { pid, ppid, comm, status } = process;
  const label = ordered.processLabels.get(pid) ?? "";
  const parent = ppid === pid ? undefined : ordered.processLabels.get(ppid);
  if (status === undefined) notes.note("status-not-read", label);
  else if (of.numbers === undefined) notes.note("numbers-do-not-fit", label);
  const numbers = of.numbers ?? [];
  return {
    label,
    comm,
    ...(parent !== undefined && { parent }),
    numbers,
    namespaces: memberships(making, label, process),
    credentials: credentials(making, label, process),
    ...(numbers.length === 0
      ? boundarySessionParts(making, label, { status, led: of.led })
      : sessionParts(making, label, { status, own: numbers.at(-1) })),
    descriptors: heldFiles(making, label, of.descriptors),
    identity: { pid },
  };
}

function memberships(
  making: Making,
  label: Label,
  { namespaces, refused }: ProcessRecord,
): Readonly<Partial<Record<ProcLink, Reference>>> {
  const found: Partial<Record<ProcLink, Reference>> = {};
  for (const link of LINKS) {
    const kind = kindOfLink(link);
    const id = namespaces[link];
    const errno = refused?.[link];
    if (id === undefined) {
      // Kernels have these one after the other; the first ones are as old as the ioctls.
      const isMissing = errno === undefined || (errno === "ENOENT" && link !== "pid_for_children");
      if (!isMissing) making.notes.note("link-not-read", label, { link, errno });
      continue;
    }
    if (link !== kind && namespaces[kind] === id) continue;
    const reference = referenceTo(making, id);
    if (reference === UNSEEN) making.notes.note("namespace-not-seen", label, { kind });
    found[link] = reference;
  }
  return found;
}

function credentials({ ids, notes }: Making, label: Label, { namespaces, status }: ProcessRecord): Credentials {
  const { user } = namespaces;
  const number = (sort: IdSort, id: number): number | undefined =>
    user === undefined ? undefined : ids.inside(user, sort, id);
  const four = (sort: "uid" | "gid", from: Ids | undefined): Partial<Ids> => {
    const known: { -readonly [Which in keyof Ids]?: number } = {};
    const unknown: number[] = [];
    for (const which of ID_WORDS) {
      if (from === undefined) continue;
      const inside = number(sort, from[which]);
      if (inside === undefined) unknown.push(from[which]);
      else known[which] = inside;
    }
    if (unknown.length > 0) notes.note("id-without-number", label, { what: `${sort}s`, ids: listed(unknown) });
    return known;
  };
  const groups: number[] = [];
  const strange: number[] = [];
  for (const gid of status?.groups ?? []) {
    const inside = number("gid", gid);
    if (inside === undefined) strange.push(gid);
    else groups.push(inside);
  }
  if (strange.length > 0) notes.note("id-without-number", label, { what: "groups", ids: listed(strange) });
  if ((status?.seccomp ?? 0) > 0) notes.note("seccomp", label);
  const sets: Partial<StatusRecord["capabilities"]> = status?.capabilities ?? {};
  const { inheritable = NONE, permitted = NONE, effective = NONE, bounding = NONE, ambient = NONE } = sets;
  return {
    uid: four("uid", status?.uid),
    gid: four("gid", status?.gid),
    groups: groups.sort((a, b) => a - b),
    capabilities: { inheritable, permitted, effective, bounding, ambient },
    noNewPrivs: status?.noNewPrivs ?? false,
  };
}
const ID_WORDS = ["real", "effective", "saved", "fs"] as const satisfies readonly (keyof Ids)[];
const NONE = "0".repeat(16);
const listed = (ids: readonly number[]): string => [...new Set(ids)].sort((a, b) => a - b).join(", ");

/** At the boundary, where numbers are anybody's: by label. */
function boundarySessionParts(
  { notes, ordered: { processLabels } }: Making,
  label: Label,
  { status, led }: { readonly status: StatusRecord | undefined; readonly led: Led | undefined },
): Pick<ProcessNode, "session" | "group"> {
  if (led === undefined) {
    if (status !== undefined) notes.note("session-not-read", label);
    return {};
  }
  if (led.isSessionElsewhere) notes.note("session-elsewhere", label);
  else if (led.isGroupElsewhere) notes.note("group-elsewhere", label);
  const [session, group] = [led.session, led.group].map(({ pid }) => processLabels.get(pid) ?? label);
  return { ...(session !== undefined && { session }), ...(group !== undefined && { group }) };
}

/** `own`: its own number in its own pid namespace. */
function sessionParts(
  { notes }: Making,
  label: Label,
  { status, own }: { readonly status: StatusRecord | undefined; readonly own: number | undefined },
): Pick<ProcessNode, "session" | "group"> {
  if (status === undefined || own === undefined) return {};
  const { session, group } = status;
  if (session === undefined || group === undefined) notes.note("session-not-read", label);
  if (session === 0) notes.note("session-outside", label);
  if (group === 0) notes.note("group-outside", label);
  const isOther = (number: number | undefined): number is number =>
    number !== undefined && number !== 0 && number !== own;
  return { ...(isOther(session) && { session }), ...(isOther(group) && { group }) };
}

function heldFiles(making: Making, label: Label, those: readonly DescriptorRecord[]): ProcessNode["descriptors"] {
  const { notes } = making;
  const held: ProcessNode["descriptors"][number][] = [];
  for (const one of those) {
    const { namespace, fd, tid, what, closeOnExec } = one;
    const reference = namespace === undefined ? undefined : referenceTo(making, namespace);
    // Of the boundary nothing has to be kept.
    const isCaptured = reference !== undefined && !isBoundary(reference);
    if (what === "namespace" && tid === undefined && reference !== undefined)
      held.push({ fd, namespace: reference, ...(closeOnExec === true && { closeOnExec }) });
    else if (!isCaptured) continue;
    else if (tid !== undefined)
      notes.note("thread-descriptor", label, { tid: String(tid), fd: String(fd), other: reference });
    else notes.note(what === "socket" ? "socket-holds" : "pidfd-holds", label, { fd: String(fd), other: reference });
  }
  return held;
}
