import { LINKS, type ProcLink } from "../../abi/proc-links.ts";
import { taskName, type TaskName } from "../../kernel/call.ts";
import { SLOTS } from "../../kernel/model/memberships.ts";
import { setOfNames, type PersistentSet } from "../../kernel/model/persistent.ts";
import type { Fs, Memberships, Memory, NsKey, Resources, Task } from "../../kernel/model/world.ts";
import type { FullCredentials } from "../../rules/full-credentials.ts";
import { changed, reserved, type Readers } from "../../rules/reserved.ts";
import type { Ids, ProcessRecord } from "../../snapshot/types.ts";
import { unseen, type Evidence } from "./evidence.ts";
import { OVERFLOW, type Sight } from "./namespaces.ts";

/** A process's name in a seen world: its number in the /proc that was read. */
export const seenName = (pid: number): TaskName => taskName(String(pid));
/** The one further thread that stands for all. */
export const threadName = (pid: number): TaskName => taskName(`${pid}/…`);

const namesSet = (names: readonly TaskName[]): PersistentSet<TaskName> =>
  names.reduce((set, name) => set.add(name), setOfNames<TaskName>());

type Links = Readonly<Partial<Record<ProcLink, NsKey>>>;

/** The namespaces of a process, as far as there are records of them. */
export function seenLinks({ pid, namespaces }: ProcessRecord, { keyOf, proc }: Sight): Links {
  const links: Partial<Record<ProcLink, NsKey>> = {};
  for (const link of LINKS) {
    const id = namespaces[link];
    const key = id === undefined ? undefined : keyOf(id);
    if (key !== undefined) links[link] = key;
  }
  // Whoever is number 1 in a /proc is the first process of that pid namespace.
  const own = pid === 1 && proc !== undefined ? keyOf(proc) : undefined;
  return own === undefined ? links : { ...links, pid: own };
}

/** What else there is to a process. */
export interface Around {
  /** "unseen": it has one, of which there is no record. */
  readonly parent: TaskName | "unseen" | undefined;
  readonly children: readonly TaskName[];
  readonly resources: Resources;
  /** The pid namespaces from its own up to that of the /proc; undefined where one of them is hidden. */
  readonly pids: readonly NsKey[] | undefined;
}

/** A process as the model has tasks. A zombie has left most; a kernel thread has no memory to protect. */
export function seenTask(process: ProcessRecord, links: Links, sight: Sight, around: Around): Task {
  const { pid, status, zombie, kernelThread } = process;
  const of = String(pid);
  const { pids } = around;
  const numbers = status?.numbers ?? (pids?.length === 1 ? [pid] : undefined);
  const isNumbered = pids !== undefined && numbers?.length === pids.length;
  const threads = (status?.threads ?? 1) > 1 ? [threadName(pid)] : [];
  const known: Partial<Task> = {
    name: seenName(pid),
    comm: process.comm,
    commandLine: process.commandLine ?? [],
    cgroup: process.cgroup ?? "/",
    startTime: process.startTime,
    ...(around.parent !== "unseen" && { parent: around.parent }),
    children: namesSet(around.children),
    credentials: seenCredentials(process, links.user, sight),
    leader: seenName(pid),
    resources: zombie || kernelThread ? undefined : around.resources,
    memberships: zombie ? undefined : seenMemberships(of, links),
    ...(status !== undefined && { threads: namesSet(threads) }),
    ...(links.pid !== undefined && { pid: links.pid }),
    ...(isNumbered && { numbers: pids.map((ns, level) => ({ ns, number: numbers.at(-1 - level) ?? 0 })) }),
  };
  return reserved(known, {
    ...(around.parent === "unseen" && { parent: unseen("process", String(process.ppid)) }),
    ...(status === undefined && { threads: unseen("status", of) }),
    ...(links.pid === undefined && { pid: unseen("link", `${of}/pid`) }),
    ...(!isNumbered && { numbers: unseen(links.pid === undefined ? "link" : "status", numberless(of, links)) }),
  });
}

const numberless = (of: string, { pid }: Links): string => (pid === undefined ? `${of}/pid` : of);

/** The further threads of a process, all in one: it has its process's credentials, and is in the same namespaces. */
export const seenThread = (leader: Task, pid: number): Task =>
  changed(leader, {
    name: threadName(pid),
    children: setOfNames<TaskName>(),
    threads: setOfNames<TaskName>(),
  });

function seenMemberships(of: string, links: Links): Memberships {
  const known: Partial<Record<(typeof SLOTS)[number], NsKey>> = {};
  const readers: Partial<Record<(typeof SLOTS)[number], () => never>> = {};
  for (const slot of SLOTS) {
    const key = links[slot];
    if (key === undefined) readers[slot] = unseen("link", `${of}/${slot}`);
    else known[slot] = key;
  }
  return reserved<Memberships>(known, readers);
}

function seenCredentials(process: ProcessRecord, user: NsKey | undefined, sight: Sight): FullCredentials<NsKey> {
  const { status } = process;
  const of = String(process.pid);
  const unread = unseen("status", of);
  const known: { -readonly [Name in keyof FullCredentials<NsKey>]?: FullCredentials<NsKey>[Name] } = {};
  const readers: { -readonly [Name in keyof Readers<FullCredentials<NsKey>>]: Readers<FullCredentials<NsKey>>[Name] } =
    {
      securebits: sight.evidence.assume("securebits", of, 0),
      ambient: sight.evidence.assume("securebits", of, 0n),
    };
  const id = (name: IdName, value: number | undefined): void => {
    if (value === undefined) readers[name] = unread;
    else if (value === OVERFLOW && !sight.isInitial) readers[name] = unseen("id", of);
    else known[name] = value;
  };
  for (const [field, name] of UIDS) id(name, status?.uid[field] ?? (field === "effective" ? process.uid : undefined));
  for (const [field, name] of GIDS) id(name, status?.gid[field]);
  if (user === undefined) readers.user = unseen("link", `${of}/user`);
  else known.user = user;
  const sets = status?.capabilities;
  for (const name of ["permitted", "effective", "inheritable", "bounding"] as const) {
    const digits = sets?.[name];
    if (digits === undefined) readers[name] = unread;
    else known[name] = BigInt(`0x${digits}`);
  }
  if (status === undefined) readers.groups = unread;
  else if (!sight.isInitial && status.groups.includes(OVERFLOW)) readers.groups = unseen("id", of);
  else known.groups = status.groups;
  if (status?.noNewPrivs === undefined) readers.noNewPrivs = unread;
  else known.noNewPrivs = status.noNewPrivs;
  return reserved(known, readers);
}

type IdName = "ruid" | "euid" | "suid" | "fsuid" | "rgid" | "egid" | "sgid" | "fsgid";
const UIDS: readonly (readonly [keyof Ids, IdName])[] = [
  ["real", "ruid"],
  ["effective", "euid"],
  ["saved", "suid"],
  ["fs", "fsuid"],
];
const GIDS: readonly (readonly [keyof Ids, IdName])[] = [
  ["real", "rgid"],
  ["effective", "egid"],
  ["saved", "sgid"],
  ["fs", "fsgid"],
];

/** Root and working directory. */
export const seenFs = (of: string, evidence: Evidence, mnt: NsKey | undefined): Fs =>
  reserved<Fs>(
    { locked: false, ...(mnt === undefined ? {} : { mnt }) },
    {
      chrooted: evidence.assume("root", of, false),
      ...(mnt === undefined ? { mnt: unseen("link", `${of}/mnt`) } : {}),
    },
  );

/** Memory, guarded by the user namespace that the process is in. */
export const seenMemory = (of: string, evidence: Evidence, user: NsKey | undefined): Memory =>
  reserved<Memory>(
    {},
    {
      dumpable: evidence.assume("dumpable", of, true),
      user: user === undefined ? unseen("link", `${of}/user`) : evidence.assume("dumpable", of, user),
    },
  );
