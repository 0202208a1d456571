import type { NamespaceId } from "../../abi/ids.ts";
import { KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { OwnedFd } from "../../kernel/live/fd.ts";
import { LiveNsFile, nsFile } from "../../kernel/live/ns-file.ts";
import type { Native } from "../../kernel/live/native.ts";
import type { NsFile } from "../../kernel/ns-file.ts";
import { errnoName } from "../../abi/errnos.ts";
import { openNsFile } from "../../library/open-namespace.ts";
import type { Asking } from "../../library/owned-file.ts";
import { refusedCall } from "../../library/refused-call.ts";
import { ENTER_USAGE } from "../../messages/enter.ts";
import { ownUsage } from "./own-usage.ts";
import type { Pinned } from "./pin-target.ts";
import type { KindSource } from "./readers.ts";

/** The options' names for kinds, which are those of nsenter. */
export const KIND_OPTIONS = {
  cgroup: "cgroup",
  ipc: "ipc",
  mnt: "mount",
  net: "net",
  pid: "pid",
  time: "time",
  user: "user",
  uts: "uts",
} as const satisfies Record<NamespaceKind, string>;

/** What is asked for, kind by kind, and by REF. */
export interface Wanted {
  readonly kinds: Readonly<Record<NamespaceKind, KindSource | undefined>>;
  readonly all: boolean;
  readonly refs: readonly string[];
  readonly userParent: boolean;
  readonly netSocket: number | undefined;
}

interface Named {
  readonly namespaces: Wanted;
  /** One that is open already. */
  readonly also?: { readonly kind: NamespaceKind; readonly file: NsFile };
}

/** A namespace that is held open until it is joined. */
export interface Opened {
  readonly kind: NamespaceKind;
  readonly file: NsFile;
  /** `target`: the target process is in it, and its pidfd leads there too. */
  readonly from: "target" | "file";
}
/** The descriptor of a file of the running kernel, on loan. */
export const fdOf = (file: NsFile): number | undefined => (file instanceof LiveNsFile ? file.fd : undefined);

/**
 * Opens every namespace that is asked for, each looked at before it is opened, so that a FIFO in its place keeps nobody
 * waiting, and each of the kind that is meant. One of a kind. What was opened is the caller's to end.
 */
export async function openNamespaces(
  { namespaces: wanted, also }: Named,
  target: Pinned | undefined,
  asking: Asking,
  native: Native,
): Promise<ReadonlyMap<NamespaceKind, Opened>> {
  const { language, observer } = asking;
  const opened = new Map<NamespaceKind, Opened>();
  try {
    if (also !== undefined) put({ ...also, from: "file" });
    for (const ref of wanted.refs) {
      const { kind, file } = await openNsFile(ref, asking);
      put({ kind, file, from: "file" });
    }
    for (const kind of KINDS) {
      const source = wanted.kinds[kind];
      if (source === undefined) continue;
      if (source.from === "target")
        put({ kind, file: await ofTarget(kind, `--${KIND_OPTIONS[kind]}`), from: "target" });
      else put({ kind, file: (await openNsFile(refText(kind, source), asking, kind)).file, from: "file" });
    }
    if (wanted.netSocket !== undefined) put({ kind: "net", file: ofSocket(wanted.netSocket), from: "file" });
    if (wanted.all) for (const kind of KINDS) await fillUp(kind);
    if (wanted.userParent) await goUp();
    return opened;
  } catch (error) {
    for (const { file } of opened.values()) file[Symbol.dispose]();
    throw error;
  }

  function put(one: Opened): void {
    if (opened.has(one.kind)) {
      one.file[Symbol.dispose]();
      throw ownUsage(ENTER_USAGE["kind-twice"][language]({ kind: one.kind }), language);
    }
    opened.set(one.kind, one);
  }

  async function ofTarget(kind: NamespaceKind, option: string): Promise<NsFile> {
    if (target === undefined) throw ownUsage(ENTER_USAGE["no-target"][language]({ option }), language);
    return (await openNsFile(`${target.pid}/${kind}`, asking, kind)).file;
  }

  /** What --all adds: kinds that this kernel has; the user namespace only where it is not ours, which nobody may join again. */
  async function fillUp(kind: NamespaceKind): Promise<void> {
    const own = opened.has(kind) ? undefined : observer.look(`${observer.procRoot}/self/ns/${kind}`);
    if (own?.ok !== true) return;
    const file = await ofTarget(kind, "--all");
    if (kind === "user" && file.id === own.value.id) file[Symbol.dispose]();
    else put({ kind, file, from: "target" });
  }

  function ofSocket(fd: number): NsFile {
    if (target === undefined) throw ownUsage(ENTER_USAGE["no-target"][language]({ option: "--net-socket" }), language);
    const subject = `fd ${fd} of process ${target.pid}`;
    const raw = target.pidfd === undefined ? undefined : native.openSocketNamespace(target.pidfd.raw, fd);
    if (raw === undefined) throw refusedCall({ code: "ENOSYS", syscall: "pidfd_getfd", subject }, language);
    if (raw < 0) throw refusedCall({ code: errnoName(-raw), syscall: "ioctl SIOCGSKNS", subject }, language);
    const file = nsFile(new OwnedFd(raw), native);
    if (file.ok) return file.value;
    throw refusedCall({ code: file.errno, syscall: "ioctl SIOCGSKNS", subject }, language);
  }

  /** The owner of the user namespace that was chosen, of the target's where none was, takes its place. */
  async function goUp(): Promise<void> {
    const chosen = opened.get("user");
    using below = chosen?.file ?? (await ofTarget("user", "--user-parent"));
    opened.delete("user");
    const above = below.openOwner();
    if (above.ok) return put({ kind: "user", file: above.value, from: "file" });
    const subject = `user:[${inode(below.id)}]`;
    const { errno: code, reason: rule } = above;
    throw refusedCall({ code, syscall: "ioctl NS_GET_USERNS", subject, rule: rule ?? "owner-outside-view" }, language);
  }
}

const inode = (id: NamespaceId): string => id.slice(id.indexOf("/") + 1);

/** A file's path stays one, whatever it begins with. */
function refText(kind: NamespaceKind, source: Exclude<KindSource, { from: "target" }>): string {
  if (source.from === "id") return `${kind}:id:${source.id}`;
  return `${kind}:${/^\.{0,2}\//.test(source.path) ? source.path : `./${source.path}`}`;
}
