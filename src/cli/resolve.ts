import type { Observer } from "../kernel/observer.ts";
import {
  pathOfRef,
  resolveFile,
  resolveInSnapshot,
  type Identified,
  type Resolution,
} from "../discover/resolve-ref.ts";
import { inodeOf } from "../abi/ids.ts";
import { hintFor } from "../messages/hints.ts";
import { REF_RULES } from "../messages/ref-rules.ts";
import { FILE_TYPES, RESOLVE, RESOLVE_HINTS } from "../messages/resolve.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import type { BrokenRule } from "../refs/parse.ts";
import { parseRef, type Ref } from "../refs/ref.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure, NOT_SEEN } from "./failure.ts";
import { nearest } from "./nearest.ts";
import { brief } from "./brief.ts";

/** A REF of the command line, with the text that names it in messages. */
export interface NamedRef {
  readonly text: string;
  readonly ref: Ref;
}

/** Reads a REF, or throws with the rule that it broke. */
export function readRef(text: string, language: Language): NamedRef {
  const parsed = parseRef(text);
  if (!parsed.ok) throw brokenRule(text, parsed, language);
  return { text, ref: parsed.value };
}

/** Which namespace a REF of the machine's files is; undefined for one that takes a snapshot to answer. */
export function resolveOnMachine(
  { text, ref }: NamedRef,
  observer: Observer,
  language: Language,
): Identified | undefined {
  const path = pathOfRef(ref, observer.procRoot);
  return path === undefined ? undefined : resolved(resolveFile(ref, path, observer), text, language);
}

/** Which namespace of a snapshot a REF means. */
export const resolveIn = (index: SnapshotIndex, { text, ref }: NamedRef, language: Language): Identified =>
  resolved(resolveInSnapshot(ref, index), text, language);

/** It was there when its file was looked at, and had gone when everything was. */
export function vanished(text: string, language: Language): CommandFailure {
  const reason = RESOLVE["not-seen"][language]({ text: brief(text) });
  return new CommandFailure({ exit: EXIT.usage, code: NOT_SEEN, subject: text, reason });
}

/** The failure for a name that breaks a rule. */
export function brokenRule(text: string, { rule, part, known }: BrokenRule, language: Language): CommandFailure {
  const near = nearest(part, known);
  const hint =
    near === undefined
      ? USAGE_HINTS["see-help"][language]({ command: "" })
      : USAGE_HINTS["did-you-mean"][language]({ nearest: near });
  const reason = REF_RULES[rule][language]({ part: brief(part), known });
  return new CommandFailure({ exit: EXIT.usage, code: "NAME", subject: text, reason, hint });
}

function resolved(resolution: Resolution, name: string, language: Language): Identified {
  if (resolution.ok) return resolution;
  const text = brief(name);
  const usage = { exit: EXIT.usage, code: "NAME", subject: name } as const;
  switch (resolution.why) {
    case "refused":
      throw refusedFile(resolution, language);
    case "other-kind": {
      const found = resolution.found.map(linkText).join(", ");
      const [, guarded = text] = /^[a-z]+:(.*)$/s.exec(text) ?? [];
      const reason = RESOLVE["other-kind"][language]({ text: guarded, found, wanted: resolution.wanted });
      throw new CommandFailure({ ...usage, reason, hint: RESOLVE_HINTS["other-kind"][language] });
    }
    case "ambiguous": {
      const { candidates } = resolution;
      const reason = RESOLVE.ambiguous[language]({ text, count: candidates.length });
      const details = candidates.map(({ id, kind }) => `${kind}:[${id}]`);
      throw new CommandFailure({ ...usage, reason, details, hint: RESOLVE_HINTS.ambiguous[language] });
    }
    case "not-seen": {
      const [reason, hint] = [RESOLVE["not-seen"][language]({ text }), RESOLVE_HINTS["not-seen"][language]];
      throw new CommandFailure({ ...usage, code: NOT_SEEN, reason, hint });
    }
    default: {
      const [reason, hint] = [
        RESOLVE["not-in-a-snapshot"][language]({ text }),
        RESOLVE_HINTS["not-in-a-snapshot"][language],
      ];
      throw new CommandFailure({ ...usage, code: NOT_SEEN, reason, hint });
    }
  }
}

function refusedFile(
  { errno, path, situation, type }: Extract<Resolution, { why: "refused" }>,
  language: Language,
): CommandFailure {
  const known = hintFor({ code: errno, syscall: "openat", situation }, language);
  const reason =
    type === undefined ? known.reason : RESOLVE["not-a-namespace"][language]({ type: FILE_TYPES[type][language] });
  return new CommandFailure({
    exit: EXIT.refused,
    code: errno,
    syscall: "openat",
    subject: path,
    ...known,
    ...(reason === undefined ? {} : { reason }),
  });
}

const linkText = ({ id, kind }: Identified): string => `${kind}:[${inodeOf(id)}]`;
