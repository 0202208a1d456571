import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cpuInTurns, inTurns, less, turns, type Bench, type CommandLine, type Measured } from "./bench.ts";
import { Load, Programs } from "./machine/machine.ts";

const RUNS = 12;
const PROGRAM = join(process.cwd(), "dist/cli.cjs");

/** As many processes as a machine has that does little. */
const PROCESSES = 200;

/** What the program takes to start, `run` beside unshare: beside a Node that loads an empty module. */
async function measure(): Promise<Measured> {
  using programs = new Programs();
  const there = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length;
  await using _ = await Load.begin(programs, { processes: Math.max(1, PROCESSES - there), descriptors: 3 });
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const [empty, script] = [join(folder, "empty.mjs"), join(folder, "empty.cjs")];
    for (const file of [empty, script]) writeFileSync(file, "");
    const things = {
      "node empty.mjs": [process.execPath, [empty]],
      "node empty.cjs": [process.execPath, [script]],
      "unshare -r -n": ["unshare", ["-r", "-n", "true"]],
      "nsatlas --help": [PROGRAM, ["--help"]],
      "nsatlas completion --words nsatlas list --": [PROGRAM, ["completion", "--words", "nsatlas", "list", "--"]],
      "nsatlas run -r -n": [PROGRAM, ["run", "-r", "-n", "true"]],
      "nsatlas list": [PROGRAM, ["list"]],
      "node dist/cli.cjs list": [process.execPath, [PROGRAM, "list"]],
    } as const satisfies Readonly<Record<string, CommandLine>>;
    const rounds = inTurns<keyof typeof things>(things, RUNS);
    const cpu = cpuInTurns<keyof typeof things>(things, RUNS);
    const row = (name: keyof typeof things) => [
      name,
      less(rounds, name),
      less(rounds, name, "node empty.mjs"),
      less(cpu, name, "node empty.mjs"),
    ];
    const named = Object.keys(things).filter((name): name is keyof typeof things => Object.hasOwn(things, name));
    return {
      columns: ["program", "ms", "more than Node's start", "the same of CPU time"],
      rows: [
        ...named.map(row),
        [
          "run, less unshare",
          "",
          less(rounds, "nsatlas run -r -n", "node empty.mjs", "unshare -r -n"),
          less(cpu, "nsatlas run -r -n", "node empty.mjs", "unshare -r -n"),
        ],
      ],
      remarks: [`${turns(RUNS)} Among ${PROCESSES} processes.`],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const bench: Bench = { name: "start", measure };
