// npm run bench [-- NAME…]: runs the benches of this folder, all or the named ones, each in a process of its own, and writes
// what each measured into its part of docs/performance.md. `--print` only prints.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "rolldown";
import { pagePlugin } from "../scripts/make-page.js";

const ROOT = join(import.meta.dirname, "..");
const PAGE = join(ROOT, "docs/performance.md");
/** Benches are the files of this folder whose name is not this list's. */
const COMMON = new Set(["bench.ts"]);

const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && !COMMON.has(file))
  .map((file) => file.slice(0, -".ts".length));
const words = process.argv.slice(3);
const printOnly = words.includes("--print");
const named = words.filter((word) => word !== "--print");
const unknown = named.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`bench: there is no ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
  process.exit(2);
}

const folder = mkdtempSync(join(ROOT, "node_modules", ".bench-"));
try {
  for (const name of named.length === 0 ? known : named) {
    const { columns, rows, remarks } = await run(name);
    const text = [table(columns, rows), ...remarks, about()].join("\n\n");
    console.log(`${name}\n\n${text}\n`);
    if (!printOnly) write(name, text);
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** In a process of its own: what one leaves in the heap and the compiler would change the next one's figures. */
async function run(name) {
  const file = join(folder, `${name}.js`);
  await build({
    cwd: ROOT,
    input: join(import.meta.dirname, `${name}.ts`),
    plugins: [pagePlugin(ROOT)],
    // It looks for files beside its own.
    external: ["playwright-core"],
    platform: "node",
    transform: { target: "node20" },
    output: { file, format: "esm" },
    logLevel: "warn",
  });
  const main = `import { bench } from ${JSON.stringify(file)}; console.log(JSON.stringify(await bench.measure()))`;
  const { bench } = await import(pathToFileURL(file).href);
  const args = [...(bench.nodeOptions ?? []), "--input-type=module", "-e", main];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status === 0) return JSON.parse(stdout);
  throw new Error(`${name} was not measured; it has said why`);
}

/** Columns as wide as their widest cell, as the formatter has them. */
function table(columns, rows) {
  const widths = columns.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at].length)));
  const line = (cells) => `| ${cells.map((cell, at) => cell.padStart(widths[at])).join(" | ")} |`;
  const rule = `| ${widths.map((width) => `${"-".repeat(width - 1)}:`).join(" | ")} |`;
  return [line(columns), rule, ...rows.map(line)].join("\n");
}

function about() {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim();
  return `Measured at ${commit} on Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown CPU"}.`;
}

/** Puts the text between the bench's two marks. */
function write(name, text) {
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [`<!-- bench ${name} -->`, `<!-- end ${name} -->`];
  const [start, end] = [page.indexOf(from), page.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`docs/performance.md has no place for ${name}: ${from} … ${to}`);
  writeFileSync(PAGE, `${page.slice(0, start + from.length)}\n\n${text}\n\n${page.slice(end)}`);
}
