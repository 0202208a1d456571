import { KIND_BY_FLAG, NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { namespaceId, type NamespaceId } from "../../abi/ids.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { NsfsIoctl } from "../../abi/ioctls.ts";
import type { TaskName } from "../call.ts";
import type { AnySocket, SocketAnswer, SocketPlace, TaskNumber, TaskPlace } from "../hanging.ts";
import type { Entrance, MountView, ShownTable } from "../mounting.ts";
import type {
  FileLook,
  InQuestion,
  LinkPlace,
  NsFile,
  Observer,
  Observing,
  ProcessScan,
  ScanWish,
} from "../observer.ts";
import { bindAt } from "./binds.ts";
import { mayReadTable, tableOf } from "./descriptor-table.ts";
import { followLink, numberIn } from "./descriptors.ts";
import { Draft } from "./draft.ts";
import { isFolder, namesIn } from "./folders.ts";
import { idHandle, namespaceOfHandle } from "./handles.ts";
import { shownGid, shownUid } from "./ids.ts";
import { nsfsIoctl, type Reply } from "./ioctl.ts";
import { listNamespaces } from "./list-namespaces.ts";
import { mountsFound } from "./roots.ts";
import { isChrooted, mountRecords, statedMounts } from "./mount-tables.ts";
import { linkFile, procPath, taskWithNumber } from "./proc-paths.ts";
import { mayLookInto, pidForChildren, socketNamespace } from "./look-into.ts";
import { procText } from "./proc-texts.ts";
import { scan } from "./scan.ts";
import { namespaceOf } from "./view.ts";
import type { NsKey, Task, World } from "./world.ts";

/** A world as one of its tasks sees it: the same questions as to the running kernel, answered by the rules. */
export class ModelObserver implements Observer {
  readonly source = "model";
  readonly procRoot = "/proc";
  readonly #world: () => World;
  readonly #viewer: TaskName;

  /** `world` is asked anew for each question, so that an observer sees what calls have changed meanwhile. */
  constructor(world: () => World, viewer: TaskName) {
    this.#world = world;
    this.#viewer = viewer;
  }

  who(): Observing {
    const world = this.#world();
    const viewer = this.#task(world);
    const { user, ruid, euid, rgid, egid, effective } = viewer.credentials;
    return {
      pid: numberIn(viewer, viewer.pid) ?? 0,
      uid: { real: shownUid(world, user, ruid), effective: shownUid(world, user, euid) },
      gid: { real: shownGid(world, user, rgid), effective: shownGid(world, user, egid) },
      capabilities: effective,
      kernel: { name: "Linux", release: world.release, machine: "model" },
    };
  }

  async scan(wish: ScanWish): Promise<Outcome<ProcessScan>> {
    const world = this.#world();
    return ok(scan(world, this.#task(world), wish));
  }

  look(path: string): Outcome<FileLook> {
    const target = this.#find(path);
    if (target.ok) return ok({ id: idOf(this.#world(), target.value), isNamespace: true, type: "file" });
    if (target.errno !== "ENOTTY") return target;
    const world = this.#world();
    const type = isFolder(world, this.#task(world), path) ? "directory" : "file";
    return ok({ id: namespaceId(0n, 1n), isNamespace: false, type });
  }

  open(path: string): Outcome<NsFile> {
    const target = this.#find(path);
    return target.ok ? ok(this.#file(target.value)) : target;
  }

  async openLinks(places: readonly LinkPlace[]): Promise<readonly Outcome<NsFile>[]> {
    return places.map(({ pid, link }) => this.open(`${this.procRoot}/${pid}/ns/${link}`));
  }

  async sameStill(_: ProcessScan, { rows }: InQuestion): Promise<Uint8Array> {
    return new Uint8Array(rows.length);
  }

  async mountTables(pids: Int32Array): Promise<readonly Outcome<ShownTable>[]> {
    return Array.from(pids, () => refused("ENOSYS"));
  }

  read(path: string): Outcome<string> {
    const world = this.#world();
    return procText(world, this.#task(world), path);
  }

  names(path: string): Outcome<readonly string[]> {
    const world = this.#world();
    const viewer = this.#task(world);
    return isFolder(world, viewer, path) ? ok(namesIn(world, viewer, path)) : refused("ENOENT", "no-such-file");
  }

  askSockets(task: TaskNumber, sockets: readonly SocketPlace[]): readonly Outcome<SocketAnswer>[] {
    const world = this.#world();
    return sockets.map((socket) => {
      const found = this.#socketNamespace(task, socket);
      if (!found.ok) return found;
      // Whatever is sent is received at once in the model.
      const namespace = "uniqueId" in found.value ? found.value : idOf(world, found.value.namespace);
      return ok({ namespace, inFlight: 0 });
    });
  }

  openSocketNamespace(task: TaskNumber, socket: AnySocket): Outcome<NsFile> {
    const found = this.#socketNamespace(task, socket);
    if (!found.ok) return found;
    return "uniqueId" in found.value
      ? refused("EPERM", "no-admin-over-network")
      : ok(this.#file(found.value.namespace));
  }

  #socketNamespace({ pid, tid = pid }: TaskNumber, { fd, inode }: AnySocket) {
    const world = this.#world();
    const viewer = this.#task(world);
    const process = taskWithNumber(world, viewer.pid, tid);
    if (process === undefined) return refused("ESRCH", "process-gone");
    const socket = tableOf(world, process)?.descriptors.get(fd);
    if (typeof socket !== "number" || (inode !== undefined && socket !== inode))
      return refused("EBADF", "bad-descriptor");
    return socketNamespace(world, viewer, { process, socket });
  }

  openPidForChildren(place: TaskPlace): Outcome<NsFile> {
    const world = this.#world();
    const task = this.#pinned(world, place);
    if (task === undefined) return refused("ESRCH", "process-gone");
    const found = pidForChildren(world, this.#task(world), task);
    return found.ok ? ok(this.#file(found.value)) : found;
  }

  listNamespaces(wish: Parameters<Observer["listNamespaces"]>[0]): Outcome<readonly bigint[]> {
    const world = this.#world();
    const { flag } = NAMESPACE_KINDS[wish.kind];
    const listed = listNamespaces(new Draft(world), this.#task(world), { ...wish, types: flag });
    return mapOutcome(listed, ({ listed }) => listed);
  }

  openById({ uniqueId }: Parameters<Observer["openById"]>[0]): Outcome<NsFile> {
    const world = this.#world();
    return mapOutcome(namespaceOfHandle(new Draft(world), this.#task(world), idHandle(uniqueId)), (key) =>
      this.#file(key),
    );
  }

  mountView(pid?: number): MountView {
    const find = (): Task | undefined => {
      const world = this.#world();
      const viewer = this.#task(world);
      return pid === undefined ? viewer : taskWithNumber(world, viewer.pid, pid);
    };
    return {
      root: () => {
        const [world, task] = [this.#world(), find()];
        if (task?.memberships === undefined) return refused("ENOENT", "no-such-file");
        const may = mayLookInto(world, this.#task(world), task);
        return may.ok ? ok(isChrooted(world, task) ? "/empty" : "/") : may;
      },
      mountinfo: () => this.read(`/proc/${pid ?? "self"}/mountinfo`),
      open: (path) => {
        const [world, task] = [this.#world(), find()];
        if (task?.memberships === undefined) return refused("ENOENT", "no-such-file");
        const may = mayLookInto(world, this.#task(world), task);
        if (!may.ok) return may;
        const found = mountsFound(world, task);
        const top = found && bindAt(found, path);
        return top === undefined ? refused("ENOENT", "no-such-file") : ok(this.#file(top.namespace));
      },
      // No proc is among the mounts of a drawn world.
      openPidOfProc: () => refused("ENOENT", "no-such-file"),
      [Symbol.dispose]: () => {},
    };
  }

  /** A drawn world has no processes besides those that were drawn. */
  openEntrance(): Outcome<Entrance> {
    return refused("ENOSYS", "call-unknown-to-kernel");
  }

  /** The very task that was seen; undefined: it has ended, be its number another's by now. */
  #pinned(world: World, { pid, tid = pid, startTime }: TaskPlace): Task | undefined {
    const task = taskWithNumber(world, this.#task(world).pid, tid);
    return task?.startTime === startTime ? task : undefined;
  }

  #task(world: World): Task {
    const task = world.tasks.get(this.#viewer);
    if (task === undefined) throw new Error(`the world has no task ${this.#viewer}`);
    return task;
  }

  /** The namespace that a path leads to. ENOTTY: it leads to something else. */
  #find(path: string): Outcome<NsKey> {
    const world = this.#world();
    const viewer = this.#task(world);
    const at = procPath(world, viewer, path);
    const link = at === undefined ? undefined : linkFile(at.file);
    if (at !== undefined && link !== undefined)
      return followLink(world, viewer, { of: at.task.name, link, proc: viewer.pid });
    const fd = at === undefined ? undefined : /^fd\/(\d+)$/.exec(at.file)?.[1];
    if (at !== undefined && fd !== undefined) {
      const may = mayReadTable(new Draft(world), viewer, at.task);
      if (!may.ok) return may;
      const file = tableOf(world, at.task)?.descriptors.get(Number(fd));
      const opened = file === undefined ? undefined : world.files.get(file);
      if (opened === undefined) return refused("ENOENT", "no-such-file");
      if (opened.target.type === "namespace") return ok(opened.target.namespace);
      return refused("ENOTTY", "not-a-namespace-file");
    }
    const found = mountsFound(world, viewer);
    const bind = found && bindAt(found, path);
    if (bind !== undefined) return ok(bind.namespace);
    const isThere = isFolder(world, viewer, path) || procText(world, viewer, path).ok;
    if (isThere) return refused("ENOTTY", "not-a-namespace-file");
    return refused("ENOENT", "no-such-file");
  }

  #file(key: NsKey): NsFile {
    const id = idOf(this.#world(), key);
    // The world may have changed since: whoever holds the file would have kept the namespace alive.
    const held = namespaceOf(this.#world(), key);
    const ask = (request: NsfsIoctl, passed: number | "room" = "room"): Outcome<Reply> => {
      const world = this.#world();
      const ns = world.namespaces.get(key) ?? held;
      return nsfsIoctl(new Draft(world), this.#task(world), ns, { request, passed });
    };
    const opened = (request: NsfsIoctl): Outcome<NsFile> => {
      const reply = ask(request);
      if (!reply.ok) return reply;
      if (!("opens" in reply.value)) throw new Error(`${request} opens no namespace`);
      return ok(this.#file(reply.value.opens));
    };
    const number = (request: NsfsIoctl, passed?: number): Outcome<number | bigint> => {
      const reply = ask(request, passed);
      if (!reply.ok) return reply;
      if (!("number" in reply.value)) throw new Error(`${request} gives no number`);
      return ok(reply.value.number);
    };
    return {
      id,
      // Before Linux 4.11 the kind stands in the text of the link, so that it is always known.
      kind: (): Outcome<NamespaceKind> => {
        const flag = number("NS_GET_NSTYPE");
        return flag.ok ? ok(KIND_BY_FLAG.get(Number(flag.value)) ?? held.kind) : ok(held.kind);
      },
      told: () => undefined,
      openOwner: () => opened("NS_GET_USERNS"),
      openParent: () => opened("NS_GET_PARENT"),
      ownerUid: () => mapOutcome(number("NS_GET_OWNER_UID"), Number),
      translatePid: (request, of) => mapOutcome(number(request, of), Number),
      // Nobody assigns one in the model.
      netnsid: () => (held.kind === "net" ? ok(-1) : refused("EINVAL")),
      uniqueId: () => mapOutcome(number("NS_GET_ID"), BigInt),
      mounts: () => {
        const world = this.#world();
        const stated = statedMounts(world, this.#task(world), world.namespaces.get(key) ?? held);
        return mapOutcome(stated, (mounts) => ({ mounts, vanished: 0 }));
      },
      mountCount: () => {
        const world = this.#world();
        return mapOutcome(
          number("NS_MNT_GET_INFO"),
          () => mountRecords(world, world.namespaces.get(key) ?? held).length,
        );
      },
      openNextMount: (step) => opened(step === "next" ? "NS_MNT_GET_NEXT" : "NS_MNT_GET_PREV"),
      existsSince: () => undefined,
      hold: () => ({ [Symbol.dispose]: () => {} }),
      [Symbol.dispose]: () => {},
    };
  }
}

function idOf(world: World, key: NsKey): NamespaceId {
  const { device, inode } = namespaceOf(world, key);
  return namespaceId(device, BigInt(inode));
}

const mapOutcome = <A, B>(outcome: Outcome<A>, change: (value: A) => B): Outcome<B> =>
  outcome.ok ? ok(change(outcome.value)) : outcome;
