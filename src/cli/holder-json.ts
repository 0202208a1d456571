import type { Holder } from "../snapshot/holders.ts";
import type { MountPlace, ProcessRecord } from "../snapshot/types.ts";

const processFields = ({ pid, startTime, comm }: ProcessRecord): object => ({ pid, startTime, comm });

const placeFields = ({ mountId, mountNamespace, path, through }: MountPlace): object => ({
  mountId,
  mountNamespace,
  path,
  through,
});

/** A holder as our JSON has it: its kind, and what tells it from others. */
export function holderFields(holder: Holder): object {
  switch (holder.kind) {
    case "process": {
      return { kind: holder.kind, ...processFields(holder.process) };
    }
    case "thread":
    case "for-children":
      return { kind: holder.kind, ...processFields(holder.process), tid: holder.thread?.tid };
    case "descriptor":
    case "socket":
    case "pidfd": {
      const { pid: _pid, what: _what, namespace: _namespace, ...rest } = holder.descriptor;
      return { kind: holder.kind, ...processFields(holder.process), ...rest };
    }
    case "bind-mount":
      return { kind: holder.kind, ...placeFields(holder.pin) };
    case "mount":
      return { kind: holder.kind, fileSystem: holder.mount.fileSystem, ...placeFields(holder.mount) };
    default:
      return { kind: holder.kind, namespace: holder.namespace.id };
  }
}
