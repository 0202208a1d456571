import { fstatSync, readlinkSync } from "node:fs";
import { errnoName } from "../../abi/errnos.ts";
import type { NamespaceId } from "../../abi/ids.ts";
import { NSFS_IOCTLS, requestNumber } from "../../abi/ioctls.ts";
import { KIND_BY_FLAG, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { parseLink } from "../../procfs/link.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { RelationIoctl } from "../call.ts";
import type { StatedMounts } from "../ns-file.ts";
import type { NsFile, PidTranslation } from "../observer.ts";
import { OwnedFd } from "./fd.ts";
import { identify } from "./identify.ts";
import type { Native } from "./native.ts";
import { nsfsIoctl, type NumberOf } from "./nsfs-ioctl.ts";
import { outcomeOf } from "./outcome-of.ts";
import { MNT_INFO_BYTES, mountCountOf, mountsOf } from "./statmount.ts";

/** What the list of namespaces, and the first look at the file, told already. */
export interface Known {
  readonly kind: NamespaceKind;
  readonly uniqueId: Outcome<bigint>;
  readonly existsSince: number;
  /** Where it was asked with many others. */
  readonly asked?: {
    owner(): Outcome<NamespaceId>;
    parent(): Outcome<NamespaceId>;
    ownerUid(): Outcome<number>;
    netnsid(): Outcome<number>;
  };
}

/** An open namespace file of the running kernel. Without the native half no ioctl can be made: each is ENOSYS. */
export class LiveNsFile implements NsFile {
  readonly id: NamespaceId;
  readonly #fd: OwnedFd;
  readonly #native: Native | undefined;
  readonly #known: Known | undefined;
  /** Whose end it waits for: the owner's, and that of each `hold`. */
  #holds = 1;
  #isEnded = false;

  constructor(fd: OwnedFd, id: NamespaceId, native: Native | undefined, known?: Known) {
    this.#fd = fd;
    this.id = id;
    this.#native = native;
    this.#known = known;
  }

  kind(): Outcome<NamespaceKind> {
    if (this.#known !== undefined) return ok(this.#known.kind);
    const flag = this.#ask("NS_GET_NSTYPE");
    const kind = flag.ok ? KIND_BY_FLAG.get(flag.value) : undefined;
    if (kind !== undefined) return ok(kind);
    // Before Linux 4.11, and without the native half, the text of the link says it.
    const text = outcomeOf(() => readlinkSync(`/proc/self/fd/${this.#fd.raw}`));
    const link = text.ok ? parseLink(text.value) : undefined;
    if (link?.ok === true && link.value.kind !== undefined) return ok(link.value.kind);
    return flag.ok ? refused("EINVAL", "kind-unknown-to-nsatlas") : flag;
  }
  openOwner(): Outcome<NsFile> {
    return this.#opened(this.#ask("NS_GET_USERNS"));
  }
  openParent(): Outcome<NsFile> {
    return this.#opened(this.#ask("NS_GET_PARENT"));
  }
  told(above: "owner" | "parent"): Outcome<NamespaceId> | undefined {
    return this.#known?.asked?.[above]();
  }
  ownerUid(): Outcome<number> {
    const asked = this.#known?.asked;
    if (asked !== undefined) return asked.ownerUid();
    return this.#ask("NS_GET_OWNER_UID");
  }
  uniqueId(): Outcome<bigint> {
    return this.#known === undefined ? this.#ask("NS_GET_ID") : this.#known.uniqueId;
  }
  netnsid(): Outcome<number> {
    const asked = this.#known?.asked;
    if (asked !== undefined) return asked.netnsid();
    if (this.#native === undefined) return refused("ENOSYS", "no-native-half");
    const slot = new Int32Array(1);
    const result = this.#native.netnsid(this.#fd.raw, slot);
    return result < 0 ? refused(errnoName(-result)) : ok(slot[0] ?? -1);
  }
  translatePid(request: PidTranslation, number: number): Outcome<number> {
    if (this.#native === undefined) return refused("ENOSYS", "no-native-half");
    return nsfsIoctl(this.#native, this.#fd.raw, request, number);
  }
  mounts(): Outcome<StatedMounts> {
    return this.#native === undefined ? refused("ENOSYS", "no-native-half") : mountsOf(this.#native, this.#fd.raw);
  }
  mountCount(): Outcome<number> {
    return this.#native === undefined ? refused("ENOSYS", "no-native-half") : mountCountOf(this.#native, this.#fd.raw);
  }
  openNextMount(step: "next" | "previous"): Outcome<NsFile> {
    if (this.#native === undefined) return refused("ENOSYS", "no-native-half");
    const request = step === "next" ? "NS_MNT_GET_NEXT" : "NS_MNT_GET_PREV";
    const raw = this.#native.ioctl(this.#fd.raw, requestNumber(NSFS_IOCTLS[request]), new Uint8Array(MNT_INFO_BYTES));
    return this.#opened(raw < 0 ? refused(errnoName(-raw)) : ok(raw));
  }
  existsSince(): number | undefined {
    if (this.#known !== undefined) return this.#known.existsSince;
    const stat = outcomeOf(() => fstatSync(this.#fd.raw));
    return stat.ok ? stat.value.ctimeMs : undefined;
  }
  /** The descriptor, on loan. */
  get fd(): number {
    return this.#fd.raw;
  }
  /** The descriptor is closed by whoever lets it go last. */
  hold(): Disposable {
    this.#holds++;
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#letGo();
        isHeld = false;
      },
    };
  }
  [Symbol.dispose](): void {
    if (!this.#isEnded) this.#letGo();
    this.#isEnded = true;
  }

  #letGo(): void {
    if (--this.#holds > 0) return;
    // Node's own way takes ten times as long.
    if (this.#native === undefined) this.#fd[Symbol.dispose]();
    else this.#native.close(this.#fd.release());
  }
  #ask<R extends RelationIoctl>(request: R): Outcome<NumberOf<R>> {
    if (this.#native === undefined) return refused("ENOSYS", "no-native-half");
    return nsfsIoctl(this.#native, this.#fd.raw, request);
  }
  #opened(answer: Outcome<number>): Outcome<NsFile> {
    return answer.ok ? nsFile(new OwnedFd(answer.value), this.#native) : answer;
  }
}

/** Takes over the descriptor of a namespace file; closes it where it cannot be looked at. */
export function nsFile(fd: OwnedFd, native: Native | undefined): Outcome<LiveNsFile> {
  const look = identify(fd, native);
  if (look.ok) return ok(new LiveNsFile(fd, look.value.id, native));
  fd[Symbol.dispose]();
  return look;
}
