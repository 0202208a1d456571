import type { TaskName } from "../../kernel/call.ts";
import type { NsKey } from "../../kernel/model/world.ts";
import type { FileHandle } from "../../rules/file-handle.ts";
import type { Answered } from "../carry-out.ts";
import { seenOr } from "../seen/evidence.ts";
import type { Situation } from "../situation.ts";

/** What of a situation the calls speak of. */
export interface Needs {
  readonly tasks: ReadonlySet<TaskName>;
  readonly namespaces: ReadonlySet<NsKey>;
  /** Descriptors that were open before, by process. */
  readonly descriptors: ReadonlyMap<TaskName, ReadonlySet<number>>;
}

export function needsOf({ world, names }: Situation, answers: readonly Answered[], behind: Behind): Needs {
  const tasks = new Set<TaskName>();
  const namespaces = new Set<NsKey>();
  const descriptors = new Map<TaskName, Set<number>>();
  const needTask = (name: TaskName): void => void (world.tasks.has(name) && tasks.add(name));
  const needNamespace = (key: NsKey | undefined): void =>
    void (key !== undefined && world.namespaces.has(key) && namespaces.add(key));
  for (const { by, call, on } of answers) {
    needTask(by);
    if (on?.is === "link") needTask(on.of);
    if (on?.is === "namespace") needNamespace(names.key(on.name));
    if (call === undefined) continue;
    if ("of" in call && typeof call.of === "string") needTask(call.of);
    if ("to" in call) needTask(call.to);
    if ("child" in call) needTask(call.child);
    if (call.op === "ioctl" && typeof call.argument === "object") {
      needTask(call.argument.numberOf);
      needTask(call.argument.seenBy);
    }
    if (call.op === "open_by_handle_at") needNamespace(behind(call.handle));
    if ("fd" in call && on === undefined) needDescriptor(call.op === "reopen" ? call.of : by, call.fd);
    if (call.op === "open_by_handle_at" && typeof call.mount === "number") needDescriptor(by, call.mount);
  }
  return { tasks, namespaces, descriptors };

  function needDescriptor(name: TaskName, fd: number): void {
    const known = descriptors.get(name);
    if (known === undefined) descriptors.set(name, new Set([fd]));
    else known.add(fd);
    const table = world.tasks.get(name)?.resources?.table;
    const file = table === undefined ? undefined : world.tables.get(table)?.descriptors.get(fd);
    const target = file === undefined ? undefined : world.files.get(file)?.target;
    if (target?.type === "namespace") needNamespace(target.namespace);
    if (target?.type === "pidfd") needTask(target.task);
  }
}

type Behind = (handle: FileHandle) => NsKey | undefined;

/** The namespace that a handle names: those there were, and those that calls made. */
export function handlesOf({ world }: Situation, answers: readonly Answered[]): Behind {
  let byId: Map<bigint, NsKey> | undefined;
  return ({ id }) => {
    if (byId === undefined) {
      byId = new Map();
      for (const namespace of world.namespaces.values()) {
        const known = seenOr(() => namespace.uniqueId);
        if (known !== undefined) byId.set(known, namespace.key);
      }
      for (const { changes } of answers) for (const { uniqueId, key } of changes.appeared) byId.set(uniqueId, key);
    }
    return byId.get(id);
  };
}
