import { CONSTANTS } from "../../abi/constants.ts";
import { namespaceId } from "../../abi/ids.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { mayOpenLink, mayOpenNamespaceFile, type OpenWish } from "../../rules/open-file.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { TaskName, Value } from "../call.ts";
import type { OpenFlag } from "../file-call.ts";
import { bindAt } from "./binds.ts";
import { followLink, install, numberIn } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { mountsFound } from "./roots.ts";
import { mayActAsOwner, ownerOf, SEARCHING } from "./proc-owner.ts";
import type { NsKey, OtherFile, Task, World } from "./world.ts";

/** What `fcntl(fd, F_GETFL)` shows of a file opened by name: O_RDONLY | O_LARGEFILE. One that an ioctl made shows 0. */
export const O_LARGEFILE = 0x8000;

/** As `fs.constants` has it on x86-64. */
const O_DIRECTORY = 0x10000;
const DIRECTORY_FLAGS = O_LARGEFILE | O_DIRECTORY;

interface LinkOf {
  readonly of: TaskName;
  readonly link: ProcLink;
}

export const openWish = (flags: readonly OpenFlag[]): OpenWish => ({
  toWrite: flags.some((flag) => flag === "O_WRONLY" || flag === "O_RDWR" || flag === "O_TRUNC"),
  directory: flags.includes("O_DIRECTORY"),
  path: flags.includes("O_PATH"),
});
/** The flags that an open file of a namespace has: nothing but O_PATH makes a difference. */
const shownFlags = ({ path }: OpenWish): number => (path ? CONSTANTS.O_PATH : O_LARGEFILE);

// Every task reads the /proc that the machine was started with: the first pid namespace's.
const follow = (draft: Draft, caller: Task, { of, link }: LinkOf): Outcome<NsKey> =>
  followLink(draft, caller, { of, link, proc: draft.initial.pid });

/** openat(2) of /proc/PID/ns/LINK. */
export function openLink(
  draft: Draft,
  caller: Task,
  { of, link, flags = [] }: LinkOf & { flags?: readonly OpenFlag[] },
): Outcome<number> {
  const wish = openWish(flags);
  if (flags.includes("O_NOFOLLOW")) {
    const there = linkItself(draft, of);
    if (!there.ok) return there;
    const may = mayOpenLink(wish);
    return may.ok ? ok(install(draft, caller, inProc(draft.task(of), "link"), CONSTANTS.O_PATH)) : may;
  }
  const ns = follow(draft, caller, { of, link });
  if (leadsToFolder(draft, ns)) return openFolderOf(draft, caller, draft.task(of), wish);
  return ns.ok ? openNamespace(draft, caller, ns.value, wish) : ns;
}

/** Where a link that may not be followed leads to the folder that it is in, as if it were not there. */
export const leadsToFolder = ({ release }: Pick<World, "release">, followed: Outcome<NsKey>): boolean =>
  !followed.ok && followed.errno === "EACCES" && !hasChange(release, "denied-links-stay-shut");

function openFolderOf(
  draft: Draft,
  caller: Task,
  target: Task,
  { toWrite, path, directory }: OpenWish,
): Outcome<number> {
  if (path) return ok(install(draft, caller, inProc(target, "namespace-directory"), CONSTANTS.O_PATH));
  if (toWrite) return refused("EISDIR", "not-a-directory");
  return openFolder(draft, caller, target.name, directory ? DIRECTORY_FLAGS : O_LARGEFILE);
}

/** Opens the file of a namespace, however it was found. */
export function openNamespace(draft: Draft, caller: Task, namespace: NsKey, wish: OpenWish): Outcome<number> {
  const may = mayOpenNamespaceFile(wish);
  return may.ok ? ok(install(draft, caller, { type: "namespace", namespace }, shownFlags(wish))) : may;
}

/** The link itself needs no permission: whoever sees the process sees its links. */
export function linkItself(draft: Draft, of: TaskName): Outcome<0> {
  const target = draft.tasks.get(of);
  const seen = target !== undefined && numberIn(target, draft.initial.pid) !== undefined;
  return seen ? ok(0) : refused("ENOENT", "no-such-process");
}

/** openat(2) of /proc/PID/ns: of mode 0511, so that only its owner may list it. Source: fs/proc/namespaces.c. */
export function openFolder(draft: Draft, caller: Task, of: TaskName, flags: number = DIRECTORY_FLAGS): Outcome<number> {
  const target = draft.tasks.get(of);
  if (target === undefined) return refused("ENOENT", "no-such-process");
  const may = mayActAsOwner(draft, caller, target, SEARCHING);
  if (!may.ok) return may;
  const folder = { ...inProc(target, "namespace-directory"), owner: ownerOf(draft, target) };
  return ok(install(draft, caller, folder, flags));
}

/** A file below a process's /proc/PID that is no namespace. */
export const inProc = ({ name, pid }: Task, what: OtherFile) => ({ type: "other", what, of: name, pid }) as const;

/** readlink(2), stat(2) and lstat(2) of the link. */
export function look(
  draft: Draft,
  caller: Task,
  { op, of, link }: LinkOf & { op: "readlink" | "stat" | "lstat" },
): Outcome<Value> {
  if (op === "lstat") return linkItself(draft, of);
  const ns = follow(draft, caller, { of, link });
  if (leadsToFolder(draft, ns)) return ok(op === "stat" ? 0 : { text: "" });
  if (!ns.ok) return ns;
  const { kind, device, inode } = draft.namespace(ns.value);
  return ok(op === "stat" ? { namespace: namespaceId(device, BigInt(inode)) } : { text: `${kind}:[${inode}]` });
}

/** openat(2) of the path of a bind mount. */
export function openPath(draft: Draft, caller: Task, path: string): Outcome<number> {
  const mnt = mountsFound(draft, caller);
  const bind = mnt && bindAt(mnt, path);
  if (bind === undefined) return refused("ENOENT", "no-such-file");
  const { namespace, mountId } = bind;
  return ok(install(draft, caller, { type: "namespace", namespace, mountId }, O_LARGEFILE));
}
