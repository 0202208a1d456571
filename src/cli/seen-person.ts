import type { SourceWish } from "../discover/cost.ts";
import { pathOfRef, type Identified } from "../discover/resolve-ref.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Who } from "../refs/who.ts";
import { indexSnapshot, type SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { brief } from "./brief.ts";
import type { Running } from "./command.ts";
import { findWho } from "./pid-answers.ts";
import { withOwnStatus, type SeenPerson } from "./person.ts";
import type { Place } from "./place.ts";
import { readRef, resolveIn, resolveOnMachine, vanished, type NamedRef } from "./resolve.ts";
import { fromFile, look } from "./seen.ts";
import { observerOf, withAttributesOf } from "./target.ts";
import { namePidNamespace, pidNamespace } from "./who.ts";

interface Asked {
  readonly who: Who;
  /** WHO as it was written. */
  readonly operand: string;
  readonly refs: readonly NamedRef[];
  /** Whether other processes matter: then the ids and capabilities of all are read. */
  readonly everybody?: boolean;
  /** Whether the network namespaces of sockets do. */
  readonly sockets?: boolean;
  /** Whether it does what the first namespace that is named says of itself. */
  readonly attributes?: boolean;
}

/** Open files and sockets lead to namespaces that are found by name anyway. */
const SOURCES: SourceWish = { without: ["descriptors", "sockets", "mounts"] };

/** Looks up a process and namespaces, in what is seen now or in a snapshot. Throws where one of them is not there. */
export async function seenPerson(running: Running, place: Place, asked: Asked): Promise<SeenPerson> {
  const { language } = running;
  const { who, operand, refs } = asked;
  const observer = place.from === undefined ? await observerOf(running, place) : undefined;
  // First of all: a descriptor that nsatlas inherited is to be told from those that discovery opens.
  const onMachine = refs.map((ref) => (observer === undefined ? undefined : resolveOnMachine(ref, observer, language)));
  const within = who.in === undefined ? undefined : operand.slice(operand.indexOf("@") + 1);
  const source = within === undefined ? undefined : namePidNamespace(readRef(within, language), observer, language);
  const paths = observer === undefined ? [] : refs.map(({ ref }) => pathOfRef(ref, observer.procRoot));
  const files = [source?.path, ...paths].filter((path) => path !== undefined);
  const status = asked.everybody === true || source !== undefined;
  const snapshot =
    observer === undefined
      ? await fromFile(running, place.from ?? "")
      : await look(running, observer, { status, files, ...(asked.sockets === true ? {} : SOURCES) });
  const plain = indexSnapshot(snapshot);
  const [first] = refs;
  const isAsked = asked.attributes === true && observer !== undefined && first !== undefined;
  const index = isAsked
    ? await withAttributesOf((onMachine[0] ?? resolveIn(plain, first, language)).id, { observer, looked: snapshot })
    : plain;
  const from = source && { ...pidNamespace(source, index, language), path: source.path };
  const text = safeText(brief(operand));
  const { process, tid } = findWho({ index, observer, who, text, language, from });
  const namespaces = refs.map((ref, nth) =>
    recordOf(index, ref, onMachine[nth] ?? resolveIn(index, ref, language), language),
  );
  const person =
    tid === undefined || tid === process.pid ? { process } : { process, thread: { tid, status: undefined } };
  return { index, observer, person: observer === undefined ? person : withOwnStatus(person, observer), namespaces };
}

function recordOf(
  index: SnapshotIndex,
  { text }: NamedRef,
  { id }: Identified,
  language: Running["language"],
): NamespaceRecord {
  const record = index.namespaces.get(id);
  if (record === undefined) throw vanished(text, language);
  return record;
}
