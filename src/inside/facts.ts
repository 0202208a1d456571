import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { Lineage } from "../enter/lineage.ts";
import type { IdFacts } from "../enter/id-facts.ts";
import type { Facts } from "../enter/plan.ts";
import type { Observer } from "../kernel/observer.ts";
import { parseIdMap } from "../procfs/id-map.ts";
import { parseStatus, type ProcessStatus } from "../procfs/status.ts";
import { refusedCall } from "../library/refused-call.ts";
import type { Language } from "../messages/sentence.ts";
import type { Credentials } from "../rules/view.ts";
import type { NsFile } from "../kernel/ns-file.ts";

/** A namespace that is held open until it is joined. `target`: the target process is in it, and its pidfd leads there too. */
export interface Held {
  readonly kind: NamespaceKind;
  readonly file: NsFile;
  readonly from: "target" | "file";
}

/** A process that is in the user namespace to join, so that its id maps can be read; undefined where none is known. */
export interface Witness {
  readonly pid: number | undefined;
}

/** Everything that the plan rests on, asked of the running kernel: some forty calls. */
export function gatherFacts(
  observer: Observer,
  opened: ReadonlyMap<NamespaceKind, Held>,
  { witness, pidfd, language }: { readonly witness: Witness; readonly pidfd: boolean; readonly language: Language },
): Facts {
  const view = new Lineage();
  for (const { file } of opened.values()) view.add(file);
  const [user, pid] = [own("user"), own("pid")];
  const credentials = ownCredentials(observer, user, language);
  const ownIds = idFactsOf(observer, "self");
  const joinsUser = opened.has("user");
  const ids = !joinsUser ? ownIds : witness.pid === undefined ? undefined : idFactsOf(observer, String(witness.pid));
  const pidFile = opened.get("pid");
  return {
    view,
    // The launcher has one thread, and shares nothing with anybody.
    me: { credentials, pid, threaded: false, sharesFs: false, sharesMemory: false },
    pidfd,
    ids,
    ownSetgroups: ownIds !== undefined && ownIds.setgroupsAllowed && ownIds.gid.length > 0,
    hasInit:
      pidFile === undefined || pidFile.from === "target" || pidFile.file.translatePid("NS_GET_TGID_FROM_PIDNS", 1).ok,
    initialUser: !joinsUser && inodeOf(user) === String(NAMESPACE_KINDS.user.initialInode),
  };

  function own(kind: "user" | "pid"): NamespaceId {
    const subject = `${observer.procRoot}/self/ns/${kind}`;
    const file = observer.open(subject);
    if (!file.ok) throw refusedCall({ code: file.errno, syscall: "openat", subject, rule: file.reason }, language);
    using owned = file.value;
    view.add(owned);
    return owned.id;
  }
}

export function statusOf(observer: Observer, who: string): ProcessStatus | undefined {
  const text = observer.read(`${observer.procRoot}/${who}/status`);
  const status = text.ok ? parseStatus(text.value) : undefined;
  return status?.ok === true ? status.value : undefined;
}

/** Those of this process, with ids as its own user namespace numbers them. */
export function ownCredentials<N>(observer: Observer, user: N, language: Language): Credentials<N> {
  const status = statusOf(observer, "self");
  if (status === undefined) {
    throw refusedCall(
      { code: "ENOENT", syscall: "openat", subject: `${observer.procRoot}/self/status`, situation: "proc" },
      language,
    );
  }
  const { uid, gid, capabilities } = status;
  return {
    user,
    ruid: uid.real,
    euid: uid.effective,
    suid: uid.saved,
    fsuid: uid.fs,
    rgid: gid.real,
    egid: gid.effective,
    sgid: gid.saved,
    fsgid: gid.fs,
    permitted: capabilities.permitted,
    effective: capabilities.effective,
  };
}

/** The id maps of the user namespace that a process is in. Before Linux 3.19 there was no setgroups file, and nothing denied. */
export function idFactsOf(observer: Observer, who: string): IdFacts | undefined {
  const folder = `${observer.procRoot}/${who}`;
  const [uid, gid] = [observer.read(`${folder}/uid_map`), observer.read(`${folder}/gid_map`)];
  if (!uid.ok || !gid.ok) return undefined;
  const [uids, gids] = [parseIdMap(uid.value), parseIdMap(gid.value, "gid_map")];
  if (!uids.ok || !gids.ok) return undefined;
  const setgroups = observer.read(`${folder}/setgroups`);
  const setgroupsAllowed = setgroups.ok ? setgroups.value.startsWith("allow") : setgroups.errno === "ENOENT";
  return { uid: uids.value, gid: gids.value, setgroupsAllowed };
}
