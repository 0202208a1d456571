import { HOLDER_KINDS } from "../snapshot/holding.ts";

export const whole = (description: string): object => ({ description, type: "integer", minimum: 1 });

/** A holder of a namespace: what `holderFields` gives. `NamespaceId` has to be among the definitions of the schema around. */
export const HOLDER_SCHEMA = {
  type: "object",
  required: ["kind"],
  properties: {
    kind: {
      enum: HOLDER_KINDS,
    },
    pid: whole("Of the process that it is or belongs to."),
    startTime: { description: "Of that process, in clock ticks after boot.", type: "integer" },
    comm: { description: "Of that process.", type: "string" },
    tid: whole("Of a thread: the holder itself, or whose descriptor it is."),
    fd: { description: "Of a descriptor, socket or pidfd.", type: "integer", minimum: 0 },
    closeOnExec: { description: "Whether execve(2) closes it; absent where not read.", type: "boolean" },
    target: { description: "Of a pidfd: the process or thread." },
    inFlight: whole("Descriptors that were sent to a socket and not received yet."),
    fileSystem: { description: "What is mounted: proc or mqueue.", enum: ["proc", "mqueue"] },
    mountId: { description: "Of a mount.", type: "integer" },
    mountNamespace: {
      description: "The mount namespace that a mount lies in; absent: the viewer's own; or unknown.",
      type: "string",
    },
    path: { description: "Of a mount; absent in a redacted snapshot.", type: "string" },
    through: whole("The process from whose root the path starts, where it is not that of the mount namespace."),
    namespace: { $ref: "#/$defs/NamespaceId" },
  },
} as const;
