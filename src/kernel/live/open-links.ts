import { errnoName } from "../../abi/errnos.ts";
import { namespaceIdsOn, type NamespaceId } from "../../abi/ids.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { kindOfLink, LINKS } from "../../abi/proc-links.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { LinkPlace, NsFile } from "../observer.ts";
import { OwnedFd } from "./fd.ts";
import type { Native, RawOpened } from "./native.ts";
import { type Known, LiveNsFile } from "./ns-file.ts";

/** Opens links of processes, each with all that it tells; the caller ends them. */
export async function openLinks(
  native: Native,
  proc: { readonly raw: number },
  places: readonly LinkPlace[],
): Promise<readonly Outcome<NsFile>[]> {
  const pids = new Int32Array(places.length);
  const links = new Uint8Array(places.length);
  for (let nth = 0; nth < places.length; nth++) {
    const { pid = 0, link = "mnt" } = places[nth] ?? {};
    pids[nth] = pid;
    links[nth] = LINKS.indexOf(link);
  }
  const raw = await native.openLinks(proc.raw, pids, links);
  if (typeof raw === "number") return places.map(() => refused(errnoName(-raw)));
  const ids = new Ids();
  return places.map(({ link }, nth) => {
    const fd = raw.fd[nth] ?? 0;
    if (fd < 0) return refused(errnoName(-fd));
    const id = ids.of(raw.device[nth] ?? 0, raw.inode[nth] ?? 0);
    return ok(new LiveNsFile(new OwnedFd(fd), id, native, new Told(raw, nth, { kind: kindOfLink(link), ids })));
  });
}

/** All lie on few devices: their part of the text is made once. So is the text of one that owns many, asked one after the other. */
class Ids {
  readonly #on = new Map<number, (inode: number) => NamespaceId>();
  #last: { readonly device: number; readonly inode: number; readonly id: NamespaceId } | undefined;

  of(device: number, inode: number): NamespaceId {
    let on = this.#on.get(device);
    if (on === undefined) this.#on.set(device, (on = namespaceIdsOn(BigInt(device))));
    return on(inode);
  }
  owner(device: number, inode: number): NamespaceId {
    if (this.#last?.inode !== inode || this.#last.device !== device) {
      this.#last = { device, inode, id: this.of(device, inode) };
    }
    return this.#last.id;
  }
}

/** What one told: its slot of the columns. */
class Told implements Known {
  readonly kind: NamespaceKind;
  readonly #raw: RawOpened;
  readonly #nth: number;
  readonly #ids: Ids;

  constructor(raw: RawOpened, nth: number, { kind, ids }: { kind: NamespaceKind; ids: Ids }) {
    this.kind = kind;
    this.#raw = raw;
    this.#nth = nth;
    this.#ids = ids;
  }
  get uniqueId(): Outcome<bigint> {
    return this.#answer(this.#raw.uniqueIdErrno, this.#raw.uniqueId[this.#nth] ?? 0n);
  }
  get existsSince(): number {
    return this.#raw.changed[this.#nth] ?? 0;
  }
  get asked(): this {
    return this;
  }
  owner(): Outcome<NamespaceId> {
    const { ownerErrno, ownerDevice, ownerInode } = this.#raw;
    return this.#answer(ownerErrno, this.#ids.owner(ownerDevice[this.#nth] ?? 0, ownerInode[this.#nth] ?? 0));
  }
  /** Of a user namespace it is the owner: the kernel answers both by one function. */
  parent(): Outcome<NamespaceId> {
    if (this.kind === "user") return this.owner();
    const { parentErrno, parentDevice, parentInode } = this.#raw;
    return this.#answer(parentErrno, this.#ids.of(parentDevice[this.#nth] ?? 0, parentInode[this.#nth] ?? 0));
  }
  ownerUid(): Outcome<number> {
    return this.#answer(this.#raw.ownerUidErrno, this.#raw.ownerUid[this.#nth] ?? 0);
  }
  netnsid(): Outcome<number> {
    return this.#answer(this.#raw.netnsidErrno, this.#raw.netnsid[this.#nth] ?? -1);
  }

  #answer<T>(errnos: Uint16Array, value: T): Outcome<T> {
    const errno = errnos[this.#nth] ?? 0;
    return errno === 0 ? ok(value) : refused(errnoName(errno));
  }
}
