import type { NamespaceId } from "../abi/ids.ts";
import type { MountView } from "../kernel/mounting.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import type { MountRecord } from "../procfs/mountinfo.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import type { MountPlace } from "../snapshot/types.ts";
import type { Doorway } from "./doorway.ts";
import { localMounts } from "./local-mounts.ts";
import type { MountsTold } from "./mount-lines.ts";
import { shownBy, type SeenMount } from "./mount-table.ts";

/** Whose table it is. */
export interface TableOf {
  /** undefined: the viewer's own. */
  readonly id: NamespaceId | "unknown" | undefined;
  /** Its file, where it could be opened. */
  readonly file: NsFile | undefined;
  /** How many namespaces had been asked when the table was read. */
  readonly askedBefore: number;
}

type Shown = Pick<MountsTold, "answer" | "member" | "mounts" | "hidden">;

/** Numbers of mounts are reused, too. */
const placeIn = ({ root, mountPoint }: MountRecord): string => `${root} ${mountPoint}`;

/** The way to the files behind the mounts of one table, opened where one is needed first. Nothing is waited for. */
export class Door implements Disposable {
  readonly #observer: Observer;
  readonly #doorway: Doorway;
  readonly #table: Shown;
  readonly #of: TableOf;
  readonly #isLocal: (mount: SeenMount) => boolean;
  #entered: Outcome<MountView> | undefined;
  #again: Outcome<ReadonlyMap<number, string>> | undefined;
  #hidden: ReadonlyMap<number, string> | undefined;

  constructor(observer: Observer, doorway: Doorway, table: Shown, of: TableOf) {
    this.#observer = observer;
    this.#doorway = doorway;
    this.#table = table;
    this.#of = of;
    this.#isLocal = localMounts(table.mounts);
  }

  /** A snapshot's words for where a mount is. */
  placeOf({ id: mountId, mountPoint, through }: SeenMount): MountPlace {
    const { id } = this.#of;
    return {
      ...(id === undefined ? {} : { mountNamespace: id }),
      path: mountPoint,
      ...(through === undefined ? {} : { through }),
      mountId,
    };
  }

  /** The path of the mount that hides it, as the table tells; undefined: its own path leads to it. */
  hiddenBy({ id }: SeenMount): string | undefined {
    this.#hidden ??= this.#table.hidden();
    return this.#hidden.get(id);
  }

  get askedBefore(): number {
    return this.#of.askedBefore;
  }

  /** Whether the mount is still in the table, which is read again once; where it cannot be, nothing says that it has gone. */
  stillHas(mount: SeenMount): boolean {
    this.#again ??= this.#readAgain(mount);
    return !this.#again.ok || this.#again.value.get(mount.id) === placeIn(mount);
  }
  #readAgain(mount: SeenMount): Outcome<ReadonlyMap<number, string>> {
    // From the same source: another may show other paths.
    const { answer } = this.#table;
    const stated = "value" in answer && answer.value.by === "statmount" ? this.#of.file?.mounts() : undefined;
    const shown = stated?.ok === true ? ok(stated.value.mounts) : this.#shown(mount);
    return shown.ok ? ok(new Map(shown.value.map((seen) => [seen.id, placeIn(seen)]))) : shown;
  }

  #shown(mount: SeenMount): Outcome<readonly MountRecord[]> {
    const view = this.#viewOf(mount);
    return view.ok ? shownBy(view.value) : view;
  }

  open(mount: SeenMount): Outcome<NsFile> {
    const view = this.#viewOf(mount);
    return view.ok ? view.value.open(mount.mountPoint, { local: this.#isLocal(mount) }) : view;
  }

  openPidOfProc(mount: SeenMount, device: bigint): Outcome<NsFile> {
    const view = this.#viewOf(mount);
    return view.ok ? view.value.openPidOfProc(mount.mountPoint, { local: this.#isLocal(mount), device }) : view;
  }

  #viewOf({ through }: SeenMount): Outcome<MountView> {
    const { id, file } = this.#of;
    // These open nothing by themselves, so that there is nothing to end.
    if (through !== undefined) return ok(this.#observer.mountView(through));
    if (id === undefined) return ok(this.#observer.mountView());
    if (this.#table.member !== undefined) return ok(this.#observer.mountView(this.#table.member));
    return (this.#entered ??= file === undefined ? refused("EACCES") : this.#doorway.enter(file));
  }

  [Symbol.dispose](): void {
    if (this.#entered?.ok === true) this.#entered.value[Symbol.dispose]();
  }
}
