import type { NamespaceId } from "../abi/ids.ts";
import type { IdKind } from "../caps/id-maps.ts";
import { translateId } from "../caps/translate-id.ts";
import type { Identified } from "../discover/resolve-ref.ts";
import { MISSING_EVIDENCE } from "../messages/evidence.ts";
import { ID_ANSWERS, IDS_USAGE } from "../messages/ids.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { namesIn } from "../render/namespace-name.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { toJson } from "../snapshot/json-text.ts";
import { brief } from "./brief.ts";
import type { Running } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import { resolveIn, vanished, type NamedRef } from "./resolve.ts";
import { usageFailure } from "./usage.ts";

/** (uid_t)-1 is no id. */
const MAX_ID = 4_294_967_294;

/** Reads a uid or gid, or throws. */
export function readId(word: string, language: Language): number {
  const id = /^\d{1,10}$/.test(word) ? Number(word) : Number.NaN;
  if (id <= MAX_ID) return id;
  const reason = IDS_USAGE.number[language]({ word: brief(word) });
  throw usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "ids" }));
}

/** The user namespace that a REF is, or that owns what it is. Throws where it is not there, or its owner was not shown. */
export function userNamespace(
  index: SnapshotIndex,
  named: NamedRef,
  { found, language }: { readonly found: Identified | undefined; readonly language: Language },
): NamespaceId {
  const { id } = found ?? resolveIn(index, named, language);
  const record = index.namespaces.get(id);
  if (record === undefined) throw vanished(named.text, language);
  if (record.kind === "user") return record.id;
  if ("to" in record.owner && index.namespaces.has(record.owner.to)) return record.owner.to;
  const of = namesIn(index.snapshot)(record);
  const reason = MISSING_EVIDENCE.owner[language]({ of });
  throw new CommandFailure({ exit: EXIT.unknown, code: "UNKNOWN", subject: of, reason });
}

interface Asked {
  readonly id: number;
  readonly which: IdKind;
  readonly from: NamespaceId | undefined;
  readonly to: NamespaceId | undefined;
}

/** Prints what an id of one user namespace is in another; where it is nothing there, says why on stderr. */
export function askId(running: Running, index: SnapshotIndex, { id, which, from, to }: Asked): ExitCode {
  const { out, format, language } = running;
  const told = from === undefined || to === undefined ? undefined : translateId(index, { id, which, from, to });
  if (told === undefined) throw vanished(String(id), language);
  const exit = told.answer === "mapped" ? EXIT.done : told.answer === "unknown" ? EXIT.unknown : EXIT.no;
  if (format === "json") {
    out.write(`${toJson(told)}\n`);
    return exit;
  }
  if (told.answer === "mapped") {
    out.write(`${told.result}\n`);
    return exit;
  }
  const nameOf = namesIn(index.snapshot);
  const [source, target] = [told.from, told.to].map((id) => nameOf({ id, kind: "user" }));
  const reason = ID_ANSWERS[told.answer][language]({ which, id, from: source ?? "", to: target ?? "" });
  const details = told.missing.map(({ what, of }) => MISSING_EVIDENCE[what][language]({ of }));
  throw new CommandFailure({ exit, code: told.answer === "unknown" ? "UNKNOWN" : "UNMAPPED", reason, details });
}
