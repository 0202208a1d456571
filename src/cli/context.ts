import type { Plan } from "../enter/step.ts";
import type { Observer } from "../kernel/observer.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Language } from "../messages/sentence.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { Snapshot } from "../snapshot/types.ts";

/** Where text goes. */
export interface Output {
  /** Writes all of it before it returns. Throws `OutputClosed` where nobody reads any more, else `OutputFailed`. */
  write(text: string): void;
  readonly isTerminal: boolean;
  /** The terminal's width; undefined where it is none. */
  readonly columns: number | undefined;
}

/** Whoever read our output has gone (`| head`): the program ends quietly. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}
/** write(2) refused: a full disk, say. `cause` is Node's error. */
export class OutputFailed extends Error {
  override readonly name = "OutputFailed";
}

/** Everything a command gets from outside, passed as values so that a test can give it others. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly err: Output;
  readonly language: Language;
  readonly now: () => Date;
  /** A snapshot that was read before, by the file that `--from` names: each of many is read and judged once. */
  readonly alreadyRead?: (file: string) => Snapshot | undefined;
  /** The kernel to ask, with `procRoot` standing for /proc. */
  openObserver(procRoot: string): Promise<Observer>;
  /**
   * Becomes the command that a plan ends with. The program nsatlas returns only where that was refused; a test's context starts
   * it beside itself and gives its exit code.
   */
  become(plan: Plan): Promise<Outcome<ExitCode>>;
}
