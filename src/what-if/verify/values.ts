import type { Call, Value } from "../../kernel/call.ts";
import type { Outcome } from "../../rules/outcome.ts";
import type { Verdict } from "./verdict.ts";

/** The errno has to be the same, and of a model the reason as well. */
export function sameErrno(told: Outcome<Value>, there: Outcome<Value>): Verdict {
  if (told.ok || there.ok || told.errno !== there.errno) return said(there);
  const isSame = there.reason === undefined || there.reason === told.reason;
  return isSame ? { is: "same" } : { is: "differs", answered: `${there.errno} (${there.reason})` };
}

export const said = (outcome: Outcome<Value>): Verdict => ({
  is: "differs",
  answered: outcome.ok ? "0" : outcome.errno,
});

/** What is read has to be the same, but for numbers that each kernel hands out as it likes. */
export function sameValue(call: Call, told: Value, there: Value): Verdict {
  const isOwn = OWN_NUMBERS.has(call.op) || opens(call) || ("request" in call && !COMPARED.has(call.request));
  return isOwn ? { is: "same" } : sameText(told, there);
}

/** On the very machine that was looked at, all numbers are the same but those of new descriptors. */
export const sameHere = (call: Call, told: Value, there: Value): Verdict =>
  opens(call) ? { is: "same" } : sameText(told, there);

function sameText(told: Value, there: Value): Verdict {
  const answered = valueJson(there);
  return valueJson(told) === answered ? { is: "same" } : { is: "differs", answered };
}

export const valueJson = (value: Value): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));

/** Whether a call gives a descriptor of its caller's. */
export const opens = (call: Call): boolean =>
  OPENING.has(call.op) ||
  ("request" in call && /^(NS_GET_(USERNS|PARENT)|SIOCGSKNS|PIDFD_GET_.*_NAMESPACE)$/.test(String(call.request)));

const OPENING: ReadonlySet<Call["op"]> = new Set<Call["op"]>([
  "open",
  "reopen",
  "open-folder",
  "open-path",
  "open-other",
  "open-map",
  "pidfd_open",
  "pidfd_getfd",
  "dup",
  "open_by_handle_at",
]);
/** Calls whose numbers, inodes and ids differ from kernel to kernel; what they lead to is compared by `fstat`. */
const OWN_NUMBERS: ReadonlySet<Call["op"]> = new Set<Call["op"]>([
  "clone",
  "legacy-clone",
  "wait",
  "getpid",
  "getppid",
  "fstat",
  "stat",
  "readlink",
  "send",
  "status",
  "read-sysctl",
  "name_to_handle_at",
  "link_to_handle_at",
  "listns",
  "getsockopt",
]);
const COMPARED: ReadonlySet<unknown> = new Set(["NS_GET_NSTYPE", "NS_GET_OWNER_UID"]);
