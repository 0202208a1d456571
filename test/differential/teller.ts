import type { Counts } from "./counts.ts";
import { thousands } from "./numbers.ts";

const TELL_EVERY_MS = 500;
/** Back to the beginning of the terminal's line, which is emptied. */
const CLEAR_LINE = "\r\u001b[K";

export type Teller = (runs: number, counts: Counts) => void;

/** Says on a terminal how many there were, on one line. Where stderr is none, nothing. */
export function counter(what: string): (done: number) => void {
  if (!process.stderr.isTTY) return () => {};
  process.once("exit", () => process.stderr.write(CLEAR_LINE));
  return (done) => void process.stderr.write(`${CLEAR_LINE}${thousands(done)} ${what}`);
}

/** Says on a terminal how far it has come, on one line. Where stderr is none, nothing. */
export function teller(what: "sequences" | "worlds"): Teller {
  if (!process.stderr.isTTY) return () => {};
  const begun = performance.now();
  let told = begun;
  process.once("exit", () => process.stderr.write(CLEAR_LINE));
  return (runs, { calls, succeeded, pairs }) => {
    const now = performance.now();
    if (now < told + TELL_EVERY_MS) return;
    told = now;
    const seconds = (now - begun) / 1000;
    const parts = [
      `${Math.round(seconds)} s`,
      `${thousands(runs)} ${what}`,
      `${thousands(calls)} calls`,
      `${thousands(Math.round(calls / seconds))} a second`,
      `${Math.round((100 * succeeded) / calls)} % succeeded`,
      `${pairs} pairs of call and outcome`,
    ];
    process.stderr.write(CLEAR_LINE + parts.join(", "));
  };
}
