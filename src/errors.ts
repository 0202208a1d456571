import type { ErrnoName } from "./abi/errnos.ts";

/** What a refused call leaves behind: everything a message needs. */
export interface RefusedCall {
  /** The errno's name, stable, for matching: "EPERM". */
  readonly code: ErrnoName;
  /** The call as the man page has it: "ioctl NS_GET_PARENT". */
  readonly syscall: string;
  /** What it was asked of: "pid:[4026531836] via /proc/1/ns/pid". */
  readonly subject: string;
  /** Why, in a sentence, where the rules know. */
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
  readonly reason: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, call: RefusedCall, options?: ErrorOptions) {
    super(message, options);
    ({ code: this.code, syscall: this.syscall, subject: this.subject } = call);
    this.reason = call.reason;
    this.hint = call.hint;
  }
}

/** A name for a namespace or a process that follows no known form, or names two things. `rule` says which one it broke. */
export class NameError extends Error {
  override readonly name = "NameError";
  readonly text: string;
  readonly candidates: readonly string[];

  constructor(message: string, about: { text: string; candidates?: readonly string[] }, options?: ErrorOptions) {
    super(message, options);
    this.text = about.text;
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
