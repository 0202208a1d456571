import type { NamespaceRecord } from "../snapshot/types.ts";
import type { ResourceLimit } from "../procfs/limits.ts";
import type { Ground } from "./ground.ts";
import type { OperationName } from "./operations.ts";
import type { AssumedFact, Evidence, Finding, MissingFact, ProofStep } from "./proof.ts";
import type { Named } from "./prove-walk.ts";
import type { Verdict } from "./power.ts";

/** What stat(2) said of a file, its ids in the viewer's numbers. */
export interface FileFacts {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** The mount that it lies on, in the viewer's mount namespace; absent: not seen. */
  readonly mount?: MountFacts;
}

/** A mount, as mountinfo has it. */
export interface MountFacts {
  readonly id: number;
  readonly mountPoint: string;
  readonly fsType: string;
  /** Of the mount: `nosuid`, `nodev` … */
  readonly options: readonly string[];
  /** The mount or its file system. */
  readonly readOnly: boolean;
}

/** What of a namespace an operation is to be done to. */
export type Part =
  /** undefined: which mount it is was not seen. */
  | { readonly part: "mount"; readonly path: string; readonly facts: MountFacts | undefined }
  /** undefined: whether there is such a device was not seen. */
  | { readonly part: "device"; readonly name: string; readonly evidence: Evidence | undefined }
  | { readonly part: "socket"; readonly holder: Named; readonly fd: number };

/** What an operation is to be done to. */
export type Target =
  /** A namespace; null: there is one, and which was not seen. `what`: how the user called it. */
  | { readonly aim: "namespace"; readonly record: NamespaceRecord | null; readonly what: string; readonly part?: Part }
  | { readonly aim: "process"; readonly process: Named }
  /** All of the machine. */
  | { readonly aim: "host" }
  /** Whoever asks, itself. */
  | { readonly aim: "own" }
  | { readonly aim: "file"; readonly path: string; readonly facts: FileFacts | undefined }
  /** `mode`: of its file; undefined: not read. */
  | { readonly aim: "sysctl"; readonly name: string; readonly mode: number | undefined };

/** What a question is decided on. */
export interface Situation {
  readonly ground: Ground;
  readonly me: Named;
  readonly operation: OperationName;
  readonly target: Target;
  /** Values of sysctls that were read, of the namespace in question. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** The resource limits of who asks; absent where they were not read. */
  readonly limits?: readonly ResourceLimit[];
}

export const nothing: Pick<Finding, "steps" | "missing" | "assumed"> = { steps: [], missing: [], assumed: [] };

/** How the target is called in a proof. */
export function nameOfTarget({ target, me }: Situation, nameOf: (record: NamespaceRecord) => string): string {
  switch (target.aim) {
    case "namespace": {
      const name = target.record === null ? target.what : nameOf(target.record);
      return target.part === undefined ? name : partName(target.part, name);
    }
    case "process":
      return target.process.who;
    case "file":
      return target.path;
    case "sysctl":
      return target.name;
    default:
      return me.who;
  }
}

/** As a RESOURCE is written, with the namespace that it belongs to. */
function partName(part: Part, namespace: string): string {
  switch (part.part) {
    case "mount":
      return `mount:${part.path}, ${namespace}`;
    case "device":
      return `dev:${part.name}@${namespace}`;
    case "socket":
      return `socket:${part.holder.number}/${part.fd}, ${namespace}`;
  }
}

/** What a fact came to. */
export interface Told {
  readonly verdict: Verdict;
  readonly what: string;
  readonly evidence?: readonly Evidence[];
  readonly missing?: readonly MissingFact[];
  readonly assumed?: readonly AssumedFact[];
  /** Steps that led there. */
  readonly steps?: readonly ProofStep[];
}
