import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lookBesideChurn, RATE, type Seen, type View } from "./beside.ts";

const USAGE = `npm run churn -- [--looks N] [--seed N] [--write]
looks N times (200) at a machine that a churner changes, half of them from within its pid namespace, and judges each look;
--write puts what came of it into docs/churn.md. Needs root and a C compiler.
`;
const VIEWS: readonly View[] = ["outside", "inside"];

/** The program; gives its exit code: 1 where something was wrong. */
export async function main(words: readonly string[], root: string): Promise<number> {
  const options = readWords(words);
  if (options === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { looks, seed, write } = options;
  const found: [View, Seen][] = [];
  for (const view of VIEWS) {
    const programs = import.meta.dirname;
    const seen = await lookBesideChurn({ root, programs, view, looks: Math.ceil(looks / VIEWS.length), seed });
    found.push([view, seen]);
    process.stdout.write(`${view}: ${JSON.stringify(seen)}\n`);
  }
  const table = tableOf(found);
  process.stdout.write(`\n${table}\n`);
  if (found.some(([, { looks }]) => Object.keys(looks.wrong).length > 0 || looks.leftOpen !== 0)) return 1;
  if (write) record(root, `${table}\n\n${measuredAt(root, seed)}`);
  return 0;
}

function readWords(words: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { looks: { type: "string" }, seed: { type: "string" }, write: { type: "boolean" } },
    });
    const [looks, seed] = [Number(values.looks ?? 200), Number(values.seed ?? Date.now() % 1_000_000)];
    return Number.isSafeInteger(looks) && looks > 0 && Number.isSafeInteger(seed)
      ? { looks, seed, write: values.write === true }
      : undefined;
  } catch {
    return undefined;
  }
}

const number = (value: number): string => Math.round(value).toLocaleString("en-US");

function tableOf(found: readonly [View, Seen][]): string {
  const rows: [string, (seen: Seen) => string][] = [
    ["looks", ({ looks }) => number(looks.looks)],
    ["seconds", ({ looks }) => number(looks.seconds)],
    ["namespaces made a second", ({ churned }) => number(churned.namespaces / churned.seconds)],
    ["processes made a second", ({ churned }) => number(churned.processes / churned.seconds)],
    ["threads made", ({ churned }) => number(churned.threads)],
    ["mounts made", ({ churned }) => number(churned.mounts)],
    ["namespaces seen", ({ looks }) => number(looks.seen.namespaces)],
    ["processes seen", ({ looks }) => number(looks.seen.processes)],
    ["threads, descriptors, pins seen", ({ looks: { seen } }) => number(seen.threads + seen.descriptors + seen.pins)],
    ["ended while they were looked at", ({ looks }) => number(looks.seen.vanished)],
    ["looks that failed, impossible facts", ({ looks }) => number(Object.keys(looks.wrong).length)],
    ["descriptors, processes left", ({ looks }) => number(looks.leftOpen + looks.children)],
    ["growth of the heap, MiB", ({ looks }) => looks.heapMiB.toFixed(1)],
    ["growth of the resident memory, MiB", ({ looks }) => looks.residentMiB.toFixed(1)],
  ];
  const lines = rows.map(([title, cell]) => `| ${title} | ${found.map(([, seen]) => cell(seen)).join(" | ")} |`);
  return [`|  | ${found.map(([view]) => view).join(" | ")} |`, "| --- | ---: | ---: |", ...lines].join("\n");
}

function measuredAt(root: string, seed: number): string {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
  const cpu = cpus();
  return (
    `Measured at ${commit}, seed ${seed}, ${RATE} namespaces a second wanted, on Linux ${release()}, ` +
    `Node ${process.versions.node}, ${cpu.length} of ${cpu[0]?.model ?? "an unknown processor"}.`
  );
}

const [START, END] = ["<!-- churn -->", "<!-- end churn -->"];

/** The text between the marks of the page. */
function record(root: string, text: string): void {
  const page = join(root, "docs/churn.md");
  const old = readFileSync(page, "utf8");
  const [from, to] = [old.indexOf(START) + START.length, old.indexOf(END)];
  writeFileSync(page, `${old.slice(0, from)}\n\n${text}\n\n${old.slice(to)}`);
  execFileSync(join(root, "node_modules/.bin/oxfmt"), ["--write", page], { cwd: root });
}
