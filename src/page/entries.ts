import { isNamespace, type Frame } from "../render/frames.ts";
import { innermostFirst } from "../render/picture/innermost-first.ts";
import type { NamespaceName } from "../render/namespace-name.ts";
import type { NamespaceRecord, ProcessRecord } from "../snapshot/types.ts";
import type { ErrnoName } from "../abi/errnos.ts";
import type { Findings } from "./search.ts";

/** A line of the page's tree. */
export type Entry = Place &
  (
    | { readonly is: "namespace"; readonly namespace: NamespaceRecord }
    /** Above those whose owner is not known. */
    | { readonly is: "no-owner"; readonly errno: ErrnoName | undefined }
    /** Above all processes, or those that were found. */
    | { readonly is: "processes"; readonly count: number }
    | { readonly is: "process"; readonly process: ProcessRecord }
  );

interface Place {
  /** Its name in the page's state, and what tells it from the others. */
  readonly key: string;
  /** 1: outermost. */
  readonly level: number;
  /** Its place among its siblings, from 1, and how many those are. */
  readonly nth: number;
  readonly of: number;
  /** Whether what is below it is shown; undefined: nothing is. */
  readonly open?: boolean;
}

interface Wish {
  readonly roots: readonly Frame[];
  readonly nameOf: NamespaceName;
  /** Undefined: nothing was searched for. */
  readonly found: Findings | undefined;
  readonly processes: readonly ProcessRecord[];
  readonly turned: ReadonlySet<string>;
}

/** Up to so many lines the tree opens whole; above, only its first level. */
const MOST_OPEN = 400;
export const PROCESSES_KEY = "processes";

/** The lines that are to be seen, in their order. Linear in what there is. No recursion: nothing bounds the depth. */
export function entriesOf({ roots, nameOf, found, processes, turned }: Wish): Entry[] {
  const kept = found && framesWith(found, roots);
  const total = roots.reduce((sum, { below }) => sum + 1 + below, 0);
  const isOpen = (key: string, level: number): boolean =>
    found !== undefined || (total <= MOST_OPEN || level === 1) !== turned.has(key);

  const entries: Entry[] = [];
  type Waiting = { readonly frame: Frame; readonly level: number; readonly nth: number; readonly of: number };
  const tops = kept === undefined ? roots : roots.filter((root) => kept.has(root));
  const listed = found?.processes ?? processes;
  const last = listed.length > 0 ? 1 : 0;
  const open: Waiting[] = tops
    .map((frame, nth) => ({ frame, level: 1, nth: nth + 1, of: tops.length + last }))
    .toReversed();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { frame, ...place } = at;
    const { top } = frame;
    const owned = found === undefined ? frame.owned : frame.owned.filter(({ id }) => found.namespaces.has(id));
    const children = kept === undefined ? frame.children : frame.children.filter((child) => kept.has(child));
    const key = isNamespace(top) ? nameOf(top) : `${NO_OWNER}${top.errno ?? ""}`;
    const of = owned.length + children.length;
    const shown = of > 0 ? isOpen(key, place.level) : undefined;
    const where = { key, ...place, ...(shown !== undefined && { open: shown }) };
    entries.push(
      isNamespace(top) ? { is: "namespace", namespace: top, ...where } : { is: "no-owner", errno: top.errno, ...where },
    );
    if (shown !== true) continue;
    const level = place.level + 1;
    for (const [nth, namespace] of owned.entries()) {
      entries.push({ is: "namespace", namespace, key: nameOf(namespace), level, nth: nth + 1, of });
    }
    for (const [nth, child] of [...children.entries()].toReversed()) {
      open.push({ frame: child, level, nth: owned.length + nth + 1, of });
    }
  }
  if (last === 0) return entries;
  const place = { key: PROCESSES_KEY, level: 1, nth: tops.length + 1, of: tops.length + 1 };
  const shown = found !== undefined || turned.has(PROCESSES_KEY);
  entries.push({ is: "processes", count: listed.length, ...place, open: shown });
  if (!shown) return entries;
  for (const [nth, process] of listed.entries()) {
    entries.push({ is: "process", process, key: `pid:${process.pid}`, level: 2, nth: nth + 1, of: listed.length });
  }
  return entries;
}

const NO_OWNER = "owner:";

/** The frames that hold something that was found, or were found themselves. */
function framesWith({ namespaces }: Findings, roots: readonly Frame[]): ReadonlySet<Frame> {
  const kept = new Set<Frame>();
  for (const frame of innermostFirst(roots, ({ children }) => children)) {
    const isFound = isNamespace(frame.top) && namespaces.has(frame.top.id);
    if (isFound || frame.owned.some(({ id }) => namespaces.has(id)) || frame.children.some((child) => kept.has(child)))
      kept.add(frame);
  }
  return kept;
}
