import fc from "./property.ts";
import { ERRNOS, isErrnoName, type ErrnoName } from "../../src/abi/errnos.ts";
import { namespaceId, makedev, type NamespaceId } from "../../src/abi/ids.ts";
import { KINDS, nests, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import { kindOfLink, LINKS, type ProcLink } from "../../src/abi/proc-links.ts";
import { isReason, REASONS } from "../../src/messages/reasons.ts";
import { inOrder } from "../../src/snapshot/order.ts";
import {
  COVERAGE_NOTES,
  SKIP_REASONS,
  SNAPSHOT_FORMAT,
  SNAPSHOT_VERSION,
  SOURCES,
  type Coverage,
  type DescriptorRecord,
  type IdExtent,
  type NamespaceRecord,
  type HoldingMount,
  type MountInTree,
  type MountPlace,
  type PinRecord,
  type ProcessRecord,
  type Refusal,
  type Relation,
  type Snapshot,
  type StatusRecord,
  type ThreadRecord,
  type Trace,
  type TracePart,
  type Viewpoint,
} from "../../src/snapshot/types.ts";
import { ENGINES, QOS_CLASSES, TRACE_KINDS } from "../../src/traces/kinds.ts";
import { PATTERN_NAMES } from "../../src/traces/patterns.ts";
import { MOST_PARTS } from "../../src/traces/read-path.ts";

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const anyErrno: fc.Arbitrary<ErrnoName> = fc.constantFrom(...Object.keys(ERRNOS).filter(isErrnoName));
const anyText = fc.string({ unit: "binary", maxLength: 12 });
const anyPath = anyText.map((tail) => `/${tail}`);

const anyRefusal: fc.Arbitrary<Refusal> = fc.record(
  {
    refused: anyErrno,
    call: fc.constantFrom("openat", "read", "ioctl NS_GET_USERNS", "ioctl NS_GET_PARENT"),
    reason: fc.constantFrom(...Object.keys(REASONS).filter(isReason)),
  },
  { requiredKeys: ["refused", "call"] },
);

const answer = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<{ value: T } | Refusal> =>
  fc.oneof(
    value.map((value) => ({ value })),
    anyRefusal,
  );

const anyExtents: fc.Arbitrary<readonly IdExtent[]> = fc.array(
  fc.record({ inside: u32, outside: u32, count: fc.integer({ min: 1, max: 0xffffffff }) }),
  { maxLength: 3 },
);

const anyTreeMount: fc.Arbitrary<MountInTree> = fc.record(
  {
    id: fc.nat({ max: 9 }),
    parent: fc.nat({ max: 9 }),
    mountPoint: anyPath,
    fsType: anyText,
    source: anyText,
    root: anyText,
    device: fc.tuple(fc.nat(), fc.nat()).map(([major, minor]) => `${major}:${minor}`),
    options: fc.array(anyText, { maxLength: 2 }),
    propagation: fc.array(anyText, { maxLength: 2 }),
    through: fc.integer({ min: 1, max: 4_194_304 }),
  },
  { requiredKeys: ["id", "parent", "mountPoint", "fsType", "source", "root", "device", "options", "propagation"] },
);

/** Two devices, and few inodes on them: so the same inode number on both is no rarity. */
const anyId: fc.Arbitrary<NamespaceId> = fc
  .tuple(fc.constantFrom(4, 4, 4, 70), fc.integer({ min: 0, max: 60 }))
  .map(([minor, nth]) => namespaceId(makedev({ major: 0, minor }), 4026531833n + BigInt(nth)));

interface Sketch {
  readonly id: NamespaceId;
  readonly kind: NamespaceKind;
}

/** One of the namespaces of a kind that come before, one without a record, or a refusal. */
const anyRelation = (before: readonly Sketch[], kind: NamespaceKind): fc.Arbitrary<Relation> => {
  const known = before.filter((sketch) => sketch.kind === kind).map(({ id }) => id);
  const unseen = namespaceId(makedev({ major: 0, minor: 99 }), 1n);
  const to = fc.constantFrom(...known, ...known, ...known, unseen).map((to): Relation => ({ to }));
  return fc.oneof({ weight: 4, arbitrary: to }, { weight: 1, arbitrary: anyRefusal });
};

const anyPart: fc.Arbitrary<TracePart> = fc.record(
  {
    kind: fc.constantFrom(...TRACE_KINDS),
    engine: fc.constantFrom(...ENGINES),
    name: anyText.map((name) => name || "blue"),
    qos: fc.constantFrom(...QOS_CLASSES),
    pattern: fc.constantFrom(...PATTERN_NAMES),
  },
  { requiredKeys: ["kind", "name", "pattern"] },
);
const anyNumber = fc.integer({ min: 1, max: 4_194_304 });
const anyTrace: fc.Arbitrary<Trace> = fc.oneof(
  fc.record(
    {
      from: fc.constant("cgroup" as const),
      parts: fc.array(anyPart, { minLength: 1, maxLength: MOST_PARTS }),
      pid: anyNumber,
      tid: anyNumber,
      line: anyText.map((path) => `1:name=systemd:/${path}`),
      others: fc.integer({ min: 1, max: 9 }),
    },
    { requiredKeys: ["from", "parts", "pid", "line"] },
  ),
  fc.record({
    from: fc.constant("pin" as const),
    parts: fc.tuple(anyPart),
    mountId: fc.nat({ max: 999 }),
    path: anyPath,
  }),
);

function anyNamespace(sketch: Sketch, before: readonly Sketch[]): fc.Arbitrary<NamespaceRecord> {
  const { kind } = sketch;
  const owner = anyRelation(before, "user");
  const base = fc.record(
    {
      id: fc.constant(sketch.id),
      kind: fc.constant(kind),
      owner,
      traces: fc.array(anyTrace, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ["id", "kind", "owner"] },
  );
  if (kind === "user") {
    const inViewOf = fc.constantFrom(sketch, ...before.filter((one) => one.kind === "user")).map(({ id }) => id);
    const maps = fc.record(
      {
        uid: anyExtents,
        gid: anyExtents,
        projid: anyExtents,
        setgroups: fc.constantFrom("allow" as const, "deny" as const),
        readFrom: fc.integer({ min: 1, max: 4_194_304 }),
        inViewOf,
      },
      { requiredKeys: ["uid", "gid", "readFrom"] },
    );
    const more = fc.record({ creatorUid: answer(u32), maps: answer(maps) }, { requiredKeys: [] });
    return fc.tuple(base, more, anyRefusal).map(([record, more, refusal]) => ({
      ...record,
      parent: "to" in record.owner ? record.owner : refusal,
      ...more,
    }));
  }
  if (kind === "mnt") {
    const table = fc.record(
      {
        by: fc.constantFrom("mountinfo" as const, "statmount" as const, "entered" as const),
        readFrom: fc.integer({ min: 1, max: 4_194_304 }),
        seen: fc.nat({ max: 99 }),
        outOfReach: fc.nat({ max: 9 }),
        tree: fc.array(anyTreeMount, { maxLength: 2 }),
      },
      { requiredKeys: ["by", "seen"] },
    );
    const more = fc.record({ mounts: answer(table) }, { requiredKeys: [] });
    return fc.tuple(base, more).map(([record, mounts]) => ({ ...record, ...mounts }));
  }
  if (kind === "net") {
    const netnsid = fc.constantFrom(0, 7, 0x7fffffff, "unassigned" as const);
    return fc
      .tuple(base, fc.record({ netnsid }, { requiredKeys: [] }))
      .map(([record, more]) => ({ ...record, ...more }));
  }
  if (!nests(kind)) return base;
  const more = fc.record(
    { parent: anyRelation(before, kind), unborn: fc.constant(true as const) },
    { requiredKeys: ["parent"] },
  );
  return fc.tuple(base, more).map(([record, parent]) => ({ ...record, ...parent }));
}

/** Namespaces in any order, each owned by and child of earlier ones: so nothing goes round. */
const anyNamespaces = (sizes: SnapshotSizes): fc.Arbitrary<readonly NamespaceRecord[]> =>
  fc
    .uniqueArray(
      fc.record({
        id: anyId,
        kind: fc.oneof(fc.constantFrom<NamespaceKind>("user", "pid"), fc.constantFrom(...KINDS)),
      }),
      { selector: ({ id }) => id, maxLength: sizes.namespaces },
    )
    .chain((sketches) =>
      fc.tuple(fc.tuple(...sketches.map((sketch, nth) => anyNamespace(sketch, sketches.slice(0, nth)))), fc.boolean()),
    )
    .map(([records, ids]) =>
      ids ? records.map((record, nth) => ({ ...record, uniqueId: `${4711 + nth}` })) : records,
    );

type Links = Partial<Record<ProcLink, NamespaceId>>;

function anyLinks(namespaces: readonly NamespaceRecord[]): fc.Arbitrary<Links> {
  const byLink: Partial<Record<ProcLink, fc.Arbitrary<NamespaceId>>> = {};
  for (const link of LINKS) {
    const ids = namespaces.filter(({ kind }) => kind === kindOfLink(link)).map(({ id }) => id);
    if (ids.length > 0) byLink[link] = fc.constantFrom(...ids);
  }
  return fc.record(byLink, { requiredKeys: [] });
}

const anyIds = fc.record({ real: u32, effective: u32, saved: u32, fs: u32 });
const anySet = fc.constantFrom("0000000000000000", "000001ffffffffff", "00000000a80425fb");
const anyStatus: fc.Arbitrary<StatusRecord> = fc.record(
  {
    uid: anyIds,
    gid: anyIds,
    groups: fc.array(u32, { maxLength: 3 }),
    numbers: fc.array(fc.integer({ min: 1, max: 4_194_304 }), { maxLength: 3 }),
    group: fc.nat({ max: 4_194_304 }),
    session: fc.nat({ max: 4_194_304 }),
    threads: fc.nat({ max: 9 }),
    capabilities: fc.record(
      { inheritable: anySet, permitted: anySet, effective: anySet, bounding: anySet, ambient: anySet },
      { requiredKeys: ["inheritable", "permitted", "effective"] },
    ),
    noNewPrivs: fc.boolean(),
    seccomp: fc.integer({ min: 0, max: 2 }),
    label: anyText,
  },
  { requiredKeys: ["uid", "gid", "groups", "threads", "capabilities"] },
);

const anyProcess = (namespaces: readonly NamespaceRecord[]): fc.Arbitrary<ProcessRecord> =>
  fc
    .tuple(
      fc.record(
        {
          pid: fc.integer({ min: 1, max: 4_194_304 }),
          ppid: fc.integer({ min: 0, max: 4_194_304 }),
          startTime: fc.nat({ max: 50 }),
          uid: u32,
          comm: anyText,
          kernelThread: fc.boolean(),
          zombie: fc.boolean(),
          commandLine: fc.array(anyText, { maxLength: 3 }),
          status: anyStatus,
          cgroup: anyPath,
        },
        { requiredKeys: ["pid", "ppid", "startTime", "uid", "comm", "kernelThread", "zombie"] },
      ),
      anyLinks(namespaces),
      fc.dictionary(fc.constantFrom(...LINKS), anyErrno, { maxKeys: 2 }),
    )
    .map(([process, links, errnos]): ProcessRecord => {
      const refused: Partial<Record<ProcLink, ErrnoName>> = {};
      for (const link of LINKS) {
        const errno = errnos[link];
        if (errno !== undefined && links[link] === undefined) refused[link] = errno;
      }
      return { ...process, namespaces: links, ...(Object.keys(refused).length > 0 ? { refused } : {}) };
    });

/** Threads in namespaces that their process is not in. */
const anyThread = (
  namespaces: readonly NamespaceRecord[],
  processes: readonly ProcessRecord[],
): fc.Arbitrary<ThreadRecord> =>
  fc
    .tuple(
      fc.constantFrom(...processes),
      fc.record({ tid: fc.integer({ min: 1, max: 4_194_304 }), startTime: fc.nat({ max: 50 }), comm: anyText }),
      anyLinks(namespaces),
      fc.dictionary(fc.constantFrom(...LINKS), anyErrno, { maxKeys: 2 }),
    )
    .map(([leader, thread, links, errnos]): ThreadRecord => {
      const differing = LINKS.filter((link) => links[link] !== undefined && links[link] !== leader.namespaces[link]);
      const refused = LINKS.filter((link) => errnos[link] !== undefined && !differing.includes(link));
      return {
        pid: leader.pid,
        ...thread,
        namespaces: Object.fromEntries(differing.map((link) => [link, links[link]])),
        ...(refused.length > 0 ? { refused: Object.fromEntries(refused.map((link) => [link, errnos[link]])) } : {}),
      };
    });

const anyDescriptor = (
  namespaces: readonly NamespaceRecord[],
  processes: readonly ProcessRecord[],
): fc.Arbitrary<DescriptorRecord> => {
  const place = fc.record(
    {
      pid: fc.constantFrom(...processes.map(({ pid }) => pid)),
      tid: fc.integer({ min: 1, max: 4_194_304 }),
      fd: fc.nat({ max: 99 }),
      closeOnExec: fc.boolean(),
    },
    { requiredKeys: ["pid", "fd"] },
  );
  const of = (kind: NamespaceKind): readonly NamespaceId[] =>
    namespaces.filter((namespace) => namespace.kind === kind).map(({ id }) => id);
  const inFlight = fc.integer({ min: 1, max: 253 }).map((inFlight) => ({ what: "socket" as const, inFlight }));
  const holds: fc.Arbitrary<Partial<DescriptorRecord> & Pick<DescriptorRecord, "what">>[] = [
    inFlight,
    fc.constantFrom("ended" as const, "outside" as const, 4711).map((target) => ({ what: "pidfd" as const, target })),
    fc.constantFrom(...namespaces.map(({ id }) => id)).map((namespace) => ({ what: "namespace" as const, namespace })),
  ];
  const [nets, pids] = [of("net"), of("pid")];
  if (nets.length > 0) {
    holds.push(fc.constantFrom(...nets).map((namespace) => ({ what: "socket" as const, namespace })));
  }
  if (pids.length > 0) {
    const targets = fc.tuple(fc.constantFrom(...pids), fc.integer({ min: 1, max: 4_194_304 }));
    holds.push(targets.map(([namespace, target]) => ({ what: "pidfd" as const, namespace, target })));
  }
  return fc.tuple(place, fc.oneof(...holds)).map(([at, what]) => ({ ...at, ...what }) as DescriptorRecord);
};

const anyCoverage: fc.Arbitrary<readonly Coverage[]> = fc.tuple(
  ...SOURCES.map((source) =>
    fc
      .record(
        {
          seen: fc.nat({ max: 9999 }),
          vanished: fc.nat({ max: 9 }),
          refused: fc.dictionary(anyErrno, fc.integer({ min: 1, max: 99 }), { maxKeys: 3 }),
          unsupported: fc.record(
            { errno: anyErrno, since: fc.constantFrom("3.8", "6.18") },
            { requiredKeys: ["errno"] },
          ),
          skipped: fc.record(
            { why: fc.constantFrom(...SKIP_REASONS), count: fc.nat({ max: 9999 }) },
            { requiredKeys: ["why"] },
          ),
          notes: fc.uniqueArray(fc.constantFrom(...COVERAGE_NOTES)),
        },
        { requiredKeys: ["seen", "vanished", "refused"] },
      )
      .map(({ refused, seen, vanished, ...row }): Coverage => {
        const asked = Object.values(refused).reduce((sum, times) => sum + times, seen + vanished);
        return { source, asked, seen, vanished, refused: { ...refused }, ...row };
      }),
  ),
);

const anyViewpoint = (namespaces: readonly NamespaceRecord[]): fc.Arbitrary<Viewpoint> =>
  fc.record(
    {
      source: fc.constantFrom("live" as const, "model" as const, "replay" as const),
      kernel: fc.record({ name: fc.constant("Linux"), release: anyText, machine: fc.constant("x86_64") }),
      bootId: fc.uuid(),
      proc: anyPath,
      pid: fc.integer({ min: 1, max: 4_194_304 }),
      uid: fc.record({ real: u32, effective: u32 }),
      gid: fc.record({ real: u32, effective: u32 }),
      capabilities: fc.constantFrom("0000000000000000", "000001ffffffffff"),
      namespaces: anyLinks(namespaces),
    },
    { requiredKeys: ["source", "kernel", "pid", "uid", "gid", "namespaces"] },
  );

/** Where a mount may lie: in the viewer's mount namespace, in another, or in that of some process. */
const anyPlace = (namespaces: readonly NamespaceRecord[]): fc.Arbitrary<MountPlace> => {
  const others = namespaces.filter(({ kind }) => kind === "mnt").map(({ id }) => id);
  const through = fc.integer({ min: 1, max: 4_194_304 });
  const whose: fc.Arbitrary<Partial<MountPlace>>[] = [
    fc.constant({}),
    through.map((pid) => ({ mountNamespace: "unknown", through: pid })),
  ];
  if (others.length > 0) {
    const mountNamespace = fc.constantFrom(...others);
    whose.push(fc.record({ mountNamespace, through }, { requiredKeys: ["mountNamespace"] }));
  }
  const where = fc.record({ path: anyPath, mountId: fc.integer({ min: 0, max: 999 }) }, { requiredKeys: ["mountId"] });
  return fc.tuple(where, fc.oneof(...whose)).map(([at, more]) => ({ ...at, ...more }));
};

const anyPin = (namespaces: readonly NamespaceRecord[]): fc.Arbitrary<PinRecord> =>
  fc
    .tuple(fc.constantFrom(...namespaces.map(({ id }) => id)), anyPlace(namespaces), fc.option(anyPath))
    .map(([namespace, place, hiddenBy]) => ({ namespace, ...place, ...(hiddenBy === null ? {} : { hiddenBy }) }));

/** Of a proc or an mqueue; none where there is no namespace that one could belong to. */
const anyMounts = (namespaces: readonly NamespaceRecord[], maxLength: number): fc.Arbitrary<HoldingMount[]> => {
  const holding = namespaces.filter(({ kind }) => kind === "pid" || kind === "ipc");
  if (holding.length === 0) return fc.constant([]);
  const anyMount = fc
    .tuple(fc.constantFrom(...holding), anyPlace(namespaces))
    .map(([{ id, kind }, place]): HoldingMount => ({
      fileSystem: kind === "pid" ? "proc" : "mqueue",
      namespace: id,
      ...place,
    }));
  return fc.uniqueArray(anyMount, { selector: ({ mountId }) => mountId, maxLength });
};

const NONE: Hanging = { threads: [], descriptors: [] };
type Hanging = Pick<Snapshot, "threads" | "descriptors">;

/** What hangs from processes; there must be some, and a namespace. */
const anyHanging = (
  namespaces: readonly NamespaceRecord[],
  processes: readonly ProcessRecord[],
  sizes: SnapshotSizes,
): fc.Arbitrary<Hanging> =>
  fc.record({
    threads: fc
      .uniqueArray(anyThread(namespaces, processes), { selector: ({ tid }) => tid, maxLength: sizes.pins })
      .map((threads) => threads.filter(({ pid, tid }) => pid !== tid)),
    descriptors: fc.uniqueArray(anyDescriptor(namespaces, processes), {
      selector: ({ pid, tid = pid, fd }) => `${tid}/${fd}`,
      maxLength: 2 * sizes.pins,
    }),
  });

/** The most records of each kind. */
interface SnapshotSizes {
  readonly namespaces: number;
  readonly processes: number;
  readonly pins: number;
}

/**
 * A whole snapshot that is right in itself, in order: any forest of user namespaces, any owners, members, bind mounts,
 * refusals and coverage, on two nsfs devices. Not redacted; `redact` makes one that is.
 */
export const anySnapshot = (
  sizes: SnapshotSizes = { namespaces: 20, processes: 12, pins: 4 },
): fc.Arbitrary<Snapshot> =>
  anyNamespaces(sizes).chain((namespaces) => {
    const some = namespaces.length > 0;
    return fc
      .record({
        producer: fc.record({ name: fc.constant("nsatlas"), version: fc.constantFrom("0.1.0", "1.0.0-rc.1") }),
        takenAt: fc
          .date({ min: new Date("2000-01-01T00:00:00Z"), max: new Date("2099-12-31T00:00:00Z"), noInvalidDate: true })
          .map((date) => date.toISOString()),
        viewpoint: anyViewpoint(namespaces),
        coverage: anyCoverage,
        processes: fc.uniqueArray(anyProcess(namespaces), { selector: ({ pid }) => pid, maxLength: sizes.processes }),
        pins: some
          ? fc.uniqueArray(anyPin(namespaces), { selector: ({ mountId }) => mountId, maxLength: sizes.pins })
          : fc.constant([]),
        mounts: anyMounts(namespaces, sizes.pins),
        names: some
          ? fc.uniqueArray(
              fc.record({
                namespace: fc.constantFrom(...namespaces.map(({ id }) => id)),
                name: anyText.map((name) => name.replaceAll(/[/\0]/g, "") || "blue"),
              }),
              { selector: ({ name }) => name, maxLength: sizes.pins },
            )
          : fc.constant([]),
      })
      .chain((parts) =>
        parts.processes.length === 0 || !some
          ? fc.constant({ ...parts, ...NONE })
          : anyHanging(namespaces, parts.processes, sizes).map((hanging) => ({ ...parts, ...hanging })),
      )
      .map((parts) =>
        inOrder({ format: SNAPSHOT_FORMAT, version: SNAPSHOT_VERSION, redacted: false, namespaces, ...parts }),
      );
  });
