import type { TaskName } from "../../kernel/call.ts";
import type { FileTarget, NsKey, World } from "../../kernel/model/world.ts";
import type { Builder } from "./builder.ts";
import type { Descriptors } from "./descriptors.ts";

interface Wanted {
  readonly wanted: ReadonlyMap<TaskName, ReadonlySet<number>>;
  readonly called: (name: TaskName) => TaskName;
  /** The first task's descriptors of namespaces. */
  readonly kept: ReadonlyMap<NsKey, number>;
  readonly fds: Descriptors;
}

/** Opens for the processes of a copy what those that they stand for have open. */
export function copyDescriptors(builder: Builder, world: World, { wanted, called, kept, fds }: Wanted): void {
  const { actor, first } = builder;
  for (const [name, numbers] of wanted) {
    const table = world.tasks.get(name)?.resources?.table;
    const descriptors = table === undefined ? undefined : world.tables.get(table)?.descriptors;
    for (const fd of numbers) {
      const file = descriptors?.get(fd);
      const target = file === undefined ? undefined : world.files.get(file)?.target;
      const there = target === undefined ? undefined : opened(target, called(name));
      if (there !== undefined) fds.note(name, fd, there);
      else if (target !== undefined) builder.note(`fd:${fd} of ${name}`);
    }
  }

  function opened(target: FileTarget, by: TaskName): number | undefined {
    if (target.type === "namespace") {
      const fd = kept.get(target.namespace);
      const passed = fd === undefined ? undefined : actor.call(first, { op: "send", fd, to: by });
      return passed?.ok === true && typeof passed.value === "number" ? passed.value : undefined;
    }
    if (target.type === "pidfd" && !target.thread) {
      const pidfd = actor.call(first, { op: "pidfd_open", of: called(target.task), flags: 0 });
      if (!pidfd.ok || typeof pidfd.value !== "number") return undefined;
      return builder.must(first, { op: "send", fd: pidfd.value, to: by });
    }
    if (target.type !== "other" || target.what !== "null") return undefined;
    return builder.must(by, { op: "open-other", what: "null" });
  }
}
