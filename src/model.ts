/**
 * `nsatlas/model`: the kernel's namespaces in memory. A machine boots, its processes make system calls, and each call is
 * carried out or refused as Linux would, with the reason. It needs no privileges and no Linux, and runs in a browser.
 *
 * `step` is the whole kernel as a function; `ModelActor` keeps the world between calls; `ModelObserver` answers the
 * questions that discovery asks, so that `openNamespace` and `discover` work on it as on the running kernel.
 */
export { type DrawnMachine, drawMachine } from "./library/draw-world.ts";
export { explainReason } from "./library/explain-reason.ts";
export { BuildRefused, buildWorld, type BuiltWorld, must, processIn } from "./kernel/build-world.ts";
export { type Call, type CallName, type RelationIoctl, type TaskName, taskName, type Value } from "./kernel/call.ts";
export { type Drawing, type DrawingError, type DrawnNamespace, parseDrawing } from "./kernel/drawing.ts";
export { printDrawing } from "./kernel/print-drawing.ts";
export { type ParsedWorld, parseWorld } from "./kernel/model/text/parse-world.ts";
export { printWorld } from "./kernel/model/text/print-world.ts";
export { sameWorld } from "./kernel/model/same-world.ts";
export type { Actor } from "./kernel/actor.ts";
export { ModelActor } from "./kernel/model/actor.ts";
export { boot, FIRST, type Machine } from "./kernel/model/boot.ts";
export { NEWEST_RELEASE } from "./rules/release.ts";
export { ModelObserver } from "./kernel/model/observer.ts";
export { step } from "./kernel/model/step.ts";
export { namespaceOf, viewOf } from "./kernel/model/view.ts";
export type { Namespace as ModelNamespace, NsKey, Task, World } from "./kernel/model/world.ts";

export { capabilityRule, type CapabilityRule, hasCapability } from "./rules/has-capability.ts";
export { mayMap, mayWriteMap } from "./rules/may-map.ts";
export { mayRead, type ReadTarget } from "./rules/may-read.ts";
export { ok, type Outcome, type Refused, refused, type Success } from "./rules/outcome.ts";
export { ownerOf, parentOf, type Standpoint } from "./rules/relations.ts";
export { type Joiner, maySetns } from "./rules/setns.ts";
export { type Creator, mayCreate, mayCreatePid, mayCreateUser, mayUnshareFlags } from "./rules/unshare.ts";
export { type Credentials, isWithin, type View } from "./rules/view.ts";

export { ALL_CAPABILITIES, CAPABILITIES, type Capability } from "./abi/capabilities.ts";
export { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "./abi/namespace-kinds.ts";
export type { DrawingRule } from "./messages/drawing.ts";
export type { WorldTextRule } from "./messages/world-text.ts";
export { isReason, type Reason, REASONS } from "./messages/reasons.ts";
export { ParseError } from "./errors.ts";
