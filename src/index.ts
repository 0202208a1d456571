/**
 * nsatlas: the namespaces of a Linux machine, who owns whom, and what keeps each alive.
 *
 * `openNamespace` and `discover` ask the running kernel, or one that is given as `observer` (nsatlas/model has one in
 * memory). Functions called open… give something owned: end it with `using`. All others give values and hold nothing.
 * What the kernel refuses is a `SyscallError`, or with `attempt` a value.
 */
export { attempt, attemptAsync, type Attempt, type RefusedAttempt } from "./library/attempt.ts";
export { discover, type DiscoverOptions } from "./library/discover.ts";
export { explainReason } from "./library/explain-reason.ts";
export { type Identity, nameOf, refOf } from "./library/identity.ts";
export type { Namespace } from "./library/namespace.ts";
export { openNamespace, type OpenOptions } from "./library/open-namespace.ts";
export type { RefKind } from "./library/ref-kind.ts";
export { observeThisMachine, type Where } from "./library/this-machine.ts";
export { spawnIn, type SpawnInOptions } from "./inside/spawn.ts";
export { execIn, type ExecInOptions, type ExecInResult } from "./inside/exec.ts";
export {
  createNamespaces,
  type Created,
  type CreatedKind,
  type CreateOptions,
  type Extent as IdMapExtent,
} from "./inside/create.ts";
export { openIn, type OpenInOptions, readFileIn, type ReadFileInOptions } from "./inside/file.ts";
export {
  socketIn,
  type ConnectIn,
  type DatagramIn,
  type Descriptor,
  type ListenIn,
  type Place,
  type RawIn,
} from "./inside/socket.ts";
export type { Standing } from "./inside/command-way.ts";
export type { Inside, InsideByKind, InsideProcess } from "./inside/where.ts";
export { VERSION } from "./version.ts";

export {
  CommandError,
  FormatError,
  NameError,
  type NameRule,
  ParseError,
  type RefusedCall,
  SyscallError,
  UnsupportedError,
} from "./errors.ts";
export type { ErrnoName } from "./abi/errnos.ts";
export { inodeOf, type NamespaceId, namespaceId, parseNamespaceId } from "./abi/ids.ts";
export { isKind, KINDS, NAMESPACE_KINDS, type NamespaceKind, nests, type NestingKind } from "./abi/namespace-kinds.ts";
export { LINKS, PROC_LINKS, type ProcLink } from "./abi/proc-links.ts";
export { LANGUAGES, type Language } from "./messages/sentence.ts";
export { isReason, type Reason, REASONS } from "./messages/reasons.ts";
export type { OwnerUid } from "./rules/owner-uid.ts";
export type { Outcome } from "./rules/outcome.ts";
export type { FileLook, NsFile, Observer, Observing, ProcessScan, ScanWish } from "./kernel/observer.ts";

export { type CapabilitySets, capsOver, type CapsAnswer, type Restraint } from "./caps/caps-over.ts";
export type { Person } from "./caps/caller.ts";
export type { Extent, Power } from "./caps/power.ts";
export type { Evidence, MissingFact, ProofStep } from "./caps/proof.ts";
export { type IdsOfNamespace, type IdsRow, idsAlongTree } from "./caps/ids-along-tree.ts";
export type { IdKind } from "./caps/id-maps.ts";
export { idOverlaps, type Overlap, type Overlaps } from "./caps/overlaps.ts";
export { type IdQuestion, type TranslatedId, translateId } from "./caps/translate-id.ts";
export { type NamedHolders, type ReasonedHolders, who, type WhoAnswer } from "./caps/who.ts";
export { audit, type AuditAnswer, type AuditFinding, type Severity } from "./caps/audit/audit.ts";
export { reach, type ReachAnswer, type ReachedNamespace } from "./caps/reach/reach.ts";
export type { Because, ReachCall, ReachStep, Through, Way } from "./caps/reach/path.ts";
export type { UntakenStep } from "./caps/reach/findings.ts";
export { can, type CanAnswer, type CanQuestion } from "./caps/can.ts";
export { canEnter, type EnterAnswer, type Entry } from "./caps/enter.ts";
export type { NearestChange } from "./caps/nearest-changes.ts";
export { type KernelEvidence, OPERATION_EVIDENCE } from "./caps/operation-evidence.ts";
export { OPERATION_NAMES, type OperationName, OPERATIONS } from "./caps/operations.ts";
export type { Mismatch, Resource } from "./caps/target.ts";
export { CAPABILITIES, type Capability } from "./abi/capabilities.ts";
export { type Chain, type ChainEnd, ownerChain, parentChain } from "./snapshot/ancestors.ts";
export { decodeSnapshot } from "./snapshot/decode.ts";
export { encodeSnapshot } from "./snapshot/encode.ts";
export { findNamespace, type Found, type NamespaceName } from "./snapshot/find-namespace.ts";
export { type Forest, forestOf, type UserNamespaceNode, walkForest } from "./snapshot/forest.ts";
export { type Holder, type HolderKind, holdersOf } from "./snapshot/holders.ts";
export { indexSnapshot, type SnapshotIndex } from "./snapshot/index-snapshot.ts";
export { redact } from "./snapshot/redact.ts";
export { compareSeniority, seniorMember } from "./snapshot/senior.ts";
export type * from "./snapshot/types.ts";
