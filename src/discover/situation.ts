import type { ErrnoName } from "../abi/errnos.ts";
import type { FileLook, Observer } from "../kernel/observer.ts";
import type { Situation } from "../messages/hints.ts";
import type { Ref } from "../refs/ref.ts";

interface Refused {
  readonly ref: Ref;
  readonly path: string;
  readonly errno: ErrnoName;
  /** What the file is, where it is there and no namespace. */
  readonly type: FileLook["type"] | undefined;
}
interface Situated {
  readonly errno: ErrnoName;
  readonly situation: Situation;
  readonly type?: FileLook["type"];
}

/** What was going on when a namespace file could not be opened: the same errno means one thing or another by it. */
export function situationOf({ ref, path, errno, type }: Refused, observer: Observer): Situated {
  const typed = type === undefined ? {} : { type };
  if (ref.form === "fd") {
    const missing = errno === "ENOENT" ? absent(observer) : undefined;
    if (missing !== undefined) return { errno, situation: missing };
    if (errno === "ENOENT") return { errno: "EBADF", situation: "inherited-fd" };
    // Node opens event polls and event descriptors, which no parent hands down.
    return type === "other" ? { errno: "EBADF", situation: "node-fd" } : { errno, situation: "inherited-fd", ...typed };
  }
  const process = processFolder(path, observer.procRoot);
  if (process !== undefined) return { errno, situation: linkSituation(process, path, errno, observer), ...typed };
  return { errno, situation: ref.form === "name" ? "netns-name" : "namespace-file", ...typed };
}

function linkSituation(process: string, path: string, errno: ErrnoName, observer: Observer): Situation {
  if (errno === "EACCES") return observer.who().uid.effective === 0 ? "process-link-as-root" : "process-link";
  if (errno !== "ENOENT") return "namespace-file";
  if (!observer.look(process).ok) return absent(observer) ?? "dead-process";
  return path.endsWith("_for_children") ? "no-child-yet" : "missing-link";
}

/** Whether it is all of /proc that is missing, or only its view of us. */
function absent(observer: Observer): Situation | undefined {
  const { procRoot } = observer;
  if (observer.look(`${procRoot}/self`).ok) return undefined;
  const names = observer.names(procRoot);
  // An empty folder is what is left where /proc is not mounted.
  return names.ok && names.value.length > 0 ? "proc-of-another-pid-namespace" : "proc";
}

/** `/proc/42` of `/proc/42/ns/net`, `/proc/42/task/43` of `/proc/42/task/43/ns/net`; undefined for other paths. */
function processFolder(path: string, procRoot: string): string | undefined {
  if (!path.startsWith(`${procRoot}/`)) return undefined;
  const inside = /^\/(?:\d+(?:\/task\/\d+)?|self(?:\/task\/\d+)?|thread-self)(?=\/ns\/[^/]+$)/.exec(
    path.slice(procRoot.length),
  );
  return inside === null ? undefined : procRoot + inside[0];
}
