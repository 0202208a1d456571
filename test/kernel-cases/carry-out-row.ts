import type { NsfsIoctl } from "../../src/abi/ioctls.ts";
import type { Actor } from "../../src/kernel/actor.ts";
import { must, type BuiltWorld } from "../../src/kernel/build-world.ts";
import { namespaceIn, type TaskName } from "../../src/kernel/call.ts";

/** The ioctls that give a descriptor. */
const GIVES_DESCRIPTOR: ReadonlySet<NsfsIoctl> = new Set(["NS_GET_USERNS", "NS_GET_PARENT"]);

/** Asks one row; the outcome is in the words of the drawing: a descriptor by what lies behind it, which is closed again. */
export function carryOutRow(
  actor: Actor,
  { asker, built, request, about }: { asker: TaskName; built: BuiltWorld; request: NsfsIoctl; about: string },
): unknown {
  const outcome = actor.call(asker, { op: "ioctl", fd: built.fds.get(about) ?? -1, request });
  if (!outcome.ok || !GIVES_DESCRIPTOR.has(request)) return outcome.ok ? outcome.value : outcome;
  const fd = Number(outcome.value);
  const flags = (["F_GETFD", "F_GETFL"] as const).map((command) => must(actor, asker, { op: "fcntl", fd, command }));
  const id = identity(actor, asker, fd);
  actor.call(asker, { op: "close", fd });
  const name = [...built.fds].find(([, known]) => identity(actor, asker, known) === id)?.[0];
  return { name, closeOnExec: flags[0] === 1, readOnly: (flags[1] ?? 0) % 4 === 0 };
}

function identity(actor: Actor, asker: TaskName, fd: number): string | undefined {
  const outcome = actor.call(asker, { op: "fstat", fd });
  return outcome.ok ? namespaceIn(outcome.value) : undefined;
}
