import { kindOfLink } from "../abi/proc-links.ts";
import { pathOfRef, type Identified } from "../discover/resolve-ref.ts";
import type { Observer } from "../kernel/observer.ts";
import { inodeOf } from "../abi/ids.ts";
import { RESOLVE } from "../messages/resolve.ts";
import type { Language } from "../messages/sentence.ts";
import { parseWho, type Who } from "../refs/who.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { EXIT } from "./exit-codes.ts";
import { brief } from "./brief.ts";
import { CommandFailure } from "./failure.ts";
import { brokenRule, resolveIn, resolveOnMachine, type NamedRef } from "./resolve.ts";

/** Reads a WHO, or throws with the rule that it broke. */
export function readWho(text: string, language: Language): Who {
  const parsed = parseWho(text);
  if (!parsed.ok) throw brokenRule(text, parsed, language);
  return parsed.value;
}

/** A name of a pid namespace on its way: files are looked at before anything else is opened. */
export interface PidNamespaceName {
  readonly named: NamedRef;
  /** Where it is a file. */
  readonly path: string | undefined;
  readonly onMachine: Identified | undefined;
}

/** Looks at the file that a REF names, where it is one. Throws where there is none, or it is no pid namespace's. */
export function namePidNamespace(
  named: NamedRef,
  observer: Observer | undefined,
  language: Language,
): PidNamespaceName {
  if (observer === undefined) return { named, path: undefined, onMachine: undefined };
  const path = pathOfRef(named.ref, observer.procRoot);
  const onMachine = resolveOnMachine(named, observer, language);
  return { named, path, onMachine: onMachine && mustBePid(onMachine, named, language) };
}

/** Which namespace it is. Throws where it is not to be seen, or no pid namespace. */
export const pidNamespace = (
  { named, onMachine }: PidNamespaceName,
  index: SnapshotIndex,
  language: Language,
): Identified => onMachine ?? mustBePid(resolveIn(index, named, language), named, language);

function mustBePid(found: Identified, { text, ref }: NamedRef, language: Language): Identified {
  const isPid = found.kind === "pid" && (ref.form !== "link" || kindOfLink(ref.link) === "pid");
  if (isPid) return found;
  const values = { text: brief(text), found: `${found.kind}:[${inodeOf(found.id)}]`, wanted: "pid" };
  const reason = RESOLVE["other-kind"][language](values);
  throw new CommandFailure({ exit: EXIT.usage, code: "NAME", subject: text, reason });
}
