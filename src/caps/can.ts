import type { Capability } from "../abi/capabilities.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { namesIn } from "../render/namespace-name.ts";
import { restraintsOf, whoOf, type AskedWho, type Restraint } from "./caps-over.ts";
import type { ResourceLimit } from "../procfs/limits.ts";
import type { Person } from "./caller.ts";
import { decide } from "./decide.ts";
import { decideOperation } from "./decide-operation.ts";
import { groundOf } from "./ground.ts";
import { OPERATION_EVIDENCE, youngest, type KernelEvidence } from "./operation-evidence.ts";
import { attaches, operationOf, type OperationName } from "./operations.ts";
import type { Verdict } from "./power.ts";
import type { AssumedFact, MissingFact, ProofStep } from "./proof.ts";
import { named } from "./prove-walk.ts";
import { nameOfTarget, type Situation } from "./situation.ts";
import { targetOf, type Mismatch, type Resource } from "./target.ts";
import { ptraceScope } from "./yama.ts";

/** Whether a process has a capability over a namespace, or may do something to a resource. */
export type CanQuestion =
  | { readonly capability: Capability; readonly namespace: NamespaceId }
  | {
      readonly operation: OperationName;
      /** Absent: the process's own namespace of the kind. */
      readonly resource?: Resource;
      /** Values under /proc/sys that were read, `net/...` of the network namespace in question. */
      readonly sysctls?: ReadonlyMap<string, string>;
      /** What /proc/PID/limits says of the process. */
      readonly limits?: readonly ResourceLimit[];
    };

export interface CanAnswer {
  readonly who: AskedWho;
  readonly asked:
    | { readonly capability: Capability; readonly of: string }
    | {
        readonly operation: OperationName;
        readonly of: string;
        /** Where the newest kernel decides. */
        readonly source: string;
        /** The first kernel in which the rule is so, or the oldest that it was tried on. */
        readonly since: string;
        readonly evidence: readonly KernelEvidence[];
      };
  /** yes: the permission check passes, provided that what is assumed is so; security modules may refuse all the same. */
  readonly verdict: Verdict;
  readonly steps: readonly ProofStep[];
  /** What would settle it, where it is unknown. */
  readonly missing: readonly MissingFact[];
  /** What no file tells, and is taken to be as it mostly is. */
  readonly assumed: readonly AssumedFact[];
  readonly mayStillDeny: readonly Restraint[];
}

/**
 * Answers a question about one process, with the proof. A `Mismatch`: the operation is not done to such a resource.
 * Undefined: of the namespace no record was seen. Pure; where evidence is missing the verdict is unknown and says which.
 */
export function can(index: SnapshotIndex, person: Person, question: CanQuestion): CanAnswer | Mismatch | undefined {
  const ground = groundOf(index);
  const me = named(ground, person);
  const nameOf = namesIn(index.snapshot);
  const whole = { who: whoOf(ground, person), mayStillDeny: restraintsOf(person) };
  if ("capability" in question) {
    const record = index.namespaces.get(question.namespace);
    if (record === undefined) return undefined;
    const target = { aim: "namespace", record, what: record.id } as const;
    const situation: Situation = { ground, me, operation: "mount", target, sysctls: NONE };
    const finding = decide(situation, { capability: question.capability, over: "resource" });
    return { ...whole, asked: { capability: question.capability, of: nameOf(record) }, ...finding };
  }
  const { operation, resource, sysctls = NONE, limits } = question;
  const target = targetOf(index, person, { operation, resource });
  if ("wanted" in target) return target;
  const { needs, source } = operationOf(operation);
  const { since } = youngest(operation);
  const evidence = OPERATION_EVIDENCE[operation];
  const situation: Situation = { ground, me, operation, target, sysctls, ...(limits !== undefined && { limits }) };
  const asked = { operation, of: nameOfTarget(situation, nameOf), source, since, evidence };
  const part = target.aim === "namespace" ? target.part?.part : undefined;
  const isYamaUnread = (attaches(operation) || part === "socket") && ptraceScope(ground) === undefined;
  const mayStillDeny = isYamaUnread ? [...whole.mayStillDeny, YAMA_UNREAD] : whole.mayStillDeny;
  return { ...whole, asked, ...decideOperation(situation, needs), mayStillDeny };
}

const YAMA_UNREAD: Restraint = { what: "yama-unread", value: "" };
const NONE: ReadonlyMap<string, string> = new Map();
