import { JOIN_ORDER } from "../../src/rules/setns.ts";
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

const HAS_OWNER = "It is there for the compiler: whatever is no user namespace has an owner.";
const SAME_PID = "The first check has made sure that they are the same.";
const SAVES_STEPS = "It saves steps: from a level that is not below the caller's no parent is the caller's own.";
const NO_CHANGE = "Between these two releases nothing changed that the rules or the model look at.";
const NUMBER = String.raw`/^\s*(-?)(0x[\da-f]+|\d+)(?:[ \t\n]\s*|$)/i`;
const BLANKS_AND_NUMBERS = String.raw`/^[\t\v\f\r \xa0]*(\d+)[\t\v\f\r \xa0]+(\d+)[\t\v\f\r \xa0]+(\d+)[\t\v\f\r \xa0]*$/`;

/** What a list of kinds becomes where the one at `at` and the next change places. */
function swapped(kinds: readonly string[], at: number): string {
  const others = kinds.map((kind, place) => kinds[place === at ? at + 1 : place === at + 1 ? at : place] ?? kind);
  return `[${others.map((kind) => JSON.stringify(kind)).join(", ")}]`;
}
const joinOrder = `[ ${JOIN_ORDER.map((kind) => `${JSON.stringify(kind)},`).join(" ")} ]`;

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
  {
    file: "map-text.ts",
    from: "given > MOST",
    to: "given >= MOST",
    why: "The greatest number that there is becomes itself.",
  },
  ...(["uts", "cgroup"] as const).map((kind) => ({
    file: "setns.ts",
    from: joinOrder,
    to: swapped(JOIN_ORDER, JOIN_ORDER.indexOf(kind)),
    why: "The two ask the same of the caller, refuse with the same errno for the same reason, and a refused call changes nothing.",
  })),
  {
    file: "setns.ts",
    from: 'owner === undefined || !hasCapability(view, who, owner, "CAP_SYS_ADMIN")',
    to: '!hasCapability(view, who, owner, "CAP_SYS_ADMIN")',
    why: HAS_OWNER,
  },
  ...["view.owner(creator.pid)", "view.level(creator.pid)"].map((line) => ({
    file: "unshare.ts",
    line,
    from: "creator.pid",
    to: "creator.pidForChildren",
    why: SAME_PID,
  })),
  {
    file: "has-capability.ts",
    from: "parent === undefined || view.level(at) <= view.level(who.user)",
    to: "view.level(at) <= view.level(who.user)",
    why: "It is there for the compiler: what has no parent is on the first level, beyond which nobody is.",
  },
  ...["parent === undefined", "parent === undefined && view.level(at) <= view.level(who.user)"].map((to) => ({
    file: "has-capability.ts",
    from: "parent === undefined || view.level(at) <= view.level(who.user)",
    to,
    why: SAVES_STEPS,
  })),
  {
    file: "has-capability.ts",
    from: "view.level(at) <= view.level(who.user)",
    to: "view.level(at) < view.level(who.user)",
    why: SAVES_STEPS,
  },
  ...["file-handle.ts", "list-namespaces.ts"].map((file) => ({
    file,
    from: "view.owner(ns) ?? ns",
    to: "view.owner(ns)",
    why: HAS_OWNER,
  })),
  {
    file: "set-tid.ts",
    line: "if (owner === undefined) return false;",
    from: "owner === undefined",
    to: "false",
    why: HAS_OWNER,
  },
  { file: "set-tid.ts", line: "if (owner === undefined) return false;", from: "false", to: "true", why: HAS_OWNER },
  {
    file: "see-all.ts",
    from: 'initial !== undefined && hasCapability(view, credentials, initial, "CAP_SYS_ADMIN")',
    to: 'hasCapability(view, credentials, initial, "CAP_SYS_ADMIN")',
    why: HAS_OWNER,
  },
  {
    file: "sysctl.ts",
    from: 'owner !== undefined && hasCapability(view, who, owner, "CAP_SYS_ADMIN")',
    to: 'hasCapability(view, who, owner, "CAP_SYS_ADMIN")',
    why: HAS_OWNER,
  },
  {
    file: "walk-mounts.ts",
    from: 'owner !== undefined && hasCapability(view, credentials, owner, "CAP_SYS_ADMIN")',
    to: 'hasCapability(view, credentials, owner, "CAP_SYS_ADMIN")',
    why: HAS_OWNER,
  },
  {
    file: "clone3-arguments.ts",
    line: "exitSignal = 0",
    from: "0",
    to: "1",
    why: "Only whether it is a signal is asked here: both are.",
  },
  {
    file: "clone3-arguments.ts",
    line: "BAD_ADDRESSES =",
    from: "1",
    to: "2",
    why: "Nothing is at either, and the lowest byte of neither is 0.",
  },
  {
    file: "clone3-arguments.ts",
    line: "SOME_ADDRESS =",
    from: "1",
    to: "2",
    why: "No byte of either is 0.",
  },
  { file: "kernel-changes.ts", line: "release:", from: '"4.9"', to: '"4.10"', why: NO_CHANGE },
  ...['"3.1"', '"2.99"'].map((to) => ({
    file: "kernel-changes.ts",
    line: "release:",
    from: '"3.0"',
    to,
    why: NO_CHANGE,
  })),
  ...[NUMBER.replace("]+|", "]*|"), NUMBER.replace("|\\d+)", "|\\d*)")].map((to) => ({
    file: "sysctl.ts",
    from: NUMBER,
    to,
    why: "What has no digits is no number here either, and lies between no two.",
  })),
  {
    file: "sysctl.ts",
    line: "least: LEAST_PID_MAX",
    from: "true",
    to: "false",
    why: "What has a sign lies below the least that pid_max may be.",
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
