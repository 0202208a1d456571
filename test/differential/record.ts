import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";

const PAGE = "docs/differential.md";
const HEAD = `# The model and the running kernel, side by side

\`npm run differential\` plays the same calls on the model and on the running kernel and compares every answer: success or
errno, what a descriptor leads to, numbers, texts, and at the end of each sequence where every task stands. This page is
written by such runs (\`--record\`), the last one of each kind. A difference would have ended the run. With \`--can\` and
\`--pairs\` it is the answers of [\`nsatlas can\`](capabilities.md#can-may-it) that are tried on the running kernel, with \`--topologies\`
random topologies that are restored there, found again, and compared.
`;

/** A run to be put down. */
export interface Recorded {
  readonly title: string;
  readonly seed: number | undefined;
  readonly summary: string;
}

/** Puts a summary into the page, in place of the one with the same title. */
export function recordRun(root: string, { title, seed, summary }: Recorded): void {
  const path = join(root, PAGE);
  const sections = existsSync(path) ? sectionsOf(readFileSync(path, "utf8")) : new Map<string, string>();
  const facts = [
    ...(seed === undefined ? [] : [`Seed ${seed}`]),
    `commit ${commitOf(root)}`,
    `Linux ${release()}`,
    `Node ${process.versions.node}`,
    new Date().toISOString().slice(0, "2026-01-01".length),
  ];
  sections.set(title, `${facts.join(", ")}. ${summary}`);
  const parts = [...sections].map(([name, text]) => `## ${name}\n\n${text.trim()}\n`);
  writeFileSync(path, [HEAD, ...parts].join("\n"));
}

function sectionsOf(page: string): Map<string, string> {
  const [, ...parts] = page.split(/^## /m);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end).trim()];
    }),
  );
}

/** Who cannot ask git (a copy, another user's clone) says so. */
export function commitOf(root: string): string {
  const git = (...words: string[]): string =>
    execFileSync("git", ["-c", `safe.directory=${root}`, "-C", root, ...words], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    const changed = git("status", "--porcelain", "--", "src") !== "";
    return `${git("rev-parse", "--short", "HEAD")}${changed ? " with changes" : ""}`;
  } catch {
    return "unknown";
  }
}
