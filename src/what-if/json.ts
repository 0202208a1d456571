import type { Value } from "../kernel/call.ts";
import { ASSUMED, MISSING_EVIDENCE } from "../messages/evidence.ts";
import { REASONS } from "../messages/reasons.ts";
import type { Language } from "../messages/sentence.ts";
import type { Answered } from "./carry-out.ts";
import type { Changes } from "./changes.ts";
import type { Verdict } from "./verify/verdict.ts";
import type { Missing } from "./seen/evidence.ts";
import type { Names } from "./names.ts";
import { fileText } from "./told.ts";

export interface WhatIfJsonOptions {
  readonly release: string;
  readonly language: Language;
  /** What the running kernel said, call by call, where it was asked. */
  readonly verdicts?: readonly Verdict[] | undefined;
}

/** The answers for programs; `why` alone is in the user's language. */
export function whatIfJson(
  answers: readonly Answered[],
  names: Names,
  { release, language, verdicts }: WhatIfJsonOptions,
): object {
  const missingJson = ({ what, of }: Missing): object => ({ what, of, why: MISSING_EVIDENCE[what][language]({ of }) });
  const verdictJson = (verdict: Verdict | undefined): object => {
    if (verdict === undefined) return {};
    const isMissing = verdict.is === "not-made" && verdict.missing !== undefined;
    return { verified: isMissing ? { ...verdict, missing: missingJson(verdict.missing) } : verdict };
  };
  return {
    "what-if": {
      kernel: release,
      calls: answers.map(({ by, text, outcome, missing, assumed, isNew, notOpened, opened, changes }, nth) => ({
        by,
        call: text,
        ...(outcome === undefined
          ? { unknown: missing === undefined ? null : missingJson(missing) }
          : outcome.ok
            ? {
                returns: isNew ? newJson(outcome.value, opened !== undefined) : valueJson(outcome.value),
                ...(opened !== undefined && { opened: fileText(opened, names, "en") }),
              }
            : {
                errno: outcome.errno,
                reason: outcome.reason ?? null,
                why: outcome.reason === undefined ? null : REASONS[outcome.reason][language],
                ...(notOpened !== undefined && { "not-opened": notOpened }),
              }),
        ...(assumed.length > 0 && {
          provided: assumed.map(({ what, of }) => ({ what, of, that: ASSUMED[what][language]({ of }) })),
        }),
        changes: changesJson(changes, names),
        ...verdictJson(verdicts?.[nth]),
      })),
    },
  };
}

/** A descriptor that was made here goes by its number; any other new number nobody can foretell. */
const newJson = (value: Value, isDescriptor: boolean): string | null =>
  isDescriptor && typeof value === "number" ? `fd:${value}` : null;

/** A number beyond 2^53 is a text. */
function valueJson(value: Value): unknown {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return String(value);
  return exact(value);
}

/** Numbers of 64 bits as texts, wherever they are. */
const exact = (value: object): unknown =>
  JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)));

const changesJson = (changes: Changes, names: Names): object => ({
  started: changes.started,
  appeared: changes.appeared.map(({ key, kind, owner, parent }) => ({
    name: names.of(key),
    kind,
    owner: owner === undefined ? null : names.of(owner),
    ...(parent !== undefined && { parent: names.of(parent) }),
  })),
  links: changes.links.map(({ process, link, from, to }) => ({
    process,
    link,
    from: names.of(from),
    to: names.of(to),
  })),
  credentials: changes.credentials.map(({ process, uid, capabilities }) => ({
    process,
    uid,
    capabilities: { from: capabilities.from.toString(16), to: capabilities.to.toString(16) },
  })),
  maps: changes.maps.map(({ namespace, file }) => ({ namespace: names.of(namespace), file })),
  exited: changes.exited,
  ended: changes.ended.map(({ key }) => names.of(key)),
});
