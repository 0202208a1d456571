import { CONSTANTS } from "../abi/constants.ts";
import { errnoName, ERRNOS } from "../abi/errnos.ts";
import { KINDS, isKind, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { OwnedFd } from "../kernel/live/fd.ts";
import type { Native } from "../kernel/live/native.ts";
import { LiveNsFile, nsFile } from "../kernel/live/ns-file.ts";
import type { Namespace } from "../library/namespace.ts";
import { fileOf } from "../library/namespaces.ts";
import { openNamedFile } from "../library/open-namespace.ts";
import type { Asking } from "../library/owned-file.ts";
import { refusedCall } from "../library/refused-call.ts";
import type { Held } from "./facts.ts";
import type { Inside, InsideProcess } from "./where.ts";

/** A file of the running kernel, held until it was joined. */
export interface HeldHere extends Held {
  readonly file: LiveNsFile;
}

/** The namespaces to join, one of a kind, all open. Ending it closes them. */
export interface Opened extends Disposable {
  readonly held: ReadonlyMap<NamespaceKind, HeldHere>;
  /** Of the process that was named, and its pid. */
  readonly target: { readonly pid: number; readonly pidfd: OwnedFd } | undefined;
}

const FIRST_OWN = 3;

/** Opens what `Inside` names, without waiting for anything. Each is a descriptor of its own: what was given stays the giver's. */
export function openInside(inside: Inside, native: Native, asking: Asking): Opened {
  const held = new Map<NamespaceKind, HeldHere>();
  let target: Opened["target"];
  const opened: Opened = {
    held,
    get target() {
      return target;
    },
    [Symbol.dispose]: () => {
      for (const { file } of held.values()) file[Symbol.dispose]();
      target?.pidfd[Symbol.dispose]();
    },
  };
  try {
    if (typeof inside === "string") addOne(inside);
    else if (isList(inside)) inside.forEach(addOne);
    else if (fileOf(inside as Namespace) !== undefined) addOne(inside as Namespace);
    else if ("process" in inside) addProcess(inside);
    else addByKind(inside);
    if (held.size === 0) throw new TypeError("no namespace was named");
    return opened;
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }

  function put(kind: NamespaceKind, file: LiveNsFile, from: Held["from"] = "file"): void {
    if (!held.has(kind)) return void held.set(kind, { kind, file, from });
    file[Symbol.dispose]();
    throw new TypeError(`two ${kind} namespaces were named: a process is in one of each kind`);
  }

  function addOne(one: Namespace | string): void {
    const file = openOne(one);
    const kind = file.kind();
    if (kind.ok) return put(kind.value, file);
    file[Symbol.dispose]();
    const subject = String(one);
    throw refusedCall(
      { code: kind.errno, syscall: "ioctl NS_GET_NSTYPE", subject, rule: kind.reason },
      asking.language,
    );
  }

  function addByKind(inside: object): void {
    for (const [kind, one] of Object.entries(inside)) {
      if (!isKind(kind)) throw new TypeError(`${kind} is no kind of namespace`);
      if (one !== undefined) put(kind, openOne(one));
    }
  }

  function openOne(one: unknown): LiveNsFile {
    if (typeof one === "number") return duplicate(one);
    if (typeof one === "string") {
      const file = openNamedFile(one, asking);
      if (file instanceof LiveNsFile) return file;
      file?.[Symbol.dispose]();
      throw new TypeError(`${one} has to be searched for: give what openNamespace opens`);
    }
    const file = typeof one === "object" && one !== null ? fileOf(one as Namespace) : undefined;
    if (file instanceof LiveNsFile) return duplicate(file.fd);
    throw new TypeError("a namespace is one that was opened on this machine, a REF, or a descriptor");
  }

  function duplicate(fd: number): LiveNsFile {
    const raw = native.fcntl(fd, CONSTANTS.F_DUPFD_CLOEXEC, FIRST_OWN);
    const file = raw < 0 ? ({ ok: false, errno: errnoName(-raw) } as const) : nsFile(new OwnedFd(raw), native);
    if (file.ok) return file.value;
    throw refusedCall({ code: file.errno, syscall: "fcntl F_DUPFD_CLOEXEC", subject: `fd ${fd}` }, asking.language);
  }

  function addProcess({ process: pid, kinds }: InsideProcess): void {
    const { observer, language } = asking;
    const gone = (code: keyof typeof ERRNOS): Error =>
      refusedCall({ code, syscall: "pidfd_open", subject: String(pid), ...noSuch(code) }, language);
    const raw = native.pidfdOpen(pid, 0);
    if (raw < 0) throw gone(errnoName(-raw));
    target = { pid, pidfd: new OwnedFd(raw) };
    for (const kind of kinds ?? KINDS) {
      const path = `${observer.procRoot}/${pid}/ns/${kind}`;
      const own = observer.look(`${observer.procRoot}/self/ns/${kind}`);
      // A kind that this kernel does not have.
      if (kinds === undefined && !own.ok) continue;
      const file = observer.open(path);
      if (!file.ok) {
        throw native.pidfdProbe(raw) === -ERRNOS.ESRCH
          ? gone("ESRCH")
          : refusedCall({ code: file.errno, syscall: "openat", subject: path, rule: file.reason }, language);
      }
      if (!(file.value instanceof LiveNsFile)) throw new TypeError("not this machine's kernel");
      // To join where one is already takes privileges, and for a user namespace nobody has them.
      if (kinds === undefined && own.ok && own.value.id === file.value.id) file.value[Symbol.dispose]();
      else put(kind, file.value, "target");
    }
    // What was read under its number was its own only if it was there all the time.
    if (native.pidfdProbe(raw) === -ERRNOS.ESRCH) throw gone("ESRCH");
  }
}

const isList = (inside: Inside): inside is readonly (Namespace | string)[] => Array.isArray(inside);
const noSuch = (code: string) => (code === "ESRCH" ? ({ rule: "no-such-process" } as const) : {});
