import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceId } from "../abi/ids.ts";
import { kindOfLink } from "../abi/proc-links.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { FileLook, Observer } from "../kernel/observer.ts";
import type { Situation } from "../messages/hints.ts";
import { findNamespace, type NamespaceName } from "../snapshot/find-namespace.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { NETNS_FOLDER } from "./pins.ts";
import { situationOf } from "./situation.ts";
import type { Ref } from "../refs/ref.ts";

/** A namespace by its identity. */
export interface Identified {
  readonly id: NamespaceId;
  readonly kind: NamespaceKind;
}

/** What a REF leads to, or why it leads nowhere. */
export type Resolution =
  | (Identified & { readonly ok: true })
  /** The kernel said no. `type` says what the file is where that is the reason. */
  | {
      readonly ok: false;
      readonly why: "refused";
      readonly errno: ErrnoName;
      readonly path: string;
      readonly situation: Situation;
      readonly type?: FileLook["type"];
    }
  /** It is there, and not of the kind that was asked for. */
  | {
      readonly ok: false;
      readonly why: "other-kind";
      readonly found: readonly Identified[];
      readonly wanted: NamespaceKind;
    }
  | { readonly ok: false; readonly why: "not-seen" }
  | { readonly ok: false; readonly why: "ambiguous"; readonly candidates: readonly Identified[] }
  /** A path or a descriptor of the machine that a snapshot was taken on, which the snapshot does not hold. */
  | { readonly ok: false; readonly why: "not-in-a-snapshot" };

/** The file that a REF names, where it is a file: the rest are names that a snapshot answers. */
export function pathOfRef(ref: Ref, procRoot: string): string | undefined {
  switch (ref.form) {
    case "path":
      return ref.path;
    case "name":
      return `${NETNS_FOLDER}/${ref.name}`;
    case "link":
      return `${procRoot}/${ref.process}${ref.thread === undefined ? "" : `/task/${ref.thread}`}/ns/${ref.link}`;
    case "fd":
      return `${procRoot}/self/fd/${ref.fd}`;
    default:
      return undefined;
  }
}

/**
 * Asks the machine which namespace a file is. Never blocks: the observer looks before it opens. A descriptor (`fd:7`) is
 * one that nsatlas inherited, as Node opens no namespaces and nsatlas none before this: so resolve names first.
 */
export function resolveFile(ref: Ref, path: string, observer: Observer): Resolution {
  const opened = observer.open(path);
  if (!opened.ok) return refusedFile(ref, path, opened.errno, observer);
  using file = opened.value;
  const kind = file.kind();
  if (!kind.ok) return refusedFile(ref, path, kind.errno, observer);
  return guarded({ id: file.id, kind: kind.value }, kindWanted(ref));
}

function refusedFile(ref: Ref, path: string, errno: ErrnoName, observer: Observer): Resolution {
  const look = errno === "ENOTTY" ? observer.look(path) : undefined;
  const type = look?.ok === true ? look.value.type : undefined;
  return { ok: false, why: "refused", path, ...situationOf({ ref, path, errno, type }, observer) };
}

/** Asks a snapshot which namespace a name means. */
export function resolveInSnapshot(ref: Ref, index: SnapshotIndex): Resolution {
  if (ref.form === "inode" || ref.form === "id" || ref.form === "unique-id") return resolveName(ref, index);
  const id = recorded(ref, index);
  const record = id === undefined ? undefined : index.namespaces.get(id);
  return record === undefined ? { ok: false, why: "not-in-a-snapshot" } : guarded(record, kindWanted(ref));
}

function resolveName(name: NamespaceName, index: SnapshotIndex): Resolution {
  const answer = findNamespace(index, name);
  if (answer.found === "one") return { ok: true, ...identityOf(answer.namespace) };
  if (answer.found === "several") return { ok: false, why: "ambiguous", candidates: answer.candidates.map(identityOf) };
  return name.kind === undefined || answer.ofAnotherKind.length === 0
    ? { ok: false, why: "not-seen" }
    : { ok: false, why: "other-kind", found: answer.ofAnotherKind.map(identityOf), wanted: name.kind };
}

/** What the snapshot recorded for a file of the machine it was taken on. Threads and descriptors are in none. */
function recorded(ref: Ref, { snapshot, processes }: SnapshotIndex): NamespaceId | undefined {
  switch (ref.form) {
    case "link":
      if (ref.thread !== undefined) return undefined;
      if (ref.process === "self") return snapshot.viewpoint.namespaces[ref.link];
      return processes.get(ref.process)?.namespaces[ref.link];
    case "name":
      return snapshot.names.find(({ name }) => name === ref.name)?.namespace;
    case "path":
      return snapshot.pins.find(({ path }) => path === ref.path)?.namespace;
    default:
      return undefined;
  }
}

const identityOf = ({ id, kind }: Identified): Identified => ({ id, kind });

/** The kind that a REF says, which what it names has to be of. */
export const kindWanted = (ref: Ref): NamespaceKind | undefined =>
  ref.form === "link" ? kindOfLink(ref.link) : "kind" in ref ? ref.kind : undefined;

function guarded({ id, kind }: Identified, wanted: NamespaceKind | undefined): Resolution {
  if (wanted === undefined || wanted === kind) return { ok: true, id, kind };
  return { ok: false, why: "other-kind", found: [{ id, kind }], wanted };
}
