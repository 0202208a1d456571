import { readlinkSync } from "node:fs";
import { errnoName } from "../../abi/errnos.ts";
import type { NamespaceId } from "../../abi/ids.ts";
import { NSFS_IOCTLS, requestNumber, type NsfsIoctl } from "../../abi/ioctls.ts";
import { KIND_BY_FLAG, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { parseLink } from "../../procfs/link.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { NsFile } from "../observer.ts";
import { OwnedFd } from "./fd.ts";
import { identify } from "./identify.ts";
import type { Native } from "./native.ts";

/** The least buffer the addon takes, whatever the request announces. */
const ANSWER_BYTES = 8;

/** An open namespace file of the running kernel. Without the native half no ioctl can be made: each is ENOSYS. */
export class LiveNsFile implements NsFile {
  readonly id: NamespaceId;
  readonly #fd: OwnedFd;
  readonly #native: Native | undefined;

  constructor(fd: OwnedFd, id: NamespaceId, native: Native | undefined) {
    this.#fd = fd;
    this.id = id;
    this.#native = native;
  }

  kind(): Outcome<NamespaceKind> {
    const flag = this.#ask("NS_GET_NSTYPE");
    const kind = flag.ok ? KIND_BY_FLAG.get(flag.value) : undefined;
    if (kind !== undefined) return ok(kind);
    // Before Linux 4.11, and without the native half, the text of the link says it.
    const text = parseLink(readlinkSync(`/proc/self/fd/${this.#fd.raw}`));
    if (text.ok && text.value.kind !== undefined) return ok(text.value.kind);
    return flag.ok ? refused("EINVAL", "kind-unknown-to-nsatlas") : flag;
  }
  openOwner(): Outcome<NsFile> {
    return this.#opened(this.#ask("NS_GET_USERNS"));
  }
  openParent(): Outcome<NsFile> {
    return this.#opened(this.#ask("NS_GET_PARENT"));
  }
  ownerUid(): Outcome<number> {
    const answer = new Uint8Array(ANSWER_BYTES);
    const done = this.#ask("NS_GET_OWNER_UID", answer);
    return done.ok ? ok(new DataView(answer.buffer).getUint32(0, true)) : done;
  }
  uniqueId(): Outcome<bigint> {
    const answer = new Uint8Array(ANSWER_BYTES);
    const done = this.#ask("NS_GET_ID", answer);
    return done.ok ? ok(new DataView(answer.buffer).getBigUint64(0, true)) : done;
  }
  /** The descriptor, on loan. */
  get fd(): number {
    return this.#fd.raw;
  }
  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }

  /** A call that writes takes a buffer; one that gives a descriptor or a number takes none. */
  #ask(request: NsfsIoctl, answer?: Uint8Array): Outcome<number> {
    if (this.#native === undefined) return refused("ENOSYS", "no-native-half");
    const number = requestNumber(NSFS_IOCTLS[request]);
    const fd = this.#fd.raw;
    const result =
      answer === undefined ? this.#native.ioctlValue(fd, number, 0) : this.#native.ioctl(fd, number, answer);
    return result < 0 ? refused(errnoName(-result)) : ok(result);
  }
  #opened(answer: Outcome<number>): Outcome<NsFile> {
    if (!answer.ok) return answer;
    const fd = new OwnedFd(answer.value);
    return ok(new LiveNsFile(fd, identify(fd, this.#native).id, this.#native));
  }
}
