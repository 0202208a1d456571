import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { LINKS, PROC_LINKS, type ProcLink } from "../abi/proc-links.ts";
import type { TaskName } from "../kernel/call.ts";
import { shownUid } from "../kernel/model/ids.ts";
import { linkTarget } from "../kernel/model/memberships.ts";
import type { Namespace, NsKey, Task, World } from "../kernel/model/world.ts";
import { sameFact } from "../rules/reserved.ts";
import { hasSince } from "../rules/kernel-changes.ts";

/** What a call changed in a world. Namespaces that are new have no names yet. */
export interface Changes {
  readonly appeared: readonly Namespace[];
  readonly ended: readonly Namespace[];
  readonly started: readonly TaskName[];
  readonly exited: readonly TaskName[];
  readonly links: readonly LinkChange[];
  readonly credentials: readonly CredentialChange[];
  readonly maps: readonly { readonly namespace: NsKey; readonly file: "uid_map" | "gid_map" | "projid_map" }[];
}

/** A link of a process leads elsewhere than before; one of a new process elsewhere than its maker's. */
export interface LinkChange {
  readonly process: TaskName;
  readonly link: ProcLink;
  readonly kind: NamespaceKind;
  readonly from: NsKey;
  readonly to: NsKey;
}

/** What a process is allowed has changed: effective uid as its own user namespace shows it, and effective capabilities. */
export interface CredentialChange {
  readonly process: TaskName;
  readonly uid: { readonly from: number; readonly to: number };
  readonly capabilities: { readonly from: bigint; readonly to: bigint };
}

/** Compares two worlds, the second of which a call by `caller` made of the first: only where they differ. */
export function changesOf(before: World, after: World, caller: TaskName): Changes {
  const appeared: Namespace[] = [];
  const ended: Namespace[] = [];
  const maps: Changes["maps"][number][] = [];
  for (const key of before.namespaces.differing(after.namespaces)) {
    const [was, namespace] = [before.namespaces.get(key), after.namespaces.get(key)];
    if (was !== undefined && namespace === undefined) ended.push(was);
    if (namespace === undefined || was === namespace) continue;
    if (was === undefined) appeared.push(namespace);
    else maps.push(...mapsSet(was, namespace));
  }
  const started: TaskName[] = [];
  const links: LinkChange[] = [];
  const credentials: CredentialChange[] = [];
  const exited: TaskName[] = [];
  for (const name of before.tasks.differing(after.tasks)) {
    const [was, task] = [before.tasks.get(name), after.tasks.get(name)];
    if (was?.memberships !== undefined && task?.memberships === undefined) exited.push(name);
    if (task === undefined || was === task) continue;
    const like = was ?? before.tasks.get(caller);
    if (was === undefined) started.push(task.name);
    if (task.memberships === undefined || like === undefined) continue;
    links.push(...linkChanges(after.release, like, task));
    credentials.push(...credentialChange({ before, was: like }, { after, task }));
  }
  const byKey = (a: Namespace, b: Namespace): number => a.key - b.key;
  appeared.sort(byKey);
  return { appeared, ended: ended.sort(byKey), started, exited, links, credentials, maps };
}

/** What nothing changes. */
export const NO_CHANGES: Changes = {
  appeared: [],
  ended: [],
  started: [],
  exited: [],
  links: [],
  credentials: [],
  maps: [],
};

function linkChanges(release: string, was: Task, task: Task): LinkChange[] {
  if (was.memberships === task.memberships && was.credentials === task.credentials) return [];
  return LINKS.flatMap((link) => {
    const [from, to] = [linkTarget(was, link), linkTarget(task, link)];
    const { kind, since } = PROC_LINKS[link];
    if (from === undefined || to === undefined || from === to || !hasSince(release, since)) return [];
    return [{ process: task.name, link, kind, from, to }];
  });
}

function credentialChange(
  { before, was }: { before: World; was: Task },
  { after, task }: { after: World; task: Task },
): CredentialChange[] {
  if (was.credentials === task.credentials) return [];
  const uid = {
    from: shownUid(before, was.credentials.user, was.credentials.euid),
    to: shownUid(after, task.credentials.user, task.credentials.euid),
  };
  const capabilities = { from: was.credentials.effective, to: task.credentials.effective };
  const same = uid.from === uid.to && capabilities.from === capabilities.to;
  return same ? [] : [{ process: task.name, uid, capabilities }];
}

const MAPS = [
  ["uid_map", "uidMap"],
  ["gid_map", "gidMap"],
  ["projid_map", "projidMap"],
] as const;

const mapsSet = (was: Namespace, { key, user }: Namespace): readonly Changes["maps"][number][] =>
  was.user === undefined || user === undefined || was.user === user
    ? []
    : MAPS.filter(([, map]) => !sameFact(was.user ?? user, user, map)).map(([file]) => ({ namespace: key, file }));
