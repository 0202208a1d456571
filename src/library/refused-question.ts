import type { NamespaceId } from "../abi/ids.ts";
import { inodeOf } from "../abi/ids.ts";
import { NSFS_IOCTLS } from "../abi/ioctls.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { SyscallError } from "../errors.ts";
import type { RelationIoctl } from "../kernel/call.ts";
import { LIBRARY } from "../messages/library.ts";
import { REASONS, type Reason } from "../messages/reasons.ts";
import type { Language } from "../messages/sentence.ts";
import { explain } from "../rules/explain.ts";
import type { Refused } from "../rules/outcome.ts";
import { nameOf } from "./identity.ts";
import { refusedCall } from "./refused-call.ts";

/** An ioctl on a file that is known to be a namespace's. */
export interface Question {
  readonly request: RelationIoctl;
  readonly kind: NamespaceKind;
  readonly id: NamespaceId;
  /** How the caller came to it: a path, a descriptor. */
  readonly via: string | undefined;
}

/** The error for such a question. The kernel at hand gives the reason, or the rules do where the errno leaves only one. */
export function refusedQuestion(question: Question, refused: Refused, language: Language): SyscallError {
  const { request, kind, via } = question;
  const rule = refused.reason ?? explain(request, refused.errno, kind);
  const subject = via === undefined ? nameOf(question) : `${nameOf(question)} via ${via}`;
  const call = { code: refused.errno, syscall: `ioctl ${request}`, subject, rule };
  if (rule === undefined) return refusedCall(call, language);
  if (rule === "call-unknown-to-kernel") return refusedCall({ ...call, ...unknownCall(request, language) }, language);
  return refusedCall({ ...call, reason: whyNot(question, rule, language) }, language);
}

/** What there is to say of a call that the kernel is too old for. */
export function unknownCall(request: RelationIoctl, language: Language) {
  const rule = "call-unknown-to-kernel";
  const hint = LIBRARY["call-since"][language]({ call: request, since: NSFS_IOCTLS[request].since });
  return { rule, reason: REASONS[rule][language], hint } as const;
}

/** The kernel has one answer for whatever lies outside the caller's view; that there is nothing at all is only said here. */
function whyNot({ kind, id }: Question, rule: Reason, language: Language): string {
  const reason = REASONS[rule][language];
  const isOutside = rule === "owner-outside-view" || rule === "parent-outside-view";
  if (!isOutside || inodeOf(id) !== String(NAMESPACE_KINDS[kind].initialInode)) return reason;
  // What belongs to the initial user namespace has an owner, unlike that one itself.
  if (rule === "owner-outside-view" && kind !== "user") return reason;
  return `${reason} ${LIBRARY["initial-has-none"][language]({ name: nameOf({ kind, id }) })}`;
}
