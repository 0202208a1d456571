import * as z from "zod";
import { ERRNOS, isErrnoName } from "../abi/errnos.ts";
import { PID_MAX_LIMIT } from "../abi/ids.ts";
import { LINKS } from "../abi/proc-links.ts";
import { isReason } from "../messages/reasons.ts";
import { S32_MAX, U32_MAX } from "../procfs/decimal.ts";
import { attributes } from "./attribute-schema.ts";
import { idMaps } from "./map-schema.ts";
import {
  count,
  errno,
  flag,
  instant,
  keyed,
  kind,
  namespaceId,
  path,
  patterned,
  pid,
  text,
  uid,
  whole,
} from "./schema-parts.ts";
import { status } from "./status-schema.ts";
import { trace } from "./trace-schema.ts";
import { COVERAGE_NOTES, SNAPSHOT_FORMAT, SKIP_REASONS, SNAPSHOT_VERSION, SOURCES, type Snapshot } from "./types.ts";

// This module loads zod, which takes longer than most commands: import it only when a file is to be read.

/** NAME_MAX, in bytes. */
const LONGEST_NAME = 255;

const refusal = z
  .strictObject({
    refused: errno,
    call: patterned(
      /^[a-z][A-Za-z0-9_ ]{0,63}$/,
      "CALL [REQUEST]",
      "The call as its manual page has it: ioctl NS_GET_PARENT.",
    ),
    reason: z.exactOptional(
      patterned(/^[a-z0-9-]{1,64}$/, "words-with-hyphens", "Why, where nsatlas knows: a key of its messages."),
    ),
  })
  // A reason that a later nsatlas knows and this one has no sentence for: the errno says enough.
  .transform(({ refused, call, reason }) =>
    reason !== undefined && isReason(reason) ? { refused, call, reason } : { refused, call },
  )
  .meta({ id: "Refusal", description: "A question that the kernel did not answer." });

const relation = z
  .union([z.strictObject({ to: namespaceId }), refusal])
  .meta({ id: "Relation", description: "To which namespace, or the refusal." });
const answer = <V extends z.ZodType>(value: V) => z.union([z.strictObject({ value }), refusal]);

const mountInTree = z
  .strictObject({
    id: whole(0, S32_MAX, "As in mountinfo."),
    parent: whole(0, S32_MAX, "The mount it lies on, which need not be in the list."),
    mountPoint: text("Its path."),
    fsType: text("The file system's type."),
    source: text("The device or its like; may be empty."),
    root: text("The folder of the file system that is mounted; of a namespace's file its link text."),
    device: patterned(/^\d{1,10}:\d{1,10}$/, "MAJ:MIN", "st_dev of what is in it."),
    options: z.array(text("Of this mount.")),
    propagation: z.array(text("shared:N, master:N and so on; none: private.")),
    through: z.exactOptional(
      pid.meta({ description: "The process from whose root the path starts, where it is another." }),
    ),
  })
  .meta({ id: "MountInTree", description: "A mount of a mount namespace." });

const mountTable = z
  .strictObject({
    by: z.enum(["mountinfo", "statmount", "entered"]).meta({ description: "How they were read." }),
    readFrom: z.exactOptional(pid),
    seen: count("Mounts that were seen."),
    outOfReach: z.exactOptional(
      count("Mounts that there are besides, out of reach from the root of whoever was asked."),
    ),
    tree: z.exactOptional(
      z.array(mountInTree).meta({ description: "The mounts themselves, where they were asked for." }),
    ),
  })
  .meta({ id: "MountTable", description: "How far the mounts of a mount namespace were read." });

const namespace = z
  .strictObject({
    id: namespaceId,
    kind,
    uniqueId: z.exactOptional(patterned(/^[1-9]\d{0,19}$/, "NUMBER", "The kernel's 64-bit id; since Linux 6.18.")),
    listed: z.exactOptional(z.literal(true)),
    netnsid: z.exactOptional(z.union([whole(0, S32_MAX, "Assigned."), z.literal("unassigned")])),
    existsSince: z.exactOptional(instant("It has been there at least since then: its file was. UTC, ISO 8601.")),
    owner: relation,
    parent: z.exactOptional(relation),
    unborn: z.exactOptional(z.literal(true)),
    pidMax: z.exactOptional(answer(whole(1, S32_MAX, "As it reads from inside."))),
    creatorUid: z.exactOptional(answer(uid)),
    maps: z.exactOptional(answer(idMaps)),
    mounts: z.exactOptional(answer(mountTable)),
    attributes: z.exactOptional(answer(attributes)),
    traces: z.exactOptional(z.array(trace).min(1)),
  })
  .meta({
    id: "Namespace",
    description:
      "parent: user and pid namespaces; creatorUid, maps: user namespaces; mounts: mount namespaces; netnsid: network " +
      "namespaces, the number that the viewer's own has for it; unborn: pid namespaces, no process was in it yet; pidMax: of pid namespaces, kernel.pid_max inside, since Linux 6.14; attributes: what it says of itself, by its kind; listed: listns(2) " +
      "showed it to the viewer, since Linux 6.19.",
  });

const links = keyed(LINKS, namespaceId).meta({ id: "Links", description: "By the file name in /proc/PID/ns." });

const process = z
  .strictObject({
    pid,
    ppid: whole(0, PID_MAX_LIMIT, "0: the parent is not in the pid namespace of the /proc that was read."),
    startTime: count("Clock ticks after boot."),
    uid,
    comm: text("The name the kernel shows."),
    kernelThread: flag("A thread of the kernel's own."),
    zombie: flag("Ended, and not waited for yet."),
    commandLine: z.exactOptional(z.array(text("An argument."))),
    status: z.exactOptional(status),
    cgroup: z.exactOptional(path("Its most telling path in /proc/PID/cgroup.")),
    namespaces: links,
    refused: z.exactOptional(keyed(LINKS, errno)),
  })
  .meta({ id: "Process" });

const thread = z
  .strictObject({
    pid,
    tid: whole(1, PID_MAX_LIMIT, "The thread, of the process `pid`."),
    startTime: count("The thread's own, in clock ticks after boot."),
    comm: text("The name the kernel shows."),
    namespaces: links,
    refused: z.exactOptional(keyed(LINKS, errno)),
  })
  .meta({ id: "Thread", description: "namespaces: those of its links that lead elsewhere than its process's." });

const descriptorPlace = {
  pid,
  tid: z.exactOptional(whole(1, PID_MAX_LIMIT, "The thread whose table it is in, where that is not the process's.")),
  fd: whole(0, S32_MAX, "The number."),
  closeOnExec: z.exactOptional(flag("Whether execve(2) closes it.")),
};
const descriptor = z
  .discriminatedUnion("what", [
    z.strictObject({ ...descriptorPlace, what: z.literal("namespace"), namespace: namespaceId }),
    z.strictObject({
      ...descriptorPlace,
      what: z.literal("socket"),
      namespace: z.exactOptional(namespaceId),
      inFlight: z.exactOptional(whole(1, U32_MAX, "Descriptors sent to it and not received yet.")),
    }),
    z.strictObject({
      ...descriptorPlace,
      what: z.literal("pidfd"),
      target: z.union([whole(1, PID_MAX_LIMIT, "The process or thread."), z.enum(["ended", "outside"])]),
      namespace: z.exactOptional(namespaceId),
    }),
  ])
  .meta({ id: "Descriptor", description: "namespace: what it keeps alive. Of a pidfd, the pid namespace." });

const mountPlace = {
  mountNamespace: z.exactOptional(
    z.union([namespaceId, z.literal("unknown")]).meta({ description: "It lies in. Absent: the viewer's own." }),
  ),
  path: z.exactOptional(path("From the root of that mount namespace; in the viewer's own from the viewer's root.")),
  through: z.exactOptional(
    pid.meta({ description: "The process from whose root the path starts, where it is another." }),
  ),
  mountId: whole(0, S32_MAX, "The first field in /proc/PID/mountinfo."),
};
const pin = z
  .strictObject({
    namespace: namespaceId,
    ...mountPlace,
    hiddenBy: z.exactOptional(path("The mount that hides it; its own path: one lies on it there.")),
  })
  .meta({ id: "Pin", description: "A bind mount of a namespace's file." });
const mount = z
  .strictObject({ fileSystem: z.enum(["proc", "mqueue"]), namespace: namespaceId, ...mountPlace })
  .meta({ id: "Mount", description: "A mount of a file system that belongs to a namespace and keeps it." });

const name = z
  .strictObject({
    namespace: namespaceId,
    name: z
      .string()
      .max(LONGEST_NAME)
      .regex(/^[^/\0]+$/, { error: "NAME" })
      .meta({ description: "The file." }),
  })
  .meta({ id: "Name", description: "A file under /run/netns that leads to a namespace." });

const times = whole(1, Number.MAX_SAFE_INTEGER, "How often.").meta({ id: "Times" });
const coverage = z
  .strictObject({
    source: z.enum(SOURCES),
    asked: count("seen + vanished + all that were refused."),
    seen: count("Answers."),
    vanished: count("Gone while they were looked at."),
    refused: keyed(Object.keys(ERRNOS).filter(isErrnoName), times),
    unsupported: z.exactOptional(
      z.strictObject({
        errno,
        since: z.exactOptional(
          patterned(/^\d{1,3}(?:\.\d{1,4}){1,2}$/, "MAJOR.MINOR", "The first kernel that has it."),
        ),
      }),
    ),
    skipped: z.exactOptional(
      z.strictObject({ why: z.enum(SKIP_REASONS), count: z.exactOptional(count("How much; absent: nobody knows.")) }),
    ),
    notes: z.exactOptional(z.array(z.enum(COVERAGE_NOTES))),
  })
  .meta({ id: "Coverage", description: "How far one source of evidence could be read." });

const twoIds = z.strictObject({ real: uid, effective: uid });
const viewpoint = z
  .strictObject({
    source: z.enum(["live", "model", "replay"]),
    kernel: z.strictObject({ name: text("uname -s"), release: text("uname -r"), machine: text("uname -m") }),
    bootId: z.exactOptional(text("/proc/sys/kernel/random/boot_id")),
    proc: z.exactOptional(text("The folder that was read as /proc.")),
    pid: pid.meta({ description: "The viewer's, in its own pid namespace." }),
    uid: twoIds,
    gid: twoIds,
    capabilities: z.exactOptional(patterned(/^[0-9a-f]{1,16}$/, "HEX", "Effective, as CapEff in /proc/PID/status.")),
    ptraceScope: z.exactOptional(
      z
        .int()
        .min(0)
        .meta({ description: "kernel.yama.ptrace_scope; 0 where the kernel has no Yama. Absent: not read." }),
    ),
    namespaces: links,
  })
  .meta({ id: "Viewpoint", description: "Who looked, and from where." });

/** The records, list by list: a file is checked record by record, so that a hostile one cannot fill memory with issues. */
export const recordSchemas = {
  coverage,
  namespaces: namespace,
  processes: process,
  threads: thread,
  descriptors: descriptor,
  pins: pin,
  mounts: mount,
  names: name,
};
const anyList = z.array(z.unknown());

export const snapshotSchema = z
  .strictObject({
    format: z.literal(SNAPSHOT_FORMAT),
    version: z.literal(SNAPSHOT_VERSION),
    producer: z.strictObject({ name: text("The program."), version: text("Its version.") }),
    takenAt: instant("UTC, ISO 8601."),
    redacted: flag("Command lines and paths were left out."),
    viewpoint,
    coverage: z.array(coverage).meta({ description: "One for each source, in a fixed order." }),
    namespaces: z.array(namespace).meta({ description: "By kind, device, inode." }),
    processes: z.array(process).meta({ description: "By pid." }),
    threads: z.array(thread).meta({ description: "By pid, tid." }),
    descriptors: z.array(descriptor).meta({ description: "By pid, tid (a process's own table first), number." }),
    pins: z.array(pin).meta({ description: "By mount id." }),
    mounts: z.array(mount).meta({ description: "By mount id." }),
    names: z.array(name).meta({ description: "By name. None in a redacted snapshot." }),
  })
  .meta({
    title: `nsatlas snapshot, format ${SNAPSHOT_VERSION}`,
    description: "The namespaces of a machine as one viewer saw them in one look.",
  }) satisfies z.ZodType<Snapshot>;

/** A snapshot without its records. */
export const frameSchema = snapshotSchema.extend({
  coverage: anyList,
  namespaces: anyList,
  processes: anyList,
  threads: anyList,
  descriptors: anyList,
  pins: anyList,
  mounts: anyList,
  names: anyList,
});

/** What schemas/snapshot-2.json publishes. Laws between records, as that no id is there twice, take a program. */
export const snapshotJsonSchema = (): object => ({
  $id: `urn:nsatlas:snapshot:${SNAPSHOT_VERSION}`,
  ...z.toJSONSchema(snapshotSchema, { io: "input" }),
});
