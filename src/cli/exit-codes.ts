/**
 * The exit codes that scripts rely on, and what each says. `bug` is sysexits.h's EX_SOFTWARE: no answer of nsatlas, but
 * a fault in it.
 */
export const EXIT = {
  done: 0,
  no: 1,
  usage: 2,
  unknown: 3,
  refused: 4,
  unsupported: 5,
  badInput: 6,
  bug: 70,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The rows of the help text. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, "done; the answer is yes"],
  [EXIT.no, "the answer is no; a difference or a finding"],
  [EXIT.usage, "the words are off: an unknown option, a bad or ambiguous REF"],
  [EXIT.unknown, "the answer is unknown: evidence is missing, it says which"],
  [EXIT.refused, "refused by the kernel: errno and reason are on stderr"],
  [EXIT.unsupported, "not supported by this kernel, machine or operating system"],
  [EXIT.badInput, "the input file is damaged or of a newer format"],
  [EXIT.bug, "a bug in nsatlas (NSATLAS_DEBUG=1 shows where)"],
];
