import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { kindWanted, pathOfRef } from "../discover/resolve-ref.ts";
import type { NsFile } from "../kernel/observer.ts";
import type { Language } from "../messages/sentence.ts";
import { parseRef, type Ref } from "../refs/ref.ts";
import { brokenName, otherKind } from "./name-error.ts";
import type { Namespace } from "./namespace.ts";
import { namespaceFrom } from "./namespaces.ts";
import { OwnedFile, type Asking } from "./owned-file.ts";
import type { RefKind } from "./ref-kind.ts";
import { refusedCall } from "./refused-call.ts";
import { refusedOpen } from "./refused-open.ts";
import { observerAt, type Where } from "./this-machine.ts";

/** How to open a namespace. */
export type OpenOptions<K extends NamespaceKind = NamespaceKind> = Where & {
  /** The kind it has to be of, where the REF does not say it; the type of what is opened follows. */
  readonly kind?: K;
  /** The language of errors; English where it is not given. */
  readonly language?: Language;
};

/**
 * Opens a namespace by its REF: a path (`/run/netns/blue`), `net:/run/netns/blue`, `net:[4026531833]`,
 * `net:[0:4/4026531833]`, `net:id:4711`, `42/net`, `42/43/net`, `self/pid_for_children`, `net:blue`, `fd:7`, or an inode.
 * What it gives holds the namespace open, and whoever called ends it:
 *
 *     using ns = await openNamespace("net:/run/netns/blue");
 *
 * The file behind a path is looked at before it is opened, so that a FIFO never blocks and a device notices nothing. An
 * inode or an id is looked for among all namespaces that can be seen.
 *
 * - SyscallError: the file cannot be opened. ENOENT: there is no such file or process. EACCES: the process is not the
 *   caller's to look into. ENOTTY: it is no namespace. EBADF: the descriptor is not open. ESRCH: the process just ended.
 * - NameError: the REF has no known form (`rule` says which it breaks), names nothing that can be seen ("not-seen"), a
 *   namespace of another kind ("other-kind"), or several ("ambiguous", with `candidates`).
 * - UnsupportedError: this is no Linux, and no other kernel was given.
 */
export function openNamespace<const R extends string, K extends NamespaceKind = RefKind<R>>(
  ref: R,
  options?: OpenOptions<K>,
): Promise<Namespace<K>>;
export async function openNamespace(ref: string, options: OpenOptions = {}): Promise<Namespace> {
  if (typeof ref !== "string") throw new TypeError("a REF is a string");
  const { language = "en" } = options;
  const asking = { observer: observerAt(options, language), language };
  const { kind, file, path } = await openNsFile(ref, asking, options.kind);
  return namespaceFrom(new OwnedFile(kind, file, asking, path));
}

/** A namespace's file, opened and of the kind that was asked for; the caller ends it. */
export interface OpenedRef {
  readonly kind: NamespaceKind;
  readonly file: NsFile;
  /** Where it was a file that was named. */
  readonly path: string | undefined;
}

/** What a REF leads to. Throws as `openNamespace` does. */
export async function openNsFile(text: string, asking: Asking, kind?: NamespaceKind): Promise<OpenedRef> {
  const parsed = parseRef(text);
  if (!parsed.ok) throw brokenName(text, parsed, asking.language);
  const path = pathOfRef(parsed.value, asking.observer.procRoot);
  const file = await openFile(text, parsed.value, path, asking);
  return ofKind(kind ?? kindWanted(parsed.value), { text, file, path }, asking);
}

/** What a REF leads to that names a file, at once; undefined: it has to be searched for. Of whatever kind the file is. */
export function openNamedFile(text: string, asking: Asking): NsFile | undefined {
  const parsed = parseRef(text);
  if (!parsed.ok) throw brokenName(text, parsed, asking.language);
  const path = pathOfRef(parsed.value, asking.observer.procRoot);
  return path === undefined ? undefined : openPath(parsed.value, path, asking);
}

async function openFile(text: string, ref: Ref, path: string | undefined, asking: Asking): Promise<NsFile> {
  if (ref.form === "inode" || ref.form === "id" || ref.form === "unique-id") {
    // A look at the whole machine takes much that one who names a file does not need.
    const { openSeen } = await import("./open-seen.ts");
    return await openSeen(text, ref, asking);
  }
  if (path === undefined) throw new TypeError(`a REF that is no file and no number: ${ref.form}`);
  return openPath(ref, path, asking);
}

function openPath(ref: Ref, path: string, asking: Asking): NsFile {
  const opened = asking.observer.open(path);
  if (!opened.ok) throw refusedOpen(ref, path, opened, asking);
  return opened.value;
}

interface Opened {
  readonly text: string;
  readonly file: NsFile;
  readonly path: string | undefined;
}

/** Gives the file on where it is of the kind that was asked for, else closes it. */
function ofKind(wanted: NamespaceKind | undefined, { text, file, path }: Opened, asking: Asking): OpenedRef {
  const kind = file.kind();
  if (kind.ok && (wanted === undefined || wanted === kind.value)) return { kind: kind.value, file, path };
  using closed = file;
  if (kind.ok) throw otherKind(text, [{ kind: kind.value, id: closed.id }], wanted ?? kind.value, asking.language);
  const { errno: code, reason: rule } = kind;
  throw refusedCall({ code, syscall: "ioctl NS_GET_NSTYPE", subject: path ?? text, rule }, asking.language);
}
