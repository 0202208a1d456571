import type { Call, TaskName } from "../../kernel/call.ts";
import type { FileHandle } from "../../rules/file-handle.ts";
import type { Arguments } from "../arguments.ts";
import type { Word } from "../fault.ts";
import { fileReference, type FileReference } from "../references.ts";

/** Finds what words name once the calls before have been made. */
export interface Lookup {
  /** The process of that name; an empty word and `self` are the caller. */
  process(word: Word): TaskName;
  /** The process that has this number in the caller's own pid namespace. */
  numbered(number: number): TaskName | undefined;
  /** What name_to_handle_at gives for the namespace of that name. */
  handle(word: Word): FileHandle;
}

/** What the words behind a call's name ask for. */
export interface Asked {
  /** The file that it is made on. */
  readonly on?: FileReference;
  /** A name that must be free. */
  readonly makes?: Word;
  /** `fd`: the descriptor of the file that it is made on. */
  readonly call: (look: Lookup, fd: number) => Call;
}

/** How a call is written, and what the words become. */
export interface CallForm {
  readonly form: string;
  /** For the help: a phrase without a full stop. */
  readonly does: string;
  readonly read: (args: Arguments) => Asked;
}
/** A call's name, as its manual page has it, and its form. */
export type NamedForm = readonly [name: string, form: CallForm];

/** A call in which nothing has to be looked up. */
export const plain = (call: Call): Asked => ({ call: () => call });

/** A call that is made on a file. */
export const onFile = (args: Arguments, call: (fd: number) => Call): Asked => ({
  on: fileReference(args),
  call: (_, fd) => call(fd),
});
