import type { NamespaceId } from "../abi/ids.ts";
import type { Observer } from "../kernel/observer.ts";
import { parseCgroup, tellingPath, type CgroupLine } from "../procfs/cgroup.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import type { CgroupAttributes } from "../snapshot/types.ts";
import { answers, type AttributeReader } from "./asked.ts";

/** So many members are asked: one that was moved out of the namespace's part of the tree does not tell. */
const TRIES = 4;

/**
 * The root of a cgroup namespace is told by nobody; it is what is before the path of a process in it as we read it, and not
 * in that path as it reads from inside. ENODATA: no process below the root is to be seen.
 */
export const cgroupAttributes: AttributeReader<CgroupAttributes> = (asked, ids) => {
  const { observer, index, own } = asked;
  const pathsOf = (id: NamespaceId): readonly string[] =>
    (index.members.get(id) ?? []).slice(0, TRIES).map(({ pid }) => `${observer.procRoot}/${pid}/cgroup`);
  return answers(asked, ids, {
    outside(id) {
      if (id === own) return ok({ of: "cgroup", root: TOP });
      return index.members.has(id) ? undefined : refused("ENODATA");
    },
    ask(telling, of, ids) {
      const paths = ids.map(pathsOf);
      const before = paths.map((those) => those.map((path) => observer.read(path)));
      return telling.cgroups(of, paths).map((told, nth) => {
        if (!told.ok) return told;
        return rootOf(observer, { paths: paths[nth] ?? [], before: before[nth] ?? [], within: told.value });
      });
    },
  });
};

/** The texts of some processes' files, read from out here and from within. */
interface Texts {
  readonly paths: readonly string[];
  readonly before: readonly Outcome<string>[];
  readonly within: readonly Outcome<string>[];
}

function rootOf(observer: Observer, { paths, before, within }: Texts): Outcome<CgroupAttributes> {
  for (const [nth, inside] of within.entries()) {
    const [outer, inner] = [linesOf(before[nth]), linesOf(inside)];
    // Moved meanwhile: the two do not belong together.
    const after = observer.read(paths[nth] ?? "");
    if (!after.ok || before[nth]?.ok !== true || after.value !== before[nth].value) continue;
    const roots = outer.flatMap((line): CgroupLine[] => {
      const same = inner.find(({ hierarchy }) => hierarchy === line.hierarchy);
      const root = same === undefined ? undefined : rootBetween(line.path, same.path);
      return root === undefined ? [] : [{ ...line, path: root }];
    });
    const root = tellingPath(roots);
    if (root !== undefined) return ok({ of: "cgroup", root });
  }
  return refused("ENODATA");
}

const TOP = "/";

function linesOf(text: Outcome<string> | undefined): readonly CgroupLine[] {
  const parsed = text?.ok === true ? parseCgroup(text.value) : undefined;
  return parsed?.ok === true ? parsed.value : [];
}

/** Undefined: the process is outside of the namespace's part of the tree, and its path from inside leads up. */
export function rootBetween(outer: string, inner: string): string | undefined {
  if (inner === TOP) return outer;
  if (inner === "/.." || inner.startsWith("/../") || !outer.endsWith(inner)) return undefined;
  const root = outer.slice(0, -inner.length);
  return root === "" ? TOP : root;
}
