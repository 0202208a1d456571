import type { NamespaceId } from "../abi/ids.ts";
import { kindOfLink, LINKS } from "../abi/proc-links.ts";
import { compareSeniority } from "../snapshot/senior.ts";
import type { ProcessRecord } from "../snapshot/types.ts";

/** Processes that are in the very same namespaces, by the most senior of them. */
export interface NamespaceSet {
  readonly namespaces: readonly NamespaceId[];
  senior: ProcessRecord;
}

interface Branch {
  readonly next: Map<NamespaceId | undefined, Branch>;
  set?: NamespaceSet;
}

/**
 * The different sets of namespaces that processes are in, `ignored` ones left out of them: a process that is in nothing
 * else is in none. A tree with one level a link, so that a process costs eight look-ups.
 */
export function namespaceSets(
  processes: readonly ProcessRecord[],
  ignored: ReadonlySet<NamespaceId>,
): readonly NamespaceSet[] {
  const root: Branch = { next: new Map() };
  const sets: NamespaceSet[] = [];
  for (const process of processes) {
    let branch = root;
    const namespaces: NamespaceId[] = [];
    for (const link of OWN_LINKS) {
      const written = process.namespaces[link];
      const id = written === undefined || ignored.has(written) ? undefined : written;
      if (id !== undefined) namespaces.push(id);
      const known = branch.next.get(id);
      const below: Branch = known ?? { next: new Map() };
      if (known === undefined) branch.next.set(id, below);
      branch = below;
    }
    if (namespaces.length === 0) continue;
    if (branch.set === undefined) {
      branch.set = { namespaces, senior: process };
      sets.push(branch.set);
    } else if (compareSeniority(process, branch.set.senior) < 0) {
      branch.set.senior = process;
    }
  }
  return sets;
}

/** What a process is in itself, not what it has for its children. */
const OWN_LINKS = LINKS.filter((link) => link === kindOfLink(link));
