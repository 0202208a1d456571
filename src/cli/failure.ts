import type { ExitCode } from "./exit-codes.ts";

/** What `--json` prints for a failure, and what the printed message is made of. */
export interface Failure {
  readonly exit: ExitCode;
  /** An errno's name, or USAGE, NAME, NOT_SEEN, UNKNOWN, FORMAT, UNSUPPORTED, BUG. */
  readonly code: string;
  readonly syscall?: string;
  readonly subject?: string;
  /** What is wrong, in sentences of the user's language. */
  readonly reason?: string;
  /** What to do next. */
  readonly hint?: string;
  /** Lines printed as they are, between reason and hint: the issues of a file, the candidates of a name. */
  readonly details?: readonly string[];
}

/** The code of a failure where the name is right and nothing that can be seen bears it. */
export const NOT_SEEN = "NOT_SEEN";

/** Ends a command with a message and an exit code. Thrown by commands, caught by `main` alone. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.reason ?? failure.code, options);
    this.failure = failure;
  }

  /** The same with another exit code. */
  withExit(exit: ExitCode): CommandFailure {
    return new CommandFailure({ ...this.failure, exit }, { cause: this });
  }
}
