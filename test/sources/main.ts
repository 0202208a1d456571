import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { find, type Found, type Seen } from "./found.ts";
import { Held } from "./held.ts";
import { IN_ORDER, KINDS } from "./kinds.ts";
import { columnsIn, pageWith, rowsIn, tableOf } from "./page.ts";
import { lsnsOf, Nsatlas } from "./programs.ts";

const USAGE = `npm run sources -- [--write]
builds a holder of each kind, lets nsatlas and lsns look, does what nsatlas says would let the namespace go, and compares with
docs/sources.md; --write writes the table into it. Needs root and a C compiler.
`;

const [root = "", ...words] = process.argv.slice(2);
process.exitCode = words.some((word) => word !== "--write") ? usage() : await main(root, words.includes("--write"));

function usage(): number {
  process.stderr.write(USAGE);
  return 2;
}

/** 0: the page is as the machine, and each namespace ended; 1: not. */
async function main(root: string, write: boolean): Promise<number> {
  const page = join(root, "docs/sources.md");
  const found = await buildAndFind(root);
  const stayed = found.filter(({ ended }) => ended === false);
  for (const { title, release } of stayed) process.stdout.write(`It has not ended: ${title} (${release.join("; ")})\n`);
  if (write) {
    writeFileSync(page, pageWith(readFileSync(page, "utf8"), `${tableOf(found)}\n\n${about(root)}`));
    spawnSync(join(root, "node_modules/.bin/oxfmt"), ["--write", page], { cwd: root, stdio: "inherit" });
    return stayed.length === 0 ? 0 : 1;
  }
  const told = readFileSync(page, "utf8");
  const differences = differencesOf(rowsIn(told), rowsIn(tableOf(found)), columnsIn(tableOf(found)));
  for (const text of differences) process.stdout.write(`${text}\n`);
  return stayed.length === 0 && differences.length === 0 ? 0 : 1;
}

async function buildAndFind(root: string): Promise<readonly Found[]> {
  const folder = mkdtempSync(join(tmpdir(), "sources-"));
  const all = new Map<string, Held>();
  try {
    const program = compile(root, folder);
    for (const { name } of IN_ORDER) all.set(name, await Held.make(program, name, folder));
    const nsatlas = new Nsatlas(root);
    const lsns = ["lsns", join(root, ".cache/newer-lsns/lsns")].flatMap((path) => lsnsOf(path) ?? []);
    const seen: Seen = { nsatlas, lsns, lists: nsatlas.list(), unseen: nsatlas.unseen() };
    const found: Found[] = [];
    for (const { name, title } of KINDS) {
      const held = all.get(name);
      if (held !== undefined) found.push({ title, ...(await find(held, seen)) });
    }
    return found;
  } finally {
    for (const held of all.values()) await held[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  }
}

function compile(root: string, folder: string): string {
  const program = join(folder, "holder");
  const words = ["-O1", "-pthread", "-o", program, join(root, "test/sources/holder.c")];
  const { status, stderr } = spawnSync("gcc", words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`gcc failed:\n${stderr}`);
  return program;
}

type Row = ReadonlyMap<string, string>;

/** Of the columns that this machine can fill: it may have no newer lsns. */
function differencesOf(page: ReadonlyMap<string, Row>, now: ReadonlyMap<string, Row>, columns: readonly string[]) {
  const kernelLists = Number(release().split(".")[0]) * 1000 + Number(release().split(".")[1]) >= 6019;
  return KINDS.filter(({ isListedSince619 }) => !(kernelLists && isListedSince619 === true)).flatMap(({ title }) =>
    columns.flatMap((column) => {
      const [old, fresh] = [page.get(title)?.get(column), now.get(title)?.get(column)];
      return old === fresh ? [] : [`${title}, ${column}: the page says ${old}, and it is ${fresh}`];
    }),
  );
}

function about(root: string): string {
  const { stdout } = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" });
  return `Built and looked at on Linux ${release()}, by root, at ${stdout.trim()}.`;
}
