import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import { LINKS, type ProcLink } from "../../src/abi/proc-links.ts";
import type { Actor } from "../../src/kernel/actor.ts";
import { must } from "../../src/kernel/build-world.ts";
import { taskName, type Call, type TaskName } from "../../src/kernel/call.ts";
import { CREATION_ORDER } from "../../src/rules/unshare.ts";
import { JOIN_ORDER } from "../../src/rules/setns.ts";

/**
 * Calls that make or join many namespaces at once and fail at one of them, each kind in turn: what they answer, and
 * whether anything stayed behind. Every kernel must give the same text.
 */
const BOX = taskName("box");
const flagsOf = (kinds: readonly NamespaceKind[]): number =>
  kinds.reduce((flags, kind) => flags | NAMESPACE_KINDS[kind].flag, 0);
const sysctl = (kind: NamespaceKind, limit: number): Call => ({
  op: "write-sysctl",
  name: `max_${kind}_namespaces`,
  text: String(limit),
});

/** What one case found, in words. */
export interface Aftermath {
  readonly answer: string;
  readonly linksMoved: readonly ProcLink[];
  /** Kinds of which something is still counted. */
  readonly stillCounted: readonly NamespaceKind[];
}

/** Asks again for a while where it is refused: the kernel frees some namespaces a moment later. */
export type Patience = (attempt: () => boolean) => boolean;

export type Maker = "unshare" | "clone";
export const MAKERS: readonly Maker[] = ["unshare", "clone"];
/** The kinds that one call asks for, in the kernel's order: with a user namespace, and without. */
export const TOGETHER: readonly (readonly NamespaceKind[])[] = [CREATION_ORDER, ["user", ...CREATION_ORDER]];

/** A fresh user namespace permits none of `failing`; its root asks for all of `kinds` in one call. */
export function failToMake(
  actor: Actor,
  { maker, kinds, failing }: { maker: Maker; kinds: readonly NamespaceKind[]; failing: NamespaceKind },
  patience: Patience,
): Aftermath {
  freshBox(actor);
  must(actor, BOX, sysctl(failing, 0));
  const before = linksOf(actor, BOX);
  const flags = flagsOf(kinds);
  const call: Call = maker === "unshare" ? { op: "unshare", flags } : { op: "clone", flags, as: taskName("child") };
  const answer = answerOf(actor, BOX, call);
  const after = linksOf(actor, BOX);
  const others = KINDS.filter((kind) => kind !== failing);
  // One more of a kind is allowed exactly where none is counted.
  const stillCounted = others.filter((kind) => {
    must(actor, BOX, sysctl(kind, 1));
    const tried = taskName(`tries ${kind}`);
    return !patience(() => actor.call(BOX, { op: "clone", flags: flagsOf([kind]), as: tried }).ok);
  });
  return { answer, linksMoved: moved(before, after), stillCounted };
}

/** "box", child of the first task, is root of a user namespace of its own. */
function freshBox(actor: Actor): void {
  const { first } = actor;
  must(actor, first, { op: "clone", flags: flagsOf(["user"]), as: BOX });
  must(actor, first, { op: "write", of: BOX, file: "uid_map", text: "0 0 65536" });
  must(actor, first, { op: "write", of: BOX, file: "gid_map", text: "0 0 65536" });
}

/** The kinds that a process can own all of but one. */
export const JOINED = JOIN_ORDER.filter((kind) => kind !== "user");

/**
 * An ordinary user's first task made "box" with namespaces of every kind but one, which stayed the initial one. It asks
 * for all of them, then (for the comparison) for all but that one.
 */
export function failToJoin(actor: Actor, failing: NamespaceKind): Aftermath & { readonly without: string } {
  const { first } = actor;
  const own = KINDS.filter((kind) => kind !== failing);
  must(actor, first, { op: "clone", flags: flagsOf(own), as: BOX });
  const fd = must(actor, first, { op: "pidfd_open", of: BOX, flags: 0 });
  const before = linksOf(actor, first);
  const answer = answerOf(actor, first, { op: "setns", fd, nstype: flagsOf(KINDS) });
  const after = linksOf(actor, first);
  const without = answerOf(actor, first, { op: "setns", fd, nstype: flagsOf(own) });
  return { answer, linksMoved: moved(before, after), stillCounted: [], without };
}

const answerOf = (actor: Actor, caller: TaskName, call: Call): string => {
  const outcome = actor.call(caller, call);
  return outcome.ok ? "success" : outcome.errno;
};

type Links = ReadonlyMap<ProcLink, string>;

function linksOf(actor: Actor, task: TaskName): Links {
  const links = new Map<ProcLink, string>();
  for (const link of LINKS) {
    const fd = must(actor, task, { op: "open", of: task, link });
    links.set(link, JSON.stringify(actor.call(task, { op: "fstat", fd })));
    must(actor, task, { op: "close", fd });
  }
  return links;
}
const moved = (before: Links, after: Links): ProcLink[] =>
  [...before.keys()].filter((link) => before.get(link) !== after.get(link));
