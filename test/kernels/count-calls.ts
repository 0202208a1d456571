import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { Native } from "../../src/kernel/live/native.ts";

/** What of node:fs a look may use; each is one system call or a few. */
const WATCHED = [
  "openSync",
  "readFileSync",
  "readdirSync",
  "readlinkSync",
  "statfsSync",
  "fstatSync",
  "closeSync",
] as const;
/** Calls of the addon that are more than one system call. */
const MORE: ReadonlyMap<string, number> = new Map([["netnsid", 4]]);

export interface Counted<T> {
  readonly result: T;
  /** System calls. */
  readonly calls: number;
  /** Every path that was passed. */
  readonly paths: readonly string[];
}

/** Counts the system calls of a synchronous look, by the addon and by Node. */
export function counted<T>(native: Native, run: (watched: Native) => T): Counted<T> {
  const paths: string[] = [];
  let calls = 0;
  const note = (name: string, words: readonly unknown[]): void => {
    calls += MORE.get(name) ?? 1;
    for (const word of words) if (typeof word === "string" && word.startsWith("/")) paths.push(word);
  };
  const watched = new Proxy(native, {
    get(target, name, receiver): unknown {
      const call: unknown = Reflect.get(target, name, receiver);
      if (typeof call !== "function" || typeof name !== "string") return call;
      return (...words: unknown[]): unknown => {
        note(name, words);
        return Reflect.apply(call, target, words);
      };
    },
  });
  const before = WATCHED.map((name) => [name, fs[name]] as const);
  for (const [name, call] of before) {
    Reflect.set(fs, name, (...words: unknown[]): unknown => {
      note(name, words);
      return Reflect.apply(call, fs, words);
    });
  }
  syncBuiltinESMExports();
  try {
    const result = run(watched);
    return { result, calls, paths };
  } finally {
    for (const [name, call] of before) Reflect.set(fs, name, call);
    syncBuiltinESMExports();
  }
}
