import type { Ran } from "../../support/viewers.ts";

/** What a run of ns_show says, in whatever words: enough to tell two answers apart. */
export interface Meaning {
  readonly exit: number | null;
  /** `owner [0,4] / 4026531837`, `parent EPERM`, one a line of standard output. */
  readonly answers: readonly string[];
  /** Errors as perror(3) writes them, word for word; that there is a usage text. */
  readonly errors: string;
}

export const meaningOf = ({ code, stdout, stderr }: Ran): Meaning => ({
  exit: code,
  answers: linesOf(stdout).map(answerOf),
  errors: /^usage: /i.test(stderr) ? "usage" : stderr,
});

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

function answerOf(line: string): string {
  const relation = line.includes("owning") ? "owner" : line.includes("parent") ? "parent" : `neither: ${line}`;
  const identity = /\[[0-9a-f]+,[0-9a-f]+\] \/ \d+$/.exec(line)?.[0];
  return `${relation} ${identity ?? (line.includes("scope") ? "EPERM" : "EINVAL")}`;
}
