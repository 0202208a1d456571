import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inTurns, median, ROUNDS, type Bench, type Measured } from "./bench.ts";

const RUNS = 8;
const PROGRAM = join(process.cwd(), "dist/cli.cjs");

/** `run` beside unshare, and how the program starts: by the shell line in front of dist/cli.cjs and by Node itself. */
function measure(): Measured {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const empty = join(folder, "empty.mjs");
    writeFileSync(empty, "");
    const rounds = inTurns(
      {
        "unshare -r -n": ["unshare", ["-r", "-n", "true"]],
        "node empty.mjs": [process.execPath, [empty]],
        "nsatlas run -r -n": [PROGRAM, ["run", "-r", "-n", "true"]],
        "nsatlas --help": [PROGRAM, ["--help"]],
        "node dist/cli.cjs --help": [process.execPath, [PROGRAM, "--help"]],
        "nsatlas list": [PROGRAM, ["list"]],
        "node dist/cli.cjs list": [process.execPath, [PROGRAM, "list"]],
      },
      RUNS,
    );
    type Name = Parameters<(typeof rounds)[number]>[0];
    const of = (name: Name): string => median(rounds.map((round) => round(name))).toFixed(1);
    const more = (name: Name, ...less: readonly Name[]): string =>
      median(rounds.map((round) => less.reduce((took, one) => took - round(one), round(name)))).toFixed(1);
    return {
      columns: ["program", "ms", "more than Node's start"],
      rows: [
        ["node empty.mjs", of("node empty.mjs"), ""],
        ["unshare -r -n", of("unshare -r -n"), ""],
        [
          "nsatlas run -r -n, less unshare",
          of("nsatlas run -r -n"),
          more("nsatlas run -r -n", "node empty.mjs", "unshare -r -n"),
        ],
        ["nsatlas --help", of("nsatlas --help"), more("nsatlas --help", "node empty.mjs")],
        [
          "node dist/cli.cjs --help",
          of("node dist/cli.cjs --help"),
          more("node dist/cli.cjs --help", "node empty.mjs"),
        ],
        ["nsatlas list", of("nsatlas list"), more("nsatlas list", "node empty.mjs")],
        ["node dist/cli.cjs list", of("node dist/cli.cjs list"), more("node dist/cli.cjs list", "node empty.mjs")],
      ],
      remarks: [`${ROUNDS} rounds of ${RUNS} runs each in turns; of a round the fastest, of the rounds the median.`],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const bench: Bench = { name: "start", measure: async () => measure() };
