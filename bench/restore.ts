import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { count, median, ROUNDS, type Bench, type Measured } from "./bench.ts";
import { FLAT, flat, POD, pods, SANDBOX } from "./restore/pods.ts";

const PROGRAM = join(process.cwd(), "dist/cli.cjs");
const SCRIPT = join(process.cwd(), "bench/restore/flat.sh");
/** Pods: 500, 1,000 and 2,000 namespaces. */
const SIZES = [20, 40, 80];
/** 1,000 namespaces, and the user namespace that owns them. */
const BOXES = 250;

/** In milliseconds. */
interface Took {
  readonly wall: number;
  readonly cpu: number;
}

/**
 * What a bash script timed, by the names that it gave: in pid and mount namespaces of its own, where nothing is that others started,
 * and with which everything ends that it left.
 */
function timed(script: string, ...words: readonly string[]): ReadonlyMap<string, Took> {
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(
    "unshare",
    ["-m", "-p", "-f", "--mount-proc", "--kill-child", "bash", "-c", `${PRELUDE}\n${script}`, "bash", ...words],
    { encoding: "utf8", env: { ...environment, LC_ALL: "C" }, stdio: ["ignore", "pipe", "pipe"] },
  );
  if (status !== 0) throw new Error(`${script} gave ${status}: ${stderr.slice(0, 1000)}`);
  const lines = stdout.split("\n").filter((line) => line.startsWith("took "));
  return new Map(
    lines.map((line) => {
      const [, name = "", ...numbers] = line.split(" ");
      const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = numbers.map(
        (number) => Number(number) * 1000,
      );
      return [name, { wall, cpu: user + system }];
    }),
  );
}

/** `timed NAME COMMAND…` runs it and says what it took; its own output goes nowhere. */
const PRELUDE = `set -e
mount -t tmpfs none /run
TIMEFORMAT='%3R %3U %3S'
timed() { local name=$1; shift; { time "$@" >/dev/null 2>&3; } 3>&2 2>/run/took; echo "took $name $(cat /run/took)"; }`;

/** $1: nsatlas, $2: what to restore, $3: where an image may go. */
const PODS = `timed dry "$1" restore "$2" --dry-run
timed restore "$1" restore "$2" --name bench
pids=$("$1" restore --list --json | grep -o '"label":"[^"]*${SANDBOX}","pid":[0-9]*' | grep -o '[0-9]*$')
timed checkpoint "$1" checkpoint $pids -o "$3"
for pid in $pids; do echo "took rss $(grep VmRSS /proc/$pid/status | grep -o '[0-9]*') 0 0"; done
timed undo "$1" restore --undo bench`;
const RESTORE = `timed restore "$1" restore "$2" --name bench`;
/** $1: the script, $2: how many. It has ended by then what it made, and says itself how long the making took. */
const SHELL = `TIMEFORMAT='%3U %3S'
{ time unshare -Ur "$1" "$2" >/run/made 2>&3; } 3>&2 2>/run/took
echo "took script $(cat /run/made) $(cat /run/took)"`;

async function measure(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const write = (name: string, topology: object): string => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(topology));
    return path;
  };
  try {
    const files = SIZES.map((size) => ({ size, file: write(`pods-${size}`, pods(size)) }));
    const boxes = write("flat", flat(BOXES));
    const image = join(folder, "image.json");
    const rounds = Array.from({ length: ROUNDS }, () => ({
      sizes: files.map(({ file }) => timed(PODS, PROGRAM, file, image)),
      flat: timed(RESTORE, PROGRAM, boxes).get("restore"),
      script: timed(SHELL, SCRIPT, String(BOXES)).get("script"),
    }));
    const row = (name: string, namespaces: number, processes: number, took: readonly (Took | undefined)[]) => [
      name,
      count(namespaces),
      count(processes),
      of(took, "wall").toFixed(0),
      of(took, "cpu").toFixed(0),
    ];
    const rows = (["dry", "restore", "checkpoint", "undo"] as const).flatMap((what) =>
      SIZES.map((size, nth) =>
        row(
          NAMES[what],
          size * POD.namespaces,
          size * POD.processes,
          rounds.map(({ sizes }) => sizes[nth]?.get(what)),
        ),
      ),
    );
    const [namespaces, processes] = [1 + BOXES * FLAT.namespaces, BOXES * FLAT.processes];
    const rss = rounds.flatMap(({ sizes }) => sizes.flatMap((names) => (names.get("rss")?.wall ?? Number.NaN) / 1000));
    return {
      columns: ["what", "namespaces", "processes", "ms", "ms of CPU time"],
      rows: [
        ...rows,
        row(
          "restore, flat",
          namespaces,
          processes,
          rounds.map((round) => round.flat),
        ),
        row(
          "shell script, flat",
          namespaces,
          processes,
          rounds.map((round) => round.script),
        ),
      ],
      remarks: [
        `${ROUNDS} rounds, in each all in turns; the median. The CPU time of the shell script is with the end of what it made. A skeleton process has ${Math.max(...rss)} KiB in memory (VmRSS).`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const of = (took: readonly (Took | undefined)[], what: keyof Took): number =>
  median(took.map((one) => one?.[what] ?? Number.NaN));

const NAMES = { dry: "restore --dry-run", restore: "restore", checkpoint: "checkpoint", undo: "restore --undo" };

export const bench: Bench = { name: "restore", measure };
