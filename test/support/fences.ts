import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./sources.ts";

/** A fenced block of a page. */
export interface Fence {
  /** The page, and the line of its first line of text: `README.md:42`. */
  readonly place: string;
  /** What follows the backticks: `sh`, `ts run`. */
  readonly info: string;
  readonly text: string;
}

/** The pages that are written by hand, below the root of the project. */
export function pages(): readonly string[] {
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).map((path) => `docs/${path}`);
  return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...docs.sort()].filter((path) => path.endsWith(".md"));
}

export function fencesOf(page: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { info: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of readFileSync(join(ROOT, page), "utf8").split("\n").entries()) {
    const mark = /^```(.*)$/.exec(line);
    if (mark === null) open?.lines.push(line);
    else if (open === undefined) open = { info: (mark[1] ?? "").trim(), line: index + 2, lines: [] };
    else {
      fences.push({ place: `${page}:${open.line}`, info: open.info, text: `${open.lines.join("\n")}\n` });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${page}:${open.line}: this block is never closed`);
  return fences;
}
