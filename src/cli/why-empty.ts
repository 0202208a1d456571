import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { inodeOf } from "../abi/ids.ts";
import { EMPTY_LIST } from "../messages/commands.ts";
import type { Language } from "../messages/sentence.ts";
import { namespacesOf } from "../render/list-rows.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";

/** What a list was narrowed to. */
interface Selection {
  readonly pid?: number;
  readonly kinds?: ReadonlySet<NamespaceKind>;
  /** Only those without a process. */
  readonly persistent?: boolean;
  readonly of: NamespaceRecord | undefined;
  /** Whether a filter has kept no row. */
  readonly isFiltered?: boolean;
}

/** Why a list has no rows; undefined where it has some. */
export function whyEmpty(index: SnapshotIndex, selection: Selection, language: Language): string | undefined {
  return (
    withoutFilter(index, selection, language) ?? (selection.isFiltered ? EMPTY_LIST.filtered[language] : undefined)
  );
}

function withoutFilter(
  index: SnapshotIndex,
  { pid, kinds, persistent = false, of }: Selection,
  language: Language,
): string | undefined {
  if (of !== undefined) {
    if (index.members.has(of.id)) return undefined;
    return EMPTY_LIST["no-process-inside"][language]({ text: `${of.kind}:[${inodeOf(of.id)}]` });
  }
  const wanted = (kind: NamespaceKind | undefined): boolean =>
    kinds === undefined || (kind !== undefined && kinds.has(kind));
  if (pid !== undefined) {
    const process = index.processes.get(pid);
    if (process === undefined) return EMPTY_LIST["no-such-process"][language]({ pid });
    for (const id of namespacesOf(index, pid)) if (wanted(index.namespaces.get(id)?.kind)) return undefined;
    const errno = Object.values(process.refused ?? {})[0];
    if (errno !== undefined) return EMPTY_LIST["unreadable-process"][language]({ pid, errno });
  } else {
    const found = index.snapshot.namespaces.filter(({ kind }) => wanted(kind));
    if (found.some(({ id }) => !persistent || !index.members.has(id))) return undefined;
    if (found.length > 0) return EMPTY_LIST["none-persistent"][language];
  }
  if (kinds === undefined) return EMPTY_LIST.nothing[language];
  return EMPTY_LIST["no-such-kind"][language]({ kinds: [...kinds] });
}
