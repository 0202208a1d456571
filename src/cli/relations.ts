import type { NamespaceId } from "../abi/ids.ts";
import { pathOfRef } from "../discover/resolve-ref.ts";
import { hintFor } from "../messages/hints.ts";
import { REASONS } from "../messages/reasons.ts";
import type { Language } from "../messages/sentence.ts";
import { RELATION_CALLS, relationLine, type RelationAnswer } from "../render/relation-line.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import { toJson } from "../snapshot/json-text.ts";
import type { NamespaceRecord, Relation } from "../snapshot/types.ts";
import type { Running } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import { askRelations, relationsAsked } from "./ns-show/ask.ts";
import type { Place } from "./place.ts";
import { resolveOnMachine, type NamedRef } from "./resolve.ts";
import { observerOf, seenWith } from "./target.ts";

/** A question for owner and parent as `ns_show` takes it: `u`, `p` or both. */
interface Question extends Place {
  readonly named: NamedRef;
  readonly letters: string;
}

/** Answers as `ns_show` does: the same lines, and exit code 1 where one is a refusal. */
export async function tellRelations(running: Running, question: Question): Promise<ExitCode> {
  const { out, err, format, language } = running;
  const answers = await answersTo(running, question);
  const unable = answers.find(({ outcome }) => !outcome.ok && outcome.errno === "ENOSYS");
  if (unable !== undefined) throw noNativeHalf(unable, question.named.text, language);
  if (format === "json") out.write(`${toJson({ relations: answers.map(relationFields) })}\n`);
  else {
    for (const answer of answers) {
      const { stream, text } = relationLine(answer, language);
      (stream === "stdout" ? out : err).write(`${text}\n`);
    }
  }
  return answers.every(({ outcome }) => outcome.ok) ? EXIT.done : EXIT.no;
}

async function answersTo(running: Running, { named, letters, ...place }: Question): Promise<readonly RelationAnswer[]> {
  const asked = relationsAsked(letters);
  if (place.from === undefined) {
    const observer = await observerOf(running, place);
    const path = pathOfRef(named.ref, observer.procRoot);
    if (path !== undefined) {
      // Throws where the file is none, or not of the kind that was asked for.
      resolveOnMachine(named, observer, running.language);
      const opened = observer.open(path);
      using _ = opened.ok ? opened.value : undefined;
      return askRelations(opened, asked);
    }
  }
  const { index, target } = await seenWith(running, { ...place, named });
  const record = index.namespaces.get(target.id);
  const answers: RelationAnswer[] = [];
  for (const relation of asked) {
    const outcome = recorded(record, relation);
    answers.push({ relation, outcome });
    // As with the running kernel: the first refusal is the last answer.
    if (!outcome.ok) break;
  }
  return answers;
}

/** What was found out when the namespace was seen. A kind that does not nest was not asked for its parent. */
function recorded(record: NamespaceRecord | undefined, relation: "owner" | "parent"): Outcome<NamespaceId> {
  const known: Relation | undefined = record?.[relation];
  if (known === undefined) return refused("EINVAL", "kind-does-not-nest");
  return "to" in known ? ok(known.to) : refused(known.refused, known.reason);
}

/** It takes an ioctl, which only the native half can make. */
function noNativeHalf({ relation }: RelationAnswer, subject: string, language: Language): CommandFailure {
  const syscall = `ioctl ${RELATION_CALLS[relation]}`;
  const { hint } = hintFor({ code: "ENOSYS", syscall }, language);
  const reason = REASONS["no-native-half"][language];
  return new CommandFailure({
    exit: EXIT.unsupported,
    code: "ENOSYS",
    syscall,
    subject,
    reason,
    ...(hint === undefined ? {} : { hint }),
  });
}

const relationFields = ({ relation, outcome }: RelationAnswer): object =>
  outcome.ok ? { relation, to: outcome.value } : { relation, refused: outcome.errno };
