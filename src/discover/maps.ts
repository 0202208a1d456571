import type { NamespaceId } from "../abi/ids.ts";
import type { ErrnoName } from "../abi/errnos.ts";
import type { IdMapTexts } from "../kernel/attributes.ts";
import type { Observer } from "../kernel/observer.ts";
import { parseIdMap } from "../procfs/id-map.ts";
import { parseSetgroups } from "../procfs/setgroups.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { Answer, IdMaps, NamespaceRecord, ProcessRecord } from "../snapshot/types.ts";
import { Tally } from "./tally.ts";
import { push } from "../snapshot/push.ts";

/** Members tried in turn: one may end while it is read. */
const TRIES = 4;

/** Adds the id maps to the user namespaces, each read through a process that is in it. */
export function withMaps(
  observer: Observer,
  namespaces: readonly NamespaceRecord[],
  processes: readonly ProcessRecord[],
  inViewOf: NamespaceId | undefined,
): { namespaces: readonly NamespaceRecord[]; tally: Tally } {
  const tally = new Tally("maps");
  const members = new Map<NamespaceId, number[]>();
  for (const { pid, namespaces } of processes) {
    if (namespaces.user === undefined) continue;
    if ((members.get(namespaces.user)?.length ?? 0) < TRIES) push(members, namespaces.user, pid);
  }
  const read = (namespace: NamespaceRecord): NamespaceRecord => {
    if (namespace.kind !== "user") return namespace;
    const maps = readMaps(observer, { of: namespace.id, pids: members.get(namespace.id) ?? [], inViewOf });
    if ("value" in maps) tally.saw();
    else tally.refused(maps.refused);
    return { ...namespace, maps };
  };
  return { namespaces: namespaces.map(read), tally };
}

interface MapsWish {
  readonly of: NamespaceId;
  /** Its members. */
  readonly pids: readonly number[];
  readonly inViewOf: NamespaceId | undefined;
}

function readMaps(observer: Observer, { of, pids, inViewOf }: MapsWish): Answer<IdMaps> {
  let refused: ErrnoName = "ENOENT";
  for (const pid of pids) {
    const read = (file: string): Outcome<string> => observer.read(`${observer.procRoot}/${pid}/${file}`);
    const [uid, gid, setgroups] = [read("uid_map"), read("gid_map"), read("setgroups")];
    const projid = read("projid_map");
    if (!uid.ok) refused = uid.errno;
    else if (!gid.ok) refused = gid.errno;
    else {
      const maps = mapsOf({ pid, uid: uid.value, gid: gid.value, projid, setgroups }, inViewOf);
      if (maps === undefined) continue;
      // It may have ended or gone elsewhere since it was found in there, and its number may be another's.
      const look = observer.look(`${observer.procRoot}/${pid}/ns/user`);
      if (!look.ok || look.value.id !== of) {
        refused = "ESRCH";
        continue;
      }
      return { value: maps };
    }
  }
  const why = pids.length === 0 ? ({ reason: "no-member-to-read-from" } as const) : {};
  return { refused, call: "openat", ...why };
}

/** The maps that such texts say; undefined where they are not as the kernel writes them. */
export function mapsOf(
  { pid, uid, gid, projid, setgroups }: IdMapTexts,
  inViewOf: NamespaceId | undefined,
): IdMaps | undefined {
  const [uids, gids] = [parseIdMap(uid, "uid_map"), parseIdMap(gid, "gid_map")];
  const projids = projid.ok ? parseIdMap(projid.value, "projid_map") : undefined;
  const word = setgroups.ok ? parseSetgroups(setgroups.value) : undefined;
  if (!uids.ok || !gids.ok) return undefined;
  return {
    uid: uids.value,
    gid: gids.value,
    ...(projids?.ok === true ? { projid: projids.value } : {}),
    ...(word?.ok === true ? { setgroups: word.value } : {}),
    readFrom: pid,
    ...(inViewOf === undefined ? {} : { inViewOf }),
  };
}
