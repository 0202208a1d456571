import { kindOfLink, LINKS } from "../../abi/proc-links.ts";
import { parseCgroup } from "../../procfs/cgroup.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { Trace } from "../../snapshot/types.ts";
import { readCgroupLines } from "../../traces/read-lines.ts";
import type { TraceKind } from "../../traces/kinds.ts";
import type { TracePart } from "../../traces/trace.ts";
import type { Root } from "./roots.ts";

/** What a name of `--name` may be the name of. */
const NAMED: ReadonlySet<TraceKind> = new Set<TraceKind>(["container", "pod", "machine", "app", "sandbox"]);
/** As much of a container's id as its tools take. */
const SHORTEST_PREFIX = 4;

export type NamedRoots =
  | { readonly ok: true; readonly roots: readonly Root[] }
  /** none: nothing goes by this name. several: a short form of more than one, which are listed. */
  | { readonly ok: false; readonly why: "none" | "several"; readonly candidates: readonly string[] };

/** The processes of a container, pod or machine: by their control groups, and by the namespaces that are known to be its. */
export function rootsOfContainer(index: SnapshotIndex, name: string): NamedRoots {
  const pids = new Map<string, Set<number>>();
  const known = new Set<string>();
  const add = (part: TracePart, pid: number | undefined): void => {
    if (!NAMED.has(part.kind)) return;
    known.add(part.name);
    const isMeant = part.name === name || (name.length >= SHORTEST_PREFIX && part.name.startsWith(name));
    if (!isMeant || pid === undefined) return;
    const those = pids.get(part.name);
    if (those === undefined) pids.set(part.name, new Set([pid]));
    else those.add(pid);
  };
  for (const { pid, cgroup } of index.snapshot.processes) {
    const lines = cgroup === undefined ? undefined : parseCgroup(`0::${cgroup}\n`);
    const found = lines?.ok === true ? readCgroupLines(lines.value) : undefined;
    for (const part of found?.parts ?? []) add(part, pid);
  }
  const partsOf = (trace: Trace): readonly TracePart[] => trace.parts;
  for (const { id, kind, traces = [] } of index.snapshot.namespaces) {
    const members = index.members.get(id) ?? [];
    const isOwn = LINKS.some((link) => kindOfLink(link) === kind && index.snapshot.viewpoint.namespaces[link] === id);
    for (const part of isOwn ? [] : traces.flatMap(partsOf)) for (const { pid } of members) add(part, pid);
  }
  const [exact, ...others] = pids.has(name) ? [name] : [...pids.keys()].toSorted();
  if (exact === undefined) return { ok: false, why: "none", candidates: [...known].toSorted() };
  if (others.length > 0) return { ok: false, why: "several", candidates: [exact, ...others] };
  const roots = [...(pids.get(exact) ?? [])].map((pid): Root => ({ of: "process", pid }));
  return { ok: true, roots };
}
