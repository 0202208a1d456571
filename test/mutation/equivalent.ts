import type { Mutant } from "./mutants.ts";

/** A mutant that no case can notice, and the argument why: whatever is asked, it answers as the rule does. */
export interface Equivalent {
  readonly file: string;
  /** The line of the source, or a part of it, where several have the same words. */
  readonly line?: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const NOTHING_IS_WITHIN = "It is there for the compiler: isWithin is false of nothing (view.ts).";

const BLANKS_AND_NUMBERS = String.raw`/^[\t\v\f\r \xa0]*(\d+)[\t\v\f\r \xa0]+(\d+)[\t\v\f\r \xa0]+(\d+)[\t\v\f\r \xa0]*$/`;

/** Each has to stand for at least one mutant, and none of those may be noticed: an entry that is out of date fails. */
export const EQUIVALENT: readonly Equivalent[] = [
  {
    file: "relations.ts",
    from: "owner === undefined || !isWithin(view, owner, caller.user)",
    to: "!isWithin(view, owner, caller.user)",
    why: NOTHING_IS_WITHIN,
  },
  {
    file: "relations.ts",
    from: "parent === undefined || !isWithin(view, parent, caller[kind])",
    to: "!isWithin(view, parent, caller[kind])",
    why: NOTHING_IS_WITHIN,
  },
  {
    file: "unshare.ts",
    from: "parentOwner === undefined || !isWithin(view, owner, parentOwner)",
    to: "!isWithin(view, owner, parentOwner)",
    why: "It is there for the compiler: every pid namespace has an owner.",
  },
  {
    file: "clone.ts",
    from: "CLONE_THREAD | CLONE_VM",
    to: "CLONE_VM",
    why: "CLONE_THREAD without CLONE_VM was refused two checks before; the kernel names both.",
  },
  {
    file: "fix-capabilities.ts",
    line: "const FILE_SET",
    from: "0n",
    to: "1n",
    why: "Bit 0 is CAP_CHOWN, which is one of them.",
  },
  {
    file: "release.ts",
    line: "if (known",
    from: "known !== undefined",
    to: "false",
    why: "What is kept saves time, and is what would be found again.",
  },
  {
    file: "map-text.ts",
    line: "const LINE",
    from: BLANKS_AND_NUMBERS,
    to: BLANKS_AND_NUMBERS.replace(/\(\\d\+\)(?!.*\(\\d)/, "(\\d*)"),
    why: "A count without digits is 0, which is refused like a line that does not match.",
  },
  ...(["before.euid === root", "before.euid !== root"] as const).map((line) => ({
    file: "fix-capabilities.ts",
    line,
    from: "after.euid",
    to: "after.fsuid",
    why: "setresuid(2) gives both the same number.",
  })),
];

/** The entries that say a mutant is equivalent. */
export const sayEquivalent = (entries: readonly Equivalent[], mutant: Mutant): readonly Equivalent[] =>
  entries.filter(
    ({ file, line = "", from, to }) =>
      file === mutant.file && from === mutant.from && to === mutant.to && mutant.text.includes(line),
  );
