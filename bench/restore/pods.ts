import type { NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { WrittenNamespace, WrittenProcess, WrittenTopology } from "../../src/topology/written/schema.ts";

/** So many namespaces and processes has each pod. */
export const POD = { namespaces: 25, processes: 5 };
/** And each of the flat ones. */
export const FLAT = { namespaces: 4, processes: 1 };
/** The name of the process that everything of a pod hangs from. */
export const SANDBOX = "sandbox";

const ids = (outside: number): { uidMap: string[]; gidMap: string[] } => ({
  uidMap: [`0 ${outside} 65536`],
  gidMap: [`0 ${outside} 65536`],
});

/** Of every kind, in three levels: a sandbox, two containers in it, and in each of those what that has made. */
export function pods(count: number): WrittenTopology {
  const world = new World();
  for (let nth = 0; nth < count; nth++) {
    const pod = world.under(`pod${nth}`, "ambient:user");
    const own = pod.make(["pid", "mnt", "ipc", "net", "cgroup", "uts"], ids(100_000));
    pod.run(SANDBOX, own);
    for (const container of ["a", "b"]) {
      const outer = pod.under(container, pod.label("user"));
      const others = outer.make(["pid", "mnt", "ipc", "uts"], ids(0), { parent: pod.label("pid") });
      outer.run("main", [...others, pod.label("net")], pod.label(SANDBOX));
      const inner = outer.under("inner", outer.label("user"));
      inner.run(
        "main",
        inner.make(["pid", "uts", "time"], ids(0), { parent: outer.label("pid") }),
        outer.label("main"),
      );
    }
  }
  return { namespaces: world.namespaces, processes: world.processes };
}

/** What a shell script can make as well: in one user namespace, as `unshare -Ur` makes it, four others to a process. */
export function flat(count: number): WrittenTopology {
  const world = new World();
  world.namespaces["all"] = {
    kind: "user",
    owner: "ambient:user",
    uidMap: ["0 0 1"],
    gidMap: ["0 0 1"],
    setgroups: "deny",
  };
  for (let nth = 0; nth < count; nth++) {
    const one = world.under(`box${nth}`, "all");
    one.run("main", ["all", ...one.make(["mnt", "ipc", "net", "uts"])]);
  }
  return { namespaces: world.namespaces, processes: world.processes };
}

class World {
  readonly namespaces: Record<string, WrittenNamespace> = {};
  readonly processes: Record<string, WrittenProcess> = {};

  under(name: string, owner: string): Part {
    return new Part(this, name, owner);
  }
}

/** Namespaces and processes whose labels begin with the same name. */
class Part {
  readonly #world: World;
  readonly #name: string;
  readonly #above: string;

  constructor(world: World, name: string, above: string) {
    this.#world = world;
    this.#name = name;
    this.#above = above;
  }

  label(what: string): string {
    return `${this.#name}-${what}`;
  }
  under(name: string, owner: string): Part {
    return new Part(this.#world, this.label(name), owner);
  }

  /** Makes one of each kind, in a user namespace of their own where that is to have these maps. Gives their labels. */
  make(
    kinds: readonly Exclude<NamespaceKind, "user">[],
    maps?: ReturnType<typeof ids>,
    { parent }: { readonly parent?: string } = {},
  ): readonly string[] {
    const { namespaces } = this.#world;
    const owner = maps === undefined ? this.#above : this.label("user");
    if (maps !== undefined) namespaces[owner] = { kind: "user", owner: this.#above, ...maps };
    for (const kind of kinds) {
      const label = this.label(kind);
      if (kind === "uts") namespaces[label] = { kind, owner, hostname: this.#name.slice(0, 64) };
      else if (kind === "time") namespaces[label] = { kind, owner, boottime: 86_400 };
      else if (kind === "pid") namespaces[label] = { kind, owner, ...(parent !== undefined && { parent }) };
      else namespaces[label] = { kind, owner };
    }
    return [...(maps === undefined ? [] : [owner]), ...kinds.map((kind) => this.label(kind))];
  }

  run(name: string, namespaces: readonly string[], parent?: string): void {
    this.#world.processes[this.label(name)] = { in: [...namespaces], ...(parent !== undefined && { parent }) };
  }
}
