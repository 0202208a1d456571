import type { NamespaceId } from "../abi/ids.ts";
import { inodeOf } from "../abi/ids.ts";
import { programOf } from "../render/held-by.ts";
import { traceNameOf } from "../render/trace-words.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { ProcessRecord } from "../snapshot/types.ts";

/** What a search found. */
export interface Findings {
  readonly namespaces: ReadonlySet<NamespaceId>;
  readonly processes: readonly ProcessRecord[];
}

/**
 * Looks for words in what the page says of namespaces (kind, inode, id, given names, whose it is, where it is mounted) and of
 * processes (pid, command line, cgroup). All words have to be there; large and small letters are alike.
 */
export class Search {
  readonly #namespaces: readonly (readonly [NamespaceId, string])[];
  readonly #processes: readonly (readonly [ProcessRecord, string])[];

  constructor(index: SnapshotIndex) {
    const { snapshot, names, pins } = index;
    this.#namespaces = snapshot.namespaces.map((namespace) => {
      const { id, kind, uniqueId = "" } = namespace;
      const given = names.get(id)?.map(({ name }) => name) ?? [];
      const places = pins.get(id)?.map(({ path = "" }) => path) ?? [];
      const whose = traceNameOf(namespace, "utf-8") ?? "";
      return [id, [`${kind}:[${inodeOf(id)}]`, uniqueId, whose, ...given, ...places].join("\n").toLowerCase()];
    });
    this.#processes = snapshot.processes.map((process) => {
      const { pid, comm, cgroup = "" } = process;
      return [process, [pid, comm, programOf(process, "utf-8"), cgroup].join("\n").toLowerCase()];
    });
  }

  /** Undefined where no word is given: then everything is there. */
  find(query: string): Findings | undefined {
    const words = query
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    if (words.length === 0) return undefined;
    const fits = (text: string): boolean => words.every((word) => text.includes(word));
    return {
      namespaces: new Set(this.#namespaces.flatMap(([id, text]) => (fits(text) ? [id] : []))),
      processes: this.#processes.flatMap(([process, text]) => (fits(text) ? [process] : [])),
    };
  }
}
