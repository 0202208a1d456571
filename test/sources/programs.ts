import { spawnSync } from "node:child_process";
import { join } from "node:path";

const LIMIT_MS = 60_000;
const MIB = 1024 * 1024;

/** What a program prints; it is ended after a minute. */
export function printed(program: string, words: readonly string[]): { readonly out: string; readonly code: number } {
  const env = { ...process.env, LC_ALL: "C" };
  const options = { encoding: "utf8", env, timeout: LIMIT_MS, killSignal: "SIGKILL", maxBuffer: 64 * MIB } as const;
  const { stdout, status, error } = spawnSync(program, words, options);
  if (error !== undefined || status === null) throw error ?? new Error(`${program} ${words.join(" ")} did not end`);
  return { out: stdout, code: status };
}

/** An lsns, and what it lists: one line for each namespace, which begins with its inode number. */
export interface Lsns {
  /** `lsns 2.38` */
  readonly name: string;
  readonly lists: readonly string[];
  /** With `-P`, where it has that. */
  readonly persistent: readonly string[];
}

/** Undefined: it is not at hand. */
export function lsnsOf(program: string): Lsns | undefined {
  if (spawnSync(program, ["--version"]).status !== 0) return undefined;
  const version = /\d+\.\d+/.exec(printed(program, ["--version"]).out)?.[0] ?? "of no version";
  const words = ["--noheadings", "--raw", "--output", "NS,PID,NSFS"];
  const lines = (more: readonly string[]): string[] => printed(program, [...more, ...words]).out.split("\n");
  return { name: `lsns ${version}`, lists: lines([]), persistent: lines(["-P"]) };
}

/** nsatlas, as it is built. */
export class Nsatlas {
  readonly #program: string;
  constructor(root: string) {
    this.#program = join(root, "dist/cli.cjs");
  }
  /** `uts:[4026532181]`: what `list` shows. */
  list(): ReadonlySet<string> {
    const { out } = this.#run("list", "--noheadings", "--raw", "--output", "TYPE,NS");
    return new Set(out.split("\n").map((line) => line.trim().replace(/^(\S+)\s+(\d+)$/, "$1:[$2]")));
  }
  /** What `why` says; undefined where it does not find the namespace. */
  why(ref: string): Why | undefined {
    const { out } = this.#run("why", ref, "--json", "--all");
    return out === "" ? undefined : (JSON.parse(out) as Why);
  }
  /** What a snapshot says it could not look into. */
  unseen(): Unseen {
    const { descriptors, coverage } = JSON.parse(this.#run("snapshot", "-o", "-").out) as {
      descriptors: readonly Flight[];
      coverage: readonly { source: string; refused: Readonly<Record<string, number>> }[];
    };
    const fileSystems = coverage.find(({ source }) => source === "file-systems");
    return {
      flights: descriptors.filter(({ inFlight }) => inFlight !== undefined),
      mounts: Object.values(fileSystems?.refused ?? {}).reduce((sum, count) => sum + count, 0),
    };
  }
  #run(...words: string[]): { out: string; code: number } {
    return printed(process.execPath, [this.#program, ...words]);
  }
}

export interface Unseen {
  /** Sockets that files are under way to. */
  readonly flights: readonly Flight[];
  /** How many mounts of proc and mqueue do not show their namespace. */
  readonly mounts: number;
}
export interface Flight {
  readonly pid: number;
  readonly fd: number;
  readonly inFlight?: number;
}
/** As far as it is followed here. */
export interface Why {
  readonly holders: readonly Told[];
}
export interface Told {
  readonly kind: string;
  readonly pid?: number;
  readonly release: {
    readonly do: string;
    readonly text: string;
    readonly pid?: number;
    readonly tid?: number;
    readonly fd?: number;
    readonly path?: string;
    readonly mountNamespace?: string;
  };
}
