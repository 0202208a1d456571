import type { Relation } from "../../messages/ns-show.ts";
import type { NsFile } from "../../kernel/observer.ts";
import type { RelationAnswer } from "../../render/relation-line.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";

/**
 * What the second argument asks for: `u` anywhere in it, or no argument, the owner; `p` the parent; both, in this order,
 * or nothing at all.
 */
export function relationsAsked(letters: string | undefined): readonly Relation[] {
  const asked: Relation[] = [];
  if (letters === undefined || letters.includes("u")) asked.push("owner");
  if (letters?.includes("p") === true) asked.push("parent");
  return asked;
}

/** The answers to each question in turn; a refusal is the last one. */
export function askRelations(file: Outcome<NsFile>, asked: readonly Relation[]): readonly RelationAnswer[] {
  const answers: RelationAnswer[] = [];
  for (const relation of asked) {
    const answer: RelationAnswer = { relation, outcome: identityOf(file, relation) };
    answers.push(answer);
    if (!answer.outcome.ok) break;
  }
  return answers;
}

/** A file that is no namespace refuses every question as it refused to be opened as one. */
function identityOf(file: Outcome<NsFile>, relation: Relation): RelationAnswer["outcome"] {
  if (!file.ok) return file;
  const opened = relation === "owner" ? file.value.openOwner() : file.value.openParent();
  if (!opened.ok) return opened;
  using related = opened.value;
  return ok(related.id);
}
