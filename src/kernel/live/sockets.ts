import { readFileSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName, ERRNOS } from "../../abi/errnos.ts";
import { namespaceId } from "../../abi/ids.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { AnySocket, SocketAnswer, SocketPlace, TaskNumber } from "../hanging.ts";
import type { NsFile } from "../observer.ts";
import { OwnedFd } from "./fd.ts";
import { SOCKET_SLOTS, type Native } from "./native.ts";
import { nsFile } from "./ns-file.ts";
import { outcomeOf } from "./outcome-of.ts";
import { openFd, READ } from "./open-fd.ts";

/**
 * The network namespaces that other processes' sockets were made in. A socket is ours as well between pidfd_getfd and
 * close, some microseconds: where its process closes it just then, its end is ours to bring about.
 *
 * Its inode number tells that it is the very socket that was seen. So it makes no difference here whether the process is.
 */
export class Sockets {
  readonly #native: Native;
  readonly #procRoot: string;
  readonly #slots = new BigUint64Array(SOCKET_SLOTS.count);
  #own: OwnNetwork | undefined;

  constructor(native: Native, procRoot: string) {
    this.#native = native;
    this.#procRoot = procRoot;
  }

  ask(task: TaskNumber, sockets: readonly SocketPlace[]): readonly Outcome<SocketAnswer>[] {
    const opened = this.#openTask(task);
    if (!opened.ok) return sockets.map(() => opened);
    using pidfd = opened.value;
    return sockets.map((socket) => this.#ask(task, pidfd, socket));
  }

  open(task: TaskNumber, socket: AnySocket): Outcome<NsFile> {
    const opened = this.#openTask(task);
    if (!opened.ok) return opened;
    using pidfd = opened.value;
    const asked = this.#ask(task, pidfd, socket);
    if (!asked.ok) return asked;
    const raw = this.#native.openSocketNamespace(pidfd.raw, socket.fd);
    if (raw < 0) return refused(errnoName(-raw));
    const file = nsFile(new OwnedFd(raw), this.#native);
    // Another socket may be open there since.
    if (!file.ok || file.value.id === asked.value.namespace) return file;
    file.value[Symbol.dispose]();
    return refused("EBADF", "bad-descriptor");
  }

  #openTask({ pid, tid }: TaskNumber): Outcome<OwnedFd> {
    const raw = this.#native.pidfdOpen(tid ?? pid, tid === undefined ? 0 : CONSTANTS.PIDFD_THREAD);
    return raw < 0 ? refused(errnoName(-raw)) : ok(new OwnedFd(raw));
  }

  #ask(task: TaskNumber, pidfd: OwnedFd, { fd, inode }: AnySocket): Outcome<SocketAnswer> {
    const result = this.#native.askSocket(pidfd.raw, fd, this.#slots);
    if (result < 0 && result !== -ERRNOS.ENOTSOCK) return refused(errnoName(-result));
    const slot = (name: keyof typeof SOCKET_SLOTS): bigint => this.#slots[SOCKET_SLOTS[name]] ?? 0n;
    // Closed since it was seen, and something else opened at its number.
    if (result < 0 || (inode !== undefined && slot("inode") !== BigInt(inode)))
      return refused("EBADF", "bad-descriptor");
    const inFlight = slot("waiting") === 0n ? 0 : this.#inFlight(task, fd);
    const asked = Number(slot("asked"));
    if (asked === 0) return ok({ namespace: namespaceId(slot("device"), slot("namespace")), inFlight });
    if (asked !== ERRNOS.EPERM) return refused(errnoName(asked));
    const namespace = this.#byCookie(slot("cookie"));
    return namespace === undefined ? refused("EPERM", "no-admin-over-network") : ok({ namespace, inFlight });
  }

  /** Who has no power over a network namespace is still told a number for it. */
  #byCookie(cookie: bigint): SocketAnswer["namespace"] | undefined {
    this.#own ??= ownNetwork(this.#native, this.#procRoot);
    if (cookie === 0n) return undefined;
    if (cookie === this.#own.cookie) return this.#own.id;
    return this.#own.cookiesAreIds ? { uniqueId: cookie } : undefined;
  }

  /** Of UNIX sockets, where the kernel counts them: since Linux 5.7. Source: net/unix/af_unix.c unix_show_fdinfo. */
  #inFlight({ pid, tid }: TaskNumber, fd: number): number {
    const folder = `${this.#procRoot}/${pid}${tid === undefined ? "" : `/task/${tid}`}`;
    const text = outcomeOf(() => readFileSync(`${folder}/fdinfo/${fd}`, "latin1"));
    return text.ok ? Number(/^scm_fds: (\d+)$/m.exec(text.value)?.[1] ?? 0) : 0;
  }
}

/** What tells the observer's own network namespace, and whether cookies are NS_GET_ID's numbers, as since Linux 6.18. */
interface OwnNetwork {
  readonly cookie: bigint | undefined;
  readonly id: SocketAnswer["namespace"] | undefined;
  readonly cookiesAreIds: boolean;
}

function ownNetwork(native: Native, procRoot: string): OwnNetwork {
  const slot = new BigUint64Array(1);
  const cookie = native.ownNetnsCookie(slot) < 0 ? undefined : slot[0];
  const opened = openFd(`${procRoot}/self/ns/net`, READ);
  const file = opened.ok ? nsFile(opened.value, native) : opened;
  if (!file.ok) return { cookie, id: undefined, cookiesAreIds: false };
  using own = file.value;
  const unique = own.uniqueId();
  return { cookie, id: own.id, cookiesAreIds: unique.ok && unique.value === cookie };
}
