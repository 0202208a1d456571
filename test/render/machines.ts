import type { NamespaceId } from "../../src/abi/ids.ts";
import { KINDS, NAMESPACE_KINDS, nests, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { ProcLink } from "../../src/abi/proc-links.ts";
import {
  SNAPSHOT_FORMAT,
  SNAPSHOT_VERSION,
  SOURCES,
  type NameRecord,
  type NamespaceRecord,
  type PinRecord,
  type ProcessRecord,
  type Snapshot,
} from "../../src/snapshot/types.ts";

type Links = Partial<Record<ProcLink, NamespaceId>>;
type Extra = Partial<Omit<ProcessRecord, "namespaces">>;

/** The kinds that a container usually has of its own. */
const OF_A_CONTAINER = ["mnt", "uts", "ipc", "pid", "cgroup", "net"] as const;
const FIRST_INODE = 4026532200;

/** A machine to be drawn, made up line by line; it has the first namespaces of a kernel, and the viewer is in them. */
export class MadeUpMachine {
  readonly own: Record<NamespaceKind, NamespaceId>;
  readonly #namespaces: NamespaceRecord[] = [];
  readonly #processes: ProcessRecord[] = [];
  readonly #pins: PinRecord[] = [];
  readonly #names: NameRecord[] = [];
  #nextInode = FIRST_INODE;

  constructor() {
    const first = (kind: NamespaceKind) => `0:4/${NAMESPACE_KINDS[kind].initialInode}` as NamespaceId;
    this.own = Object.fromEntries(KINDS.map((kind) => [kind, first(kind)])) as Record<NamespaceKind, NamespaceId>;
    for (const kind of KINDS) this.#namespaces.push(firstNamespace(kind, this.own));
  }

  /** A namespace of this owner; of user and pid namespaces the parent is the owner, or the machine's first. */
  namespace(kind: NamespaceKind, owner = this.own.user): NamespaceId {
    const id = `0:4/${this.#nextInode++}` as NamespaceId;
    const parent = kind === "user" ? owner : this.own.pid;
    this.#namespaces.push({
      id,
      kind,
      owner: { to: owner },
      ...(nests(kind) && { parent: { to: parent } }),
      ...(kind === "user" && { creatorUid: { value: 1000 } }),
    });
    return id;
  }

  /** A process in these namespaces, else in the first ones. */
  process(pid: number, commandLine: string, links: Links = {}, extra: Extra = {}): void {
    const all: Links = { ...this.own, ...links };
    this.#processes.push({
      pid,
      ppid: pid === 1 ? 0 : 1,
      startTime: pid * 10,
      uid: 0,
      comm: (commandLine.split(" ")[0] ?? "").split("/").at(-1)?.slice(0, 15) ?? "",
      kernelThread: false,
      zombie: false,
      commandLine: commandLine.split(" "),
      cgroup: "/",
      namespaces: {
        ...all,
        ...(all.pid && { pid_for_children: all.pid }),
        ...(all.time && { time_for_children: all.time }),
      },
      ...extra,
    });
  }

  kernelThread(pid: number, comm: string, links: Links = {}): void {
    this.process(pid, comm, links, { comm, kernelThread: true, commandLine: [] });
  }

  /** A bind mount; under /run/netns also a name. */
  pin(namespace: NamespaceId, path: string, place: Pick<PinRecord, "mountNamespace" | "through"> = {}): void {
    this.#pins.push({ namespace, path, mountId: 100 + this.#pins.length, ...place });
    const name = /^\/run\/netns\/(.+)$/.exec(path)?.[1];
    if (name !== undefined) this.#names.push({ namespace, name });
  }

  container(pid: number, command: string, extra: Extra & { processes?: number } = {}): Links {
    const { processes = 1, ...rest } = extra;
    const links: Links = Object.fromEntries(OF_A_CONTAINER.map((kind) => [kind, this.namespace(kind)]));
    for (let nth = 0; nth < processes; nth += 1) this.process(pid + nth, command, links, rest);
    return links;
  }

  seen(change: Partial<Snapshot> = {}): Snapshot {
    return {
      format: SNAPSHOT_FORMAT,
      version: SNAPSHOT_VERSION,
      producer: { name: "nsatlas", version: "0.1.0" },
      takenAt: "2026-11-21T23:00:00.000Z",
      redacted: false,
      viewpoint: {
        source: "live",
        kernel: { name: "Linux", release: "6.18.44", machine: "x86_64" },
        proc: "/proc",
        pid: 900,
        uid: { real: 0, effective: 0 },
        gid: { real: 0, effective: 0 },
        namespaces: this.own,
      },
      coverage: SOURCES.map((source) => ({ source, asked: 9, seen: 9, vanished: 0, refused: {} })),
      namespaces: this.#namespaces,
      processes: this.#processes,
      threads: [],
      descriptors: [],
      pins: this.#pins,
      mounts: [],
      names: this.#names,
      ...change,
    };
  }
}

function firstNamespace(kind: NamespaceKind, own: Record<NamespaceKind, NamespaceId>): NamespaceRecord {
  const parent = { refused: "EPERM", call: "ioctl NS_GET_PARENT", reason: "parent-outside-view" } as const;
  const owner = { refused: "EPERM", call: "ioctl NS_GET_USERNS", reason: "owner-outside-view" } as const;
  if (kind !== "user") return { id: own[kind], kind, owner: { to: own.user }, ...(nests(kind) && { parent }) };
  const everyId = [{ inside: 0, outside: 0, count: 4294967295 }];
  const maps = { uid: everyId, gid: everyId, setgroups: "allow", readFrom: 1, inViewOf: own.user } as const;
  return { id: own.user, kind, owner, parent, creatorUid: { value: 0 }, maps: { value: maps } };
}

/** The first namespaces, and the kernel's one for its own devtmpfs. */
export function smallMachine(): MadeUpMachine {
  const machine = new MadeUpMachine();
  machine.process(1, "/sbin/init splash", {}, { cgroup: "/init.scope" });
  machine.kernelThread(2, "kthreadd");
  machine.kernelThread(61, "kdevtmpfs", { mnt: machine.namespace("mnt") });
  machine.process(900, "-bash", {}, { uid: 1000, cgroup: "/user.slice/user-1000.slice/session-2.scope" });
  return machine;
}

/** A few services and containers, names for network namespaces, an ordinary user's namespaces, one that only owns. */
export function containerHost(containers = 2): MadeUpMachine {
  const machine = smallMachine();
  const udevd = { mnt: machine.namespace("mnt"), uts: machine.namespace("uts") };
  machine.process(420, "/lib/systemd/systemd-udevd", udevd, { cgroup: "/system.slice/systemd-udevd.service" });
  const programs = [
    "nginx: master process nginx -g daemon off;",
    "postgres -c shared_buffers=512MB -c max_connections=300",
    "python3 -m gunicorn shop.wsgi:application --workers 8 --bind 0.0.0.0:8000",
  ];
  for (let nth = 0; nth < containers; nth += 1) {
    const id = (nth + 10).toString(16).padStart(2, "0").repeat(32);
    machine.container(2000 + nth * 30, programs[nth % programs.length] ?? "", {
      processes: 1 + (nth % 5),
      uid: (nth % 3) * 101,
      cgroup: `/system.slice/docker-${id}.scope`,
    });
  }
  machine.pin(machine.namespace("net"), "/run/netns/blue");
  const rootless = machine.namespace("user");
  machine.process(30_000, "podman unshare", { user: rootless, mnt: machine.namespace("mnt", rootless) }, { uid: 1000 });
  machine.pin(machine.namespace("net", rootless), "/run/user/1000/netns/cni-5b8a0b8e-with-a-long-name");
  const ghost = machine.namespace("user");
  machine.process(31_000, "sleep 1000", { uts: machine.namespace("uts", ghost) });
  return machine;
}

/** 2,000 namespaces and 20,000 processes: containers, browser sandboxes, nested user namespaces, named networks. */
export function largeMachine(): MadeUpMachine {
  const machine = smallMachine();
  let pid = 1000;
  for (let nth = 0; nth < 200; nth += 1) {
    const processes = 1 + ((nth * 7) % 13);
    machine.container(pid, "/pause --in container", { processes, cgroup: `/kubepods.slice/pod-${nth}` });
    pid += processes;
  }
  for (let nth = 0; nth < 140; nth += 1) {
    const user = machine.namespace("user");
    const links = { mnt: machine.namespace("mnt", user), net: machine.namespace("net", user) };
    machine.process(pid++, "/opt/chrome --type=renderer", { user, pid: machine.namespace("pid", user), ...links });
  }
  let nested = machine.own.user;
  for (let nth = 0; nth < 32; nth += 1) {
    nested = machine.namespace("user", nested);
    machine.process(pid++, "sleep 1000", { user: nested });
  }
  for (let nth = 0; nth < 199; nth += 1) machine.pin(machine.namespace("net"), `/run/netns/ns-${nth}`);
  while (pid < 20_996) machine.process(pid++, "worker --queue mail");
  return machine;
}
