import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");
const SRC = join(ROOT, "src");

/** A file of src/, with what it imports. */
export interface SourceFile {
  /** Below src/: `kernel/live/fd.ts`. */
  readonly path: string;
  /** The layer it belongs to: see `layerOf`. */
  readonly folder: string;
  readonly text: string;
  /** Files of src/ that it imports, by path; types count too. */
  readonly imports: readonly string[];
  /** Packages and Node's own modules that it imports. */
  readonly packages: readonly string[];
}

export function sourceFiles(): readonly SourceFile[] {
  const paths = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  return paths.sort().map(readSource);
}

/** Of static and lazy imports, and of re-exports, in lines of code. */
const IMPORT =
  /(?:^|\n)(?:import|export)\s[^;'"]*?from\s*"([^"]+)"|(?:^|\n)import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/g;

function readSource(path: string): SourceFile {
  const text = readFileSync(join(SRC, path), "utf8");
  const named = [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  const isOurs = (name: string) => name.startsWith(".");
  return {
    path,
    folder: layerOf(path),
    text,
    imports: named.filter(isOurs).map((name) => relative(SRC, join(SRC, dirname(path), name))),
    packages: named.filter((name) => !isOurs(name)),
  };
}

/** `kernel/live/fd.ts` is of layer kernel/live, `cli/commands/list.ts` of cli, `index.ts` of the faces of the library. What is no face has itself. */
export function layerOf(path: string): string {
  const [first = "", second = "", ...rest] = path.split("/");
  if (second === "") return first === "errors.ts" || first === "version.ts" ? first : "faces";
  return first === "kernel" && rest.length > 0 ? `${first}/${second}` : first;
}
