import { constants, readFileSync, readdirSync } from "node:fs";
import { machine, release, type } from "node:os";
import { pathText } from "../../procfs/path-bytes.ts";
import { parseStatus } from "../../procfs/status.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
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
import type { AnySocket, SocketAnswer, SocketPlace, TaskNumber, TaskPlace } from "../hanging.ts";
import { openEntering } from "./entering.ts";
import { begun, type HeadStart } from "./head-start.ts";
import { mountTables } from "./mount-tables.ts";
import { mountView } from "./mount-view.ts";
import { listPage, openListed } from "./listing.ts";
import { lookAtPath, openPath } from "./look-at-path.ts";
import type { Native } from "./native.ts";
import { openFd, READ } from "./open-fd.ts";
import { openLinks } from "./open-links.ts";
import { outcomeOf } from "./outcome-of.ts";
import { attempt } from "./read-process.ts";
import { makeRoom } from "./room.ts";
import { sameStill } from "./same-still.ts";
import { scanWithoutNative } from "./scan-fallback.ts";
import { openPidForChildren } from "./pinned-task.ts";
import { scan, scanOutcome } from "./scan.ts";
import { Sockets } from "./sockets.ts";

/** The running kernel, asked through /proc and the addon; without the addon, through /proc alone. */
export class LiveObserver implements Observer {
  readonly source = "live";
  readonly procRoot: string;
  readonly #native: Native | undefined;
  #start: HeadStart | undefined;
  #sockets: Sockets | undefined;

  /** `start`: of the usual /proc. */
  constructor(native: Native | undefined, procRoot = "/proc", start?: HeadStart) {
    this.#native = native;
    this.procRoot = procRoot;
    this.#start = procRoot === "/proc" ? start : undefined;
  }

  who(): Observing {
    const status = attempt(() => readFileSync("/proc/self/status", "latin1"));
    const parsed = "value" in status ? parseStatus(status.value) : undefined;
    return {
      pid: process.pid,
      // Systems without uids are only ever looked at through the model or a snapshot.
      uid: { real: process.getuid?.() ?? 0, effective: process.geteuid?.() ?? 0 },
      gid: { real: process.getgid?.() ?? 0, effective: process.getegid?.() ?? 0 },
      capabilities: parsed?.ok === true ? parsed.value.capabilities.effective : undefined,
      kernel: { name: type(), release: release(), machine: machine() },
    };
  }

  async scan(wish: ScanWish): Promise<Outcome<ProcessScan>> {
    if (this.#native === undefined) return scanOutcome(await scanWithoutNative(this.procRoot, wish));
    const folder = openFd(this.procRoot, READ | constants.O_DIRECTORY);
    if (!folder.ok) return folder;
    using proc = folder.value;
    const scanned = begun(this.#start, wish) ?? scan(this.#native, proc, wish);
    // It was how things were then: another look is a look of its own.
    this.#start = undefined;
    if (wish.pids === undefined) makeRoom(this.#native, this.procRoot, proc);
    return await scanned;
  }

  look(path: string): Outcome<FileLook> {
    return lookAtPath(this.#native, path);
  }

  open(path: string): Outcome<NsFile> {
    return openPath(this.#native, path);
  }

  async openLinks(places: readonly LinkPlace[]): Promise<readonly Outcome<NsFile>[]> {
    const open = ({ pid, link }: LinkPlace): Outcome<NsFile> => this.open(`${this.procRoot}/${pid}/ns/${link}`);
    if (this.#native === undefined) return places.map(open);
    const folder = openFd(this.procRoot, READ | constants.O_DIRECTORY);
    if (!folder.ok) return places.map(() => folder);
    using proc = folder.value;
    return await openLinks(this.#native, proc, places);
  }

  async sameStill(scan: ProcessScan, question: InQuestion): Promise<Uint8Array> {
    if (this.#native === undefined) return new Uint8Array(question.rows.length);
    const folder = openFd(this.procRoot, READ | constants.O_DIRECTORY);
    if (!folder.ok) return new Uint8Array(question.rows.length);
    using proc = folder.value;
    return await sameStill(this.#native, proc, scan, question);
  }

  async mountTables(pids: Int32Array): Promise<readonly Outcome<ShownTable>[]> {
    const native = this.#native;
    if (native === undefined) return Array.from(pids, () => refused("ENOSYS", "no-native-half"));
    const folder = openFd(this.procRoot, READ | constants.O_DIRECTORY);
    if (!folder.ok) return Array.from(pids, () => folder);
    using proc = folder.value;
    return await mountTables(native, proc, pids);
  }

  read(path: string): Outcome<string> {
    return outcomeOf(() => readFileSync(path, "utf8"));
  }

  names(path: string): Outcome<readonly string[]> {
    const names = outcomeOf(() => readdirSync(path, "buffer"));
    return names.ok ? ok(names.value.map(pathText).toSorted()) : names;
  }

  askSockets(task: TaskNumber, sockets: readonly SocketPlace[]): readonly Outcome<SocketAnswer>[] {
    if (this.#native === undefined) return sockets.map(() => refused("ENOSYS", "no-native-half"));
    this.#sockets ??= new Sockets(this.#native, this.procRoot);
    return this.#sockets.ask(task, sockets);
  }

  openSocketNamespace(task: TaskNumber, socket: AnySocket): Outcome<NsFile> {
    if (this.#native === undefined) return refused("ENOSYS", "no-native-half");
    return new Sockets(this.#native, this.procRoot).open(task, socket);
  }

  openPidForChildren(task: TaskPlace): Outcome<NsFile> {
    if (this.#native === undefined) return refused("ENOSYS", "no-native-half");
    return openPidForChildren(this.#native, this.procRoot, task);
  }

  listNamespaces(wish: Parameters<Observer["listNamespaces"]>[0]): Outcome<readonly bigint[]> {
    return this.#native === undefined ? refused("ENOSYS", "no-native-half") : listPage(this.#native, wish);
  }

  openById(id: Parameters<Observer["openById"]>[0]): Outcome<NsFile> {
    return this.#native === undefined ? refused("ENOSYS", "no-native-half") : openListed(this.#native, id);
  }

  mountView(pid?: number): MountView {
    const folder = `${this.procRoot}/${pid ?? "self"}`;
    return mountView({ native: this.#native, folder, isOwn: pid === undefined });
  }

  openEntrance(): Outcome<Entrance> {
    return this.#native === undefined ? refused("ENOSYS", "no-native-half") : openEntering(this.#native);
  }
}
