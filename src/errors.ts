import type { ErrnoName } from "./abi/errnos.ts";
import type { Reason } from "./messages/reasons.ts";
import type { RefRule } from "./messages/ref-rules.ts";

/** What a refused call leaves behind: everything a message needs. */
export interface RefusedCall {
  /** The errno's name, stable, for matching: "EPERM". */
  readonly code: ErrnoName;
  /** The call as the man page has it: "ioctl NS_GET_PARENT". */
  readonly syscall: string;
  /** What it was asked of: "pid:[4026531836] via /proc/1/ns/pid". */
  readonly subject: string;
  /** The rule that refused, stable, for matching: a key of `REASONS`. Absent where the errno leaves several. */
  readonly rule?: Reason;
  /** Why, in a sentence, where it is known. */
  readonly reason?: string;
  /** What the user could do, where we know. */
  readonly hint?: string;
}

/** The kernel refused a call whose result was needed. */
export class SyscallError extends Error {
  override readonly name = "SyscallError";
  readonly code: ErrnoName;
  readonly syscall: string;
  readonly subject: string;
  readonly rule: Reason | undefined;
  readonly reason: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, call: RefusedCall, options?: ErrorOptions) {
    super(message, options);
    ({ code: this.code, syscall: this.syscall, subject: this.subject } = call);
    this.rule = call.rule;
    this.reason = call.reason;
    this.hint = call.hint;
  }
}

/** Which rule a name breaks: one of its form, or that it has to name one namespace, of the kind that was asked for. */
export type NameRule = RefRule | "not-seen" | "other-kind" | "ambiguous";

/** What is known of a name that will not do. */
export interface NamedWrong {
  readonly text: string;
  readonly rule?: NameRule;
  readonly candidates?: readonly string[];
}

/** A name for a namespace or a process that follows no known form, names nothing that can be seen, or two things. */
export class NameError extends Error {
  override readonly name = "NameError";
  /** The name as it was given. */
  readonly text: string;
  /** The rule that it breaks, stable, for matching. */
  readonly rule: NameRule | undefined;
  /** Names that would do, or what the name fits. */
  readonly candidates: readonly string[];

  constructor(message: string, about: NamedWrong, options?: ErrorOptions) {
    super(message, options);
    this.text = about.text;
    this.rule = about.rule;
    this.candidates = about.candidates ?? [];
  }
}

/** This kernel, machine or operating system does not have what was asked for. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
  readonly feature: string;
  /** The first kernel that has it, where it is a kernel's feature. */
  readonly since: string | undefined;

  constructor(message: string, about: { feature: string; since?: string }, options?: ErrorOptions) {
    super(message, options);
    this.feature = about.feature;
    this.since = about.since;
  }
}

/** A command ran and did not end well: another exit code than 0, a signal, or more output than was allowed. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly command: string;
  /** null: a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** All that it wrote until then. */
  readonly stdout: string | Uint8Array;
  readonly stderr: string | Uint8Array;

  constructor(message: string, about: Pick<CommandError, "command" | "exitCode" | "signal" | "stdout" | "stderr">) {
    super(message);
    ({ command: this.command, exitCode: this.exitCode, signal: this.signal } = about);
    ({ stdout: this.stdout, stderr: this.stderr } = about);
  }
}

/** Text of a /proc file that is not as the kernel writes it. */
export class ParseError extends Error {
  override readonly name = "ParseError";
  readonly file: string;
  readonly line: number;
  readonly text: string;

  constructor(message: string, at: { file: string; line: number; text: string }, options?: ErrorOptions) {
    super(message, options);
    ({ file: this.file, line: this.line, text: this.text } = at);
  }
}

/** Data from a file or another host that is damaged, or of a newer format: every issue, each with its place. */
export class FormatError extends Error {
  override readonly name = "FormatError";
  readonly issues: readonly { readonly path: string; readonly message: string }[];

  constructor(message: string, issues: readonly { path: string; message: string }[], options?: ErrorOptions) {
    super(message, options);
    this.issues = issues;
  }
}
