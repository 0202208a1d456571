import { describe, expect, test } from "vitest";
import { taskName } from "../../../src/kernel/call.ts";
import { setOfNumbers } from "../../../src/kernel/model/persistent.ts";
import { parseWorld } from "../../../src/kernel/model/text/parse-world.ts";
import { printWorld } from "../../../src/kernel/model/text/print-world.ts";
import type {
  Bind,
  FileOwner,
  Fs,
  FsKey,
  MapExtent,
  Memberships,
  Memory,
  MemoryKey,
  Namespace,
  NsKey,
  Numbering,
  OpenFile,
  PidfdTarget,
  PidState,
  Resources,
  Table,
  TableKey,
  Task,
  TimeState,
  UserState,
  World,
} from "../../../src/kernel/model/world.ts";
import type { FullCredentials } from "../../../src/rules/full-credentials.ts";
import type { Credentials } from "../../../src/rules/view.ts";
import { MODEL_RECORDS } from "../../support/model-records.ts";

const TEXT = `
user:init
  user:a by 1000
  user:b
pid:init
  pid:p of user:a
  pid:q
net:n of user:a
mnt:m of user:a
mnt:k
uts:u
ipc:i
cgroup:c
time:t of user:a
kernel 6.18
map user:a uid 0 1000 1
mount /run/netns/n of net:n in mnt:m
file held namespace net:n through 1
file pidfd pidfd box pid pid:p
file map map uid_map user user:a of box pid pid:p
file socket socket unix net net:n peer box pid pid:p
file pipe other pipe of box pid pid:p owner 1000,1000
task box pid 3,1 in user:a,pid:p,net:n,mnt:m,time:t uid 1000 fds 0=held,1=pidfd,2=map,3=pipe,4=net:init,5=socket
task else pid 4,1 in user:b,pid:q,mnt:k,uts:u,ipc:i,cgroup:c
`;

const parsed = parseWorld(TEXT);
if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.message}`);
const { world, names } = parsed;
const key = (name: string): NsKey => names.get(name) ?? world.initial.user;
const ns = (name: string): Namespace => world.namespaces.get(key(name)) ?? missing(name);
const [BOX, ELSE] = [taskName("box"), taskName("else")];
const box = world.tasks.get(BOX) ?? missing("box");
const resources = box.resources ?? missing("resources");
function missing(what: string): never {
  throw new Error(`the text has no ${what}`);
}

/** The world with one record of it changed. */
type Put<T> = (change: Partial<T>) => World;
const putWorld: Put<World> = (change) => ({ ...world, ...change });
const putNamespace =
  (name: string): Put<Namespace> =>
  (change) => ({ ...world, namespaces: world.namespaces.set(key(name), { ...ns(name), ...change }) });
const putTask: Put<Task> = (change) => ({ ...world, tasks: world.tasks.set(BOX, { ...box, ...change }) });
const putFile = (fd: number, change: (file: OpenFile) => OpenFile): World => {
  const at = world.tables.get(resources.table)?.descriptors.get(fd) ?? missing(`descriptor ${fd}`);
  return { ...world, files: world.files.set(at, change(world.files.get(at) ?? missing("file"))) };
};
/** Within a record. */
const within =
  <T, Inner extends object>(put: Put<T>, field: keyof T, inner: Inner | undefined): Put<Inner> =>
  (change) =>
    put({ [field]: { ...inner, ...change } } as Partial<T>);

/** A change to a field that the text must show; or where the text has it from. */
type Shown<T> = { readonly [Field in keyof T]-?: Partial<T> | `from ${string}` };
const shown = <T>(name: string, put: Put<T>, fields: Shown<T>) => ({
  name,
  rows: Object.entries<Partial<T> | string>(fields).map(
    ([field, change]) => [field, typeof change === "string" ? change : put(change)] as const,
  ),
});

const creds = box.credentials;
const RECORDS = [
  shown<World>("World", putWorld, {
    release: { release: "6.12" },
    namespaces: "from the records below",
    ofKind: "from namespaces",
    tasks: { tasks: world.tasks.delete(ELSE) },
    files: "from descriptors",
    tables: "from tasks",
    fss: "from tasks",
    memories: "from tasks",
    initial: "from the start of every machine",
    first: { first: BOX },
    numbering: "from the record below",
    nextMount: { nextMount: 1000 },
    nextNamespace: { nextNamespace: 1000 },
    ticks: { ticks: 1000 },
  }),
  shown<Numbering>("Numbering", within(putWorld, "numbering", world.numbering), {
    devices: { devices: "two" },
    nextInode: { nextInode: 5 },
    free: { free: { inode: 5, rest: { inode: 6, rest: undefined } } },
  }),
  shown<Namespace>("Namespace", putNamespace("net:n"), {
    key: "from its id",
    kind: "from its name",
    device: { device: 7n },
    inode: { inode: 7 },
    creator: { creator: 7 },
    uniqueId: "from its id",
    owner: { owner: key("user:b") },
    parent: "from the drawing, of user and pid namespaces",
    level: "from the parent",
    user: "from the record below",
    pid: "from the record below",
    time: "from the record below",
    binds: "from the record below",
    mountsLocked: "from the record below",
    label: { label: "seven" },
  }),
  shown<Pick<Namespace, "mountsLocked">>("a mount namespace", putNamespace("mnt:k"), {
    mountsLocked: { mountsLocked: true },
  }),
  shown<UserState>("UserState", within(putNamespace("user:a"), "user", ns("user:a").user), {
    creatorUid: "from the namespace's creator",
    creatorGid: { creatorGid: 7 },
    uidMap: { uidMap: [] },
    gidMap: { gidMap: [] },
    projidMap: { projidMap: [{ inside: 0, outside: 7, count: 1 }] },
    setgroupsAllowed: { setgroupsAllowed: false },
    parentCouldSetfcap: { parentCouldSetfcap: false },
    limits: { limits: { cgroup: 1, ipc: 1, mnt: 1, net: 1, pid: 1, time: 1, user: 1, uts: 1 } },
    counts: "from namespaces and their creators",
  }),
  shown<MapExtent>(
    "MapExtent",
    (change) => {
      const user = ns("user:a").user ?? missing("user state");
      return within(
        putNamespace("user:a"),
        "user",
        user,
      )({ uidMap: user.uidMap.map((one) => ({ ...one, ...change })) });
    },
    { inside: { inside: 7 }, outside: { outside: 7 }, count: { count: 7 } },
  ),
  shown<PidState>("PidState", within(putNamespace("pid:p"), "pid", ns("pid:p").pid), {
    init: { init: "stillborn" },
    lastPid: { lastPid: 7 },
    max: { max: 400 },
    tasks: "from the numbers of tasks",
  }),
  shown<TimeState>("TimeState", within(putNamespace("time:t"), "time", ns("time:t").time), {
    monotonic: { monotonic: { seconds: -7, nanoseconds: 1 } },
    boottime: { boottime: { seconds: 7, nanoseconds: 0 } },
    frozen: { frozen: false },
  }),
  shown<Bind>(
    "Bind",
    (change) => {
      const { binds } = ns("mnt:m");
      const [[id, bind] = missing("mount")] = [...(binds ?? [])];
      return putNamespace("mnt:m")({ binds: binds?.set(id, { ...bind, ...change }) });
    },
    {
      mountId: { mountId: 7 },
      path: { path: "/x" },
      namespace: { namespace: key("uts:u") },
      locked: { locked: true },
    },
  ),
  shown<Task>("Task", putTask, {
    name: { name: taskName("seven") },
    comm: { comm: "seven" },
    commandLine: { commandLine: ["/bin/se ven", "#"] },
    cgroup: { cgroup: "/seven" },
    startTime: { startTime: 7 },
    parent: { parent: ELSE },
    children: "from the parent of the others",
    credentials: "from the record below",
    leader: { leader: ELSE },
    threads: "from the leader of the others",
    resources: "from the record below",
    pid: { pid: key("pid:q") },
    numbers: { numbers: box.numbers.map((one) => ({ ...one, number: 7 })) },
    waitsFor: { waitsFor: ELSE },
    awaitedBy: { awaitedBy: ELSE },
    endedDumpable: { endedDumpable: false },
    memberships: { memberships: undefined },
  }),
  shown<Memberships>("Memberships", within(putTask, "memberships", box.memberships), {
    mnt: { mnt: key("mnt:init") },
    uts: { uts: key("uts:u") },
    ipc: { ipc: key("ipc:i") },
    net: { net: key("net:init") },
    cgroup: { cgroup: key("cgroup:c") },
    pid_for_children: { pid_for_children: key("pid:q") },
    time: { time: key("time:init") },
    time_for_children: { time_for_children: key("time:init") },
  }),
  shown<FullCredentials<NsKey>>("FullCredentials", within(putTask, "credentials", creds), {
    user: { user: key("user:b") },
    ...{ ruid: { ruid: 7 }, euid: { euid: 7 }, suid: { suid: 7 }, fsuid: { fsuid: 7 } },
    ...{ rgid: { rgid: 7 }, egid: { egid: 7 }, sgid: { sgid: 7 }, fsgid: { fsgid: 7 } },
    groups: { groups: [7, 8] },
    permitted: { permitted: 7n },
    effective: { effective: 7n },
    inheritable: { inheritable: 7n },
    bounding: { bounding: 7n },
    ambient: { ambient: 7n },
    securebits: { securebits: 7 },
    noNewPrivs: { noNewPrivs: true },
  }),
  shown<Credentials<NsKey>>("Credentials", within(putTask, "credentials", creds), {
    user: "from FullCredentials",
    ...{ ruid: "from FullCredentials", euid: "from FullCredentials", suid: "from FullCredentials" },
    ...{ fsuid: "from FullCredentials", rgid: "from FullCredentials", egid: "from FullCredentials" },
    ...{ sgid: "from FullCredentials", fsgid: "from FullCredentials" },
    ...{ permitted: "from FullCredentials", effective: "from FullCredentials" },
  }),
  shown<Resources>("Resources", within(putTask, "resources", resources), {
    table: { table: sharedWith().table },
    fs: { fs: sharedWith().fs },
    memory: { memory: sharedWith().memory },
  }),
  shown<Table>("Table", (change) => putStore("tables", resources.table, change), {
    descriptors: { descriptors: (world.tables.get(resources.table) ?? missing("table")).descriptors.delete(4) },
    kept: { kept: setOfNumbers<number>().add(3) },
  }),
  shown<Fs>("Fs", (change) => putStore("fss", resources.fs, change), {
    chrooted: { chrooted: true },
    mnt: { mnt: world.initial.mnt },
    locked: { locked: true },
  }),
  shown<Memory>("Memory", (change) => putStore("memories", resources.memory, change), {
    dumpable: { dumpable: false },
    user: { user: key("user:a") },
  }),
  shown<OpenFile>("OpenFile", (change) => putFile(0, (file) => ({ ...file, ...change })), {
    target: "from the records below",
    opener: { opener: key("user:a") },
    flags: { flags: 7 },
  }),
  shown<PidfdTarget>(
    "PidfdTarget",
    (change) => putFile(1, (file) => ({ ...file, target: { ...pidfdOf(file), ...change } })),
    {
      type: "from its line",
      task: { task: ELSE },
      thread: { thread: true },
      seenIn: { seenIn: [key("pid:q"), key("pid:init")] },
    },
  ),
  shown<Of<"namespace">>("a namespace", target(0, "namespace"), {
    type: "from its line",
    namespace: { namespace: key("uts:u") },
    mountId: { mountId: 7 },
  }),
  shown<Of<"map">>("a map", target(2, "map"), {
    type: "from its line",
    file: { file: "setgroups" },
    user: { user: key("user:b") },
    opener: { opener: { ...creds, egid: 7 } },
    of: { of: ELSE },
    pid: { pid: key("pid:q") },
    offset: { offset: 7 },
  }),
  shown<Of<"socket">>("a socket", target(5, "socket"), {
    type: "from its line",
    net: { net: key("net:init") },
    family: { family: "inet" },
    peer: { peer: { type: "pidfd", task: ELSE, thread: false, seenIn: [key("pid:q"), key("pid:init")] } },
  }),
  shown<Of<"other">>("another file", target(3, "other"), {
    type: "from its line",
    what: { what: "null" },
    of: { of: ELSE },
    pid: { pid: key("pid:q") },
    owner: { owner: { uid: 7, gid: 7 } },
  }),
  shown<FileOwner>("FileOwner", (owner) => target(3, "other")({ owner: { uid: 1000, gid: 1000, ...owner } }), {
    uid: { uid: 7 },
    gid: { gid: 7 },
  }),
];

type Of<Type extends OpenFile["target"]["type"]> = Extract<OpenFile["target"], { readonly type: Type }>;
function target<Type extends OpenFile["target"]["type"]>(fd: number, type: Type): Put<Of<Type>> {
  return (change) => putFile(fd, (file) => ({ ...file, target: { ...file.target, type, ...change } as Of<Type> }));
}
function pidfdOf({ target: it }: OpenFile): PidfdTarget {
  return it.type === "pidfd" ? it : missing("pidfd");
}
function sharedWith(): Resources {
  return world.tasks.get(taskName("shell"))?.resources ?? missing("shell");
}
function putStore(store: "tables", at: TableKey, change: Partial<Table>): World;
function putStore(store: "fss", at: FsKey, change: Partial<Fs>): World;
function putStore(store: "memories", at: MemoryKey, change: Partial<Memory>): World;
function putStore(store: "tables" | "fss" | "memories", at: number, change: object): World {
  const map = world[store] as unknown as Map<number, object>;
  return { ...world, [store]: map.set(at, { ...map.get(at), ...change }) };
}

describe.each(RECORDS)("the text of a world shows of $name", ({ rows }) => {
  test.each(rows)("%s", (_field, changed) => {
    if (typeof changed === "string") expect(changed).toMatch(/^from /);
    else expect(printWorld(changed)).not.toBe(printWorld(world));
  });
});

test("every record of the model is among them, and every field, which the compiler sees", () => {
  const told = new Map<string, readonly string[]>(
    RECORDS.map(({ name, rows }) => [name, rows.map(([field]) => field)]),
  );
  for (const [name, fields] of MODEL_RECORDS) {
    const known = new Set(told.get(name));
    expect([name, fields.filter((field) => !known.has(field))]).toEqual([name, []]);
  }
});
