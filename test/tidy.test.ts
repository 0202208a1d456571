import { describe, expect, test } from "vitest";
import { layerOf, sourceFiles } from "./support/sources.ts";

/**
 * Each folder of src/ and what it builds on: the architecture diagram. The three kernels do not know each other.
 * What may run in a browser reaches for nothing outside the language; `packages` are all the others it may name.
 */
const LAYERS: readonly { folder: string; on: readonly string[]; packages?: readonly string[] }[] = [
  { folder: "abi", on: [], packages: [] },
  { folder: "messages", on: ["abi"], packages: [] },
  { folder: "procfs", on: ["abi"], packages: [] },
  { folder: "netlink", on: ["abi"], packages: [] },
  { folder: "traces", on: ["abi", "procfs"], packages: [] },
  { folder: "refs", on: ["abi", "messages"], packages: [] },
  { folder: "rules", on: ["abi", "messages"], packages: [] },
  { folder: "kernel", on: ["abi", "messages", "netlink", "procfs", "rules"], packages: [] },
  { folder: "kernel/model", on: ["abi", "messages", "procfs", "rules", "kernel"], packages: [] },
  { folder: "kernel/live", on: ["abi", "messages", "netlink", "procfs", "rules", "kernel"] },
  { folder: "snapshot", on: ["abi", "messages", "procfs", "traces", "rules", "errors.ts"], packages: ["zod"] },
  {
    folder: "discover",
    on: ["abi", "messages", "procfs", "traces", "refs", "rules", "kernel", "snapshot"],
    packages: [],
  },
  {
    folder: "library",
    on: [
      "abi",
      "messages",
      "procfs",
      "refs",
      "rules",
      "kernel",
      "kernel/live",
      "kernel/model",
      "snapshot",
      "discover",
      "errors.ts",
      "version.ts",
    ],
  },
  {
    folder: "render",
    on: ["abi", "messages", "procfs", "traces", "refs", "rules", "snapshot"],
    packages: ["picocolors"],
  },
  {
    folder: "what-if",
    on: ["abi", "messages", "rules", "kernel", "kernel/model", "snapshot", "render"],
    packages: [],
  },
  {
    folder: "caps",
    on: ["abi", "messages", "procfs", "traces", "rules", "snapshot", "render"],
    packages: [],
  },
  {
    // It asks in the words of the command line: of that it takes what reads words, which tsconfig.pure.json sees need no Node.
    folder: "page",
    on: ["abi", "messages", "refs", "rules", "snapshot", "render", "caps", "cli"],
    packages: [],
  },
  {
    folder: "topology",
    on: [
      "abi",
      "messages",
      "netlink",
      "procfs",
      "refs",
      "rules",
      "kernel",
      "kernel/model",
      "snapshot",
      "discover",
      "traces",
      "caps",
      "render",
      "what-if",
      "errors.ts",
    ],
  },
  {
    folder: "restore",
    on: [
      "abi",
      "messages",
      "netlink",
      "procfs",
      "rules",
      "kernel",
      "kernel/live",
      "snapshot",
      "discover",
      "enter",
      "topology",
      "errors.ts",
    ],
  },
  {
    folder: "doctor",
    on: ["abi", "messages", "procfs", "rules", "kernel", "snapshot", "render"],
    packages: [],
  },
  { folder: "demo", on: ["abi", "messages", "rules", "kernel", "render"], packages: [] },
  { folder: "enter", on: ["abi", "messages", "procfs", "refs", "rules", "kernel", "snapshot"], packages: [] },
  {
    folder: "inside",
    on: [
      "abi",
      "messages",
      "procfs",
      "refs",
      "rules",
      "kernel",
      "kernel/live",
      "snapshot",
      "discover",
      "enter",
      "library",
      "errors.ts",
    ],
  },
];
/** What is not in the table may build on everything that is. */
const TOP = ["cli", "errors.ts", "version.ts", "faces"];

const files = sourceFiles();
const MAX_LINES = 300;

describe("the layers", () => {
  test.each(LAYERS)("$folder builds only on what its row lists", ({ folder, on }) => {
    const allowed = new Set([folder, ...on]);
    const imports = filesOf(folder).flatMap((file) => file.imports.map((to) => ({ from: file.path, to })));
    expect(imports.filter(({ to }) => !allowed.has(layerOf(to)))).toEqual([]);
  });

  test.each(LAYERS.filter(({ packages }) => packages !== undefined))("$folder is pure", ({ folder, packages }) => {
    const imports = filesOf(folder).flatMap((file) => file.packages.map((name) => ({ from: file.path, name })));
    expect(imports.filter(({ name }) => packages?.includes(name) !== true)).toEqual([]);
  });

  test("are all the folders there are, but for those on top", () => {
    const folders = new Set(files.map(({ folder }) => folder).filter((folder) => !TOP.includes(folder)));
    expect(new Set(LAYERS.map(({ folder }) => folder))).toEqual(folders);
  });

  test("have no circle of imports within them", () => {
    expect(findCircle(new Map(files.map(({ path, imports }) => [path, imports])))).toEqual([]);
  });
});

describe("each file of src/", () => {
  test(`is shorter than ${MAX_LINES} lines, so that it can be one idea; a table may be longer`, () => {
    const isTable = (path: string) => path.startsWith("abi/") || path.startsWith("messages/");
    const long = files.filter(({ path, text }) => !isTable(path) && text.split("\n").length > MAX_LINES);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test("has a doc comment", () => {
    expect(files.filter(({ text }) => !/^\s*\/\*\*/m.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

const filesOf = (folder: string) => files.filter((file) => file.folder === folder);

/** A path of imports that comes back to its start; empty where there is none. Depth first, each file once. */
function findCircle(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const trail: string[] = [];
  const onTrail = new Set<string>();
  const visit = (path: string): string[] => {
    if (onTrail.has(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return [];
    done.add(path);
    trail.push(path);
    onTrail.add(path);
    for (const next of imports.get(path) ?? []) {
      const circle = visit(next);
      if (circle.length > 0) return circle;
    }
    trail.pop();
    onTrail.delete(path);
    return [];
  };
  for (const path of imports.keys()) {
    const circle = visit(path);
    if (circle.length > 0) return circle;
  }
  return [];
}
