import { deviceTextOf, inodeOf, type NamespaceId } from "../abi/ids.ts";
import type { NsfsIoctl } from "../abi/ioctls.ts";
import { ERRNO_TEXTS } from "../messages/errnos.ts";
import { REFUSALS, RELATION_LINE, type Relation } from "../messages/ns-show.ts";
import type { Language } from "../messages/sentence.ts";
import type { Outcome } from "../rules/outcome.ts";

/** What was found out about one relation of a namespace. */
export interface RelationAnswer {
  readonly relation: Relation;
  readonly outcome: Outcome<NamespaceId>;
}

/** The call behind each relation. */
export const RELATION_CALLS = {
  owner: "NS_GET_USERNS",
  parent: "NS_GET_PARENT",
} as const satisfies Record<Relation, NsfsIoctl>;

/** A line, without its end, and where it goes: an answer to standard output, a failure to standard error. */
export interface RelationLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/**
 * An answer as ns_show gives it. Device numbers are hexadecimal, the inode is decimal. That a parent is out of sight or
 * that there is none by kind is an answer; any other errno is a failure, told as perror(3) does.
 */
export function relationLine({ relation, outcome }: RelationAnswer, language: Language): RelationLine {
  const answered = (answer: string): RelationLine => ({
    stream: "stdout",
    text: RELATION_LINE[language]({ relation, answer }),
  });
  if (outcome.ok) return answered(deviceAndInode(outcome.value));
  const { errno } = outcome;
  if (errno === "EPERM") return answered(REFUSALS.EPERM[language]);
  if (errno === "EINVAL" && relation === "parent") return answered(REFUSALS.EINVAL[language]);
  return { stream: "stderr", text: `ioctl-${RELATION_CALLS[relation]}: ${ERRNO_TEXTS[errno][language]}` };
}

/** `[0,4] / 4026531837` */
function deviceAndInode(id: NamespaceId): string {
  const [major, minor] = deviceTextOf(id)
    .split(":")
    .map((part) => Number(part).toString(16));
  return `[${major},${minor}] / ${inodeOf(id)}`;
}
