import { inodeOf } from "../abi/ids.ts";
import { NEXT_COMMANDS } from "../messages/commands.ts";
import type { Language } from "../messages/sentence.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { seniorMember } from "../snapshot/senior.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";

/** A command to try next, and what it shows. */
interface Suggestion {
  readonly words: string;
  readonly shows: string;
}

/**
 * Three commands that work on what was just seen: about a namespace that is special to this machine, where there is one,
 * and about a process that will most likely still be there.
 */
export function nextCommands(index: SnapshotIndex, language: Language): Suggestion[] {
  const one = mostTelling(index);
  const senior = one && seniorMember(index, one.id);
  // We end with this very list.
  const who = senior?.pid === index.snapshot.viewpoint.pid ? undefined : senior;
  return [
    ...(one === undefined ? [] : [{ words: `show ${refOf(one)}`, shows: NEXT_COMMANDS.show[language] }]),
    who === undefined
      ? { words: "list", shows: NEXT_COMMANDS.list[language] }
      : { words: `list -p ${who.pid}`, shows: NEXT_COMMANDS.process[language] },
    { words: "snapshot -o namespaces.json", shows: NEXT_COMMANDS.snapshot[language] },
  ];
}

/**
 * The child whose most senior process is the oldest, so that it will be there a little longer; else the net namespace with
 * the fewest members, else whatever there is.
 */
function mostTelling(index: SnapshotIndex): NamespaceRecord | undefined {
  const { snapshot, members } = index;
  const count = ({ id }: NamespaceRecord): number => members.get(id)?.length ?? 0;
  const since = ({ id }: NamespaceRecord): number => seniorMember(index, id)?.startTime ?? Number.POSITIVE_INFINITY;
  const oldest = (a: NamespaceRecord, b: NamespaceRecord): NamespaceRecord => (since(b) < since(a) ? b : a);
  const fewest = (a: NamespaceRecord, b: NamespaceRecord): NamespaceRecord => (count(b) < count(a) ? b : a);
  const children = snapshot.namespaces.filter(({ parent }) => parent !== undefined && "to" in parent);
  const [child] = children;
  if (child !== undefined) return children.reduce(oldest, child);
  const nets = snapshot.namespaces.filter(({ kind }) => kind === "net");
  const [net] = nets;
  return net === undefined ? snapshot.namespaces[0] : nets.reduce(fewest, net);
}

/** Without the brackets of `net:[4026531833]`, which zsh takes for a pattern. */
const refOf = ({ id, kind }: NamespaceRecord): string => `${kind}:${inodeOf(id)}`;
