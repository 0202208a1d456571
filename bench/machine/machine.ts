import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { median, ROUNDS, type CommandLine } from "../bench.ts";

/** As npm runs scripts. */
const BENCH = join(process.cwd(), "bench");
/** dist/ has to be built. */
export const NSATLAS = join(BENCH, "../dist/cli.cjs");
const HOSTED = ["-O2", "-pthread"];
/** One page, of which nothing is shared but that. */
const ALONE = ["-Os", "-static", "-nostdlib", "-ffreestanding", "-Wl,-z,noseparate-code", "-Wl,--build-id=none"];
const PROGRAMS = { mkload: HOSTED, sleeper: ALONE, lb: HOSTED, "machine/timed": HOSTED } as const;

/** The programs in C of this folder, built; gone with the block. */
export class Programs implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "nsatlas-bench-"));

  constructor() {
    for (const [name, options] of Object.entries(PROGRAMS)) {
      execFileSync("gcc", [...options, "-o", this.#pathOf(name), join(BENCH, `${name}.c`)]);
    }
  }
  path(name: keyof typeof PROGRAMS): string {
    return this.#pathOf(name);
  }
  #pathOf(name: string): string {
    return join(this.#folder, name.replace("/", "-"));
  }
  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** What the machine is to have: see bench/mkload.c. */
export interface LoadWish {
  readonly processes: number;
  /** Per cent of them that have a namespace of their own. */
  readonly own?: number;
  /** Descriptors of each. */
  readonly descriptors?: number;
}

/** So many processes, which end with the block, or with us. */
export class Load implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async begin(programs: Programs, { processes, own = 0, descriptors = 0 }: LoadWish): Promise<Load> {
    const words = ["-n", processes, "-s", own, "-f", descriptors, "-x", programs.path("sleeper")].map(String);
    const child = spawn(programs.path("mkload"), words, { stdio: ["pipe", "pipe", "inherit"] });
    const load = new Load(child);
    const ended = once(child, "exit").then(() => undefined);
    const ready = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
    if (ready === undefined || !String(ready[0]).includes(`ready ${processes} `)) {
      await load[Symbol.asyncDispose]();
      throw new Error(`${processes} processes could not be made: ${String(ready)}`);
    }
    return load;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit");
  }
}

/** What one run of a program took. */
export interface Took {
  readonly ms: number;
  /** Milliseconds, its children's with it. */
  readonly cpu: number;
  /** Mebibytes resident at most. */
  readonly memory: number;
}

const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

export function run(programs: Programs, [program, words]: CommandLine): Took {
  const { stdout } = spawnSync(programs.path("machine/timed"), [program, ...words], {
    encoding: "utf8",
    env: { ...ENVIRONMENT, LC_ALL: "C" },
  });
  const [ms = Number.NaN, cpu = Number.NaN, kib = Number.NaN, status = 1] = stdout.trim().split(" ").map(Number);
  if (status !== 0) throw new Error(`${program} ${words.join(" ")} gave ${status}`);
  return { ms, cpu, memory: kib / 1024 };
}

/** Programs in turns; of each the medians. The first round does not count. */
export function turnsOf<Name extends string>(
  programs: Programs,
  lines: Readonly<Record<Name, CommandLine>>,
  rounds: number = ROUNDS,
): ReadonlyMap<string, Took> {
  const took = new Map<string, Took[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, line] of Object.entries<CommandLine>(lines)) {
      const one = run(programs, line);
      if (round > 0) took.set(name, [...(took.get(name) ?? []), one]);
    }
  }
  return new Map(Array.from(took, ([name, all]) => [name, medians(all)]));
}

const medians = (all: readonly Took[]): Took => ({
  ms: median(all.map(({ ms }) => ms)),
  cpu: median(all.map(({ cpu }) => cpu)),
  memory: median(all.map(({ memory }) => memory)),
});
