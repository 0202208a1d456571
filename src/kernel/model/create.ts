import { ALL_CAPABILITIES, hasCap } from "../../abi/capabilities.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import { UNLIMITED } from "../../rules/limits.ts";
import {
  ALL_NEW_FLAGS,
  CREATION_ORDER,
  mayCreate,
  mayCreatePid,
  mayCreateUser,
  mayNestUser,
  wants,
  type Creator,
} from "../../rules/unshare.ts";
import { changedCredentials, type FullCredentials } from "../../rules/full-credentials.ts";
import type { Draft } from "./draft.ts";
import { resourcesOf } from "./descriptors.ts";
import { maps } from "./ids.ts";
import { fill, SLOTS_OF_KIND } from "./memberships.ts";
import { isRootElsewhere } from "./roots.ts";
import { viewOf } from "./view.ts";
import { NameMap } from "./persistent.ts";
import { mayPay } from "./ucounts.ts";
import type { Memberships, NsKey, Task, UserState } from "./world.ts";

/** What one unshare or clone made: nothing holds it yet but the memberships and credentials that the caller sets. */
export interface Made {
  readonly credentials: FullCredentials<NsKey>;
  readonly memberships: Partial<Memberships>;
}

interface CreateHooks {
  /** What clone checks between capability and making. */
  readonly mayGoOn?: () => Outcome<true>;
  /** Told of a new mount namespace: other kinds may still be refused. */
  readonly onMounts?: (made: NsKey) => void;
}

/**
 * Makes the namespaces that the flags ask for: first the user namespace, which then owns the others. A refusal half-way
 * leaves a draft to be dropped. Source: kernel/nsproxy.c create_new_namespaces, kernel/user_namespace.c create_user_ns.
 */
export function create(
  draft: Draft,
  task: Task,
  flags: number,
  { mayGoOn = () => ok(true), onMounts }: CreateHooks = {},
): Outcome<Made> {
  if (task.memberships === undefined) throw new Error(`${task.name} has exited`);
  const creator = creatorOf(draft, task);
  let credentials = task.credentials;
  if (wants(flags, "user")) {
    const deep = mayNestUser(viewOf(draft), creator);
    if (!deep.ok) return deep;
    const pays = mayPay(draft, { kind: "user", owner: credentials.user, creator: credentials.euid });
    if (!pays.ok) return pays;
    const may = mayCreateUser(creator);
    if (!may.ok) return may;
    credentials = fullCredentials(credentials, createUser(draft, task));
  }
  if ((flags & ALL_NEW_FLAGS & ~NAMESPACE_KINDS.user.flag) !== 0) {
    const may = mayCreate(viewOf(draft), creator, credentials.user);
    if (!may.ok) return may;
  }
  const semaphores = mayGoOn();
  if (!semaphores.ok) return semaphores;
  const memberships: Partial<Memberships> = {};
  for (const kind of CREATION_ORDER) {
    if (!wants(flags, kind)) continue;
    if (kind === "pid") {
      const nests = mayCreatePid(viewOf(draft), creator, credentials.user);
      if (!nests.ok) return nests;
    }
    const bill = { kind, owner: credentials.user, creator: credentials.euid };
    const pays = mayPay(draft, bill);
    if (!pays.ok) return pays;
    const parent = kind === "pid" ? task.pid : undefined;
    const made = draft.create({ ...bill, parent, like: originalOf(kind, task.memberships) });
    if (kind === "mnt") onMounts?.(made);
    Object.assign(memberships, fill(SLOTS_OF_KIND[kind].made, made));
  }
  return ok({ credentials, memberships });
}

/** What a new namespace of a kind starts as a copy of. */
function originalOf(kind: NamespaceKind, { mnt, time_for_children }: Memberships): NsKey | undefined {
  if (kind === "mnt") return mnt;
  return kind === "time" ? time_for_children : undefined;
}

function createUser(draft: Draft, { credentials }: Task): NsKey {
  const parent = credentials.user;
  const allowed = draft.namespace(parent).user?.setgroupsAllowed ?? true;
  const user = {
    creatorUid: credentials.euid,
    creatorGid: credentials.egid,
    uidMap: [],
    gidMap: [],
    projidMap: [],
    setgroupsAllowed: allowed,
    parentCouldSetfcap: hasCap(credentials.effective, "CAP_SETFCAP"),
    limits: everyLimit(UNLIMITED),
    counts: new NameMap<string, number>(),
  };
  return draft.create({ kind: "user", owner: parent, parent, user, creator: credentials.euid });
}

/** The same for each kind. */
export const everyLimit = (limit: number): UserState["limits"] => ({
  cgroup: limit,
  ipc: limit,
  mnt: limit,
  net: limit,
  pid: limit,
  time: limit,
  user: limit,
  uts: limit,
});

/**
 * Whoever makes or joins a user namespace has every capability in it, whatever bound it before; its ids stay, and so does
 * no_new_privs. Source: kernel/user_namespace.c set_cred_user_ns.
 */
export function fullCredentials(from: FullCredentials<NsKey>, user: NsKey): FullCredentials<NsKey> {
  const sets = { permitted: ALL_CAPABILITIES, effective: ALL_CAPABILITIES, bounding: ALL_CAPABILITIES };
  return changedCredentials(from, { user, ...sets, inheritable: 0n, ambient: 0n, securebits: 0 });
}

/** Whether a task's thread group has other threads. A first thread that has ended still counts. */
export const isThreaded = (task: Task): boolean => task.name !== task.leader || task.threads.size > 0;

/** What the rules ask about who makes namespaces. A class with getters for the same reason as `readTarget`'s. */
class TaskCreator implements Creator<NsKey> {
  readonly credentials: Task["credentials"];
  readonly pid: NsKey;
  readonly pidForChildren: NsKey;
  readonly threaded: boolean;
  readonly sharesMemory: boolean;
  readonly #draft: Draft;
  readonly #task: Task;

  constructor(draft: Draft, task: Task) {
    if (task.memberships === undefined) throw new Error(`${task.name} has exited`);
    this.credentials = task.credentials;
    this.pid = task.pid;
    this.pidForChildren = task.memberships.pid_for_children;
    this.threaded = isThreaded(task);
    this.sharesMemory = draft.memories.references(resourcesOf(task).memory) > 1;
    this.#draft = draft;
    this.#task = task;
  }
  // Looked at only where they matter.
  get chrooted(): boolean {
    return this.#draft.fss.get(resourcesOf(this.#task).fs).chrooted;
  }
  get rootElsewhere(): boolean {
    return isRootElsewhere(this.#draft, this.#task);
  }
  get idsMapped(): boolean {
    return maps(this.#draft, this.#task.credentials.user, this.#task.credentials);
  }
}

export const creatorOf = (draft: Draft, task: Task): Creator<NsKey> => new TaskCreator(draft, task);
