import { constants } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { refused, type Outcome } from "../../rules/outcome.ts";
import { type Caller, HolderLostError } from "./holder-calls.ts";
import { blank, Series, type Told } from "./series.ts";

/** What is asked of a namespace by whoever is in it. */
export interface Asking<T> {
  /** Writes the calls down. What it gives understands what came of them; undefined: they were not enough, ask `slowly`. */
  ask(series: Series): (told: Told) => Outcome<T> | undefined;
  /** Call by call, as many as it takes. */
  readonly slowly?: (by: Caller) => Outcome<T>;
}

/** Asks where the holder is. HolderLostError: no answer came. */
export function askHere<T>(by: Caller, asking: Asking<T>): Outcome<T> {
  const series = new Series();
  const read = asking.ask(series);
  const { told, lost } = by.holders.series(by.holder, [{ series }]);
  const [answers] = told;
  if (answers === undefined) throw new HolderLostError("read", by.holder, lost ?? "died");
  return read(answers) ?? askSlowly(by, asking);
}

/** EMSGSIZE: there is no other way, and the answer was too long for one go. */
export const askSlowly = <T>(by: Caller, { slowly }: Asking<T>): Outcome<T> => slowly?.(by) ?? refused("EMSGSIZE");

/** Opens a file of the kernel's, such as those under /proc, reads it once and closes it. Undefined: it may be longer. */
export function askText(series: Series, path: string, bytes: number): (told: Told) => Outcome<string> | undefined {
  const file = series.call("openat", CONSTANTS.AT_FDCWD, path, constants.O_RDONLY | CONSTANTS.O_CLOEXEC);
  const text = series.call("read", file, blank(bytes), bytes);
  series.call("close", file);
  return (told) => told.text(text, bytes);
}
