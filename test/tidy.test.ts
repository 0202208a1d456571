import { describe, expect, test } from "vitest";
import { layerOf, sourceFiles } from "./support/sources.ts";

/**
 * Each folder of src/ and what it builds on: the architecture diagram. The three kernels do not know each other.
 * What may run in a browser reaches for nothing outside the language; `packages` are all the others it may name.
 */
const PURE = { packages: [] as string[] };
const LAYERS: Record<string, { on: string[]; packages?: string[] }> = {
  abi: { on: [], ...PURE },
  messages: { on: ["abi"], ...PURE },
  procfs: { on: ["abi"], ...PURE },
  refs: { on: ["abi", "messages"], ...PURE },
  rules: { on: ["abi", "messages"], ...PURE },
  kernel: { on: ["abi", "messages", "procfs", "rules"], ...PURE },
  "kernel/model": { on: ["abi", "messages", "procfs", "rules", "kernel"], packages: ["immutable"] },
  "kernel/live": { on: ["abi", "messages", "procfs", "rules", "kernel"] },
  "kernel/replay": { on: ["abi", "messages", "procfs", "rules", "kernel"], ...PURE },
  snapshot: { on: ["abi", "messages", "procfs", "rules", "errors"], packages: ["zod"] },
  discover: { on: ["abi", "messages", "procfs", "rules", "kernel", "snapshot"], ...PURE },
  render: { on: ["abi", "messages", "procfs", "refs", "rules", "snapshot"], packages: ["picocolors"] },
};
/** What is not in the table may build on everything that is. */
const TOP = ["cli", ""];

const files = sourceFiles();
const MAX_LINES = 250;

describe("the layers", () => {
  test.each(files.filter(({ folder }) => !TOP.includes(folder)))(
    "$path imports only what its folder builds on",
    (file) => {
      const layer = LAYERS[file.folder];
      expect(layer, `src/${file.folder} has no row in LAYERS`).toBeDefined();
      const allowed = new Set([file.folder, ...(layer?.on ?? [])]);
      const foreign = file.imports.filter((path) => !allowed.has(path === "errors.ts" ? "errors" : layerOf(path)));
      expect(foreign).toEqual([]);
    },
  );

  test.each(files.filter(({ folder }) => LAYERS[folder]?.packages !== undefined))("$path is free of I/O", (file) => {
    const allowed = new Set(LAYERS[file.folder]?.packages);
    expect(file.packages.filter((name) => !allowed.has(name))).toEqual([]);
  });

  test("every row is a folder, so that the table stays true", () => {
    const folders = new Set(files.map(({ folder }) => folder));
    expect(Object.keys(LAYERS).filter((folder) => !folders.has(folder))).toEqual([]);
  });

  test("imports go in no circle", () => {
    expect(findCircle(new Map(files.map(({ path, imports }) => [path, imports])))).toEqual([]);
  });
});

describe("a file", () => {
  test.each(files)("$path is short enough to be one idea, unless it is a table", ({ path, text }) => {
    const isTable = path.startsWith("abi/") || path.startsWith("messages/");
    expect(text.split("\n").length).toBeLessThan(isTable ? 2 * MAX_LINES : MAX_LINES);
  });

  test.each(files)("$path says in a doc comment what it is about", ({ text }) => {
    expect(text).toMatch(/^\s*\/\*\*/m);
  });
});

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
