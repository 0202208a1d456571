import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import type { Actor } from "../../src/kernel/actor.ts";
import { must } from "../../src/kernel/build-world.ts";
import { taskName, type Call } from "../../src/kernel/call.ts";
import { open, openMap, openOther, pidfdOpen } from "./script.ts";

/**
 * What an open file keeps alive of the process that opened it, which has ended and been waited for. A user namespace that
 * permits one namespace of the kind tells: another can be made once the first is gone.
 */
const BOX = taskName("box");
const CHILD = taskName("child");

export interface Keeping {
  /** The kind of the child's own namespace. */
  readonly kind: "user" | "pid";
  readonly what: string;
  /** What the child opens. */
  readonly opens: Call;
  readonly keeps: boolean;
}

const DUP: Call = { op: "dup", fd: 0 };
const credentials = (what: string, opens: Call, keeps = true): Keeping => ({ kind: "user", what, opens, keeps });
const number = (what: string, opens: Call, keeps = true): Keeping => ({ kind: "pid", what, opens, keeps });

export const KEEPING: readonly Keeping[] = [
  credentials("the file of another namespace", open("child", "net")),
  credentials("/dev/null", openOther("null")),
  credentials("a pipe", openOther("pipe")),
  credentials("a socket", openOther("socket")),
  credentials("a pidfd of another process", pidfdOpen("box")),
  credentials("a link, with O_PATH", open("box", "net", "O_PATH", "O_NOFOLLOW")),
  credentials("a second descriptor of a file that the parent has open", DUP, false),
  number("a pidfd of the child", pidfdOpen("child")),
  number("the folder of the child's namespaces", { op: "open-folder", of: CHILD }),
  number("the child's uid_map", openMap("child", "uid_map", "read")),
  number("one of its links, with O_PATH", open("child", "net", "O_PATH", "O_NOFOLLOW")),
  number("a socket whose other end it had made", openOther("socket-pair")),
  number("the file of another of its namespaces", open("child", "net"), false),
  number("a socket without another end", openOther("socket"), false),
  number("/dev/null", openOther("null"), false),
];

/** Asks again, at most for the given time, until the answer is yes: the kernel frees namespaces a moment later. */
export type Asking = (attempt: () => boolean, limitMs: number) => boolean;

const FREED_WITHIN_MS = 5000;
/** Long for what is freed at once, as far as one can tell. */
const KEPT_FOR_MS = 150;

/** Whether another namespace could be made while the file was open, and after it was closed. */
export function whileAndAfter(
  actor: Actor,
  { kind, opens }: Keeping,
  asking: Asking,
): { while: boolean; after: boolean } {
  const { first } = actor;
  const flag = NAMESPACE_KINDS[kind].flag;
  must(actor, first, { op: "clone", flags: NAMESPACE_KINDS.user.flag, as: BOX });
  must(actor, first, { op: "write", of: BOX, file: "uid_map", text: "0 0 65536" });
  must(actor, first, { op: "write", of: BOX, file: "gid_map", text: "0 0 65536" });
  must(actor, BOX, openOther("null"));
  must(actor, BOX, { op: "write-sysctl", name: `max_${kind}_namespaces`, text: "1" });
  must(actor, BOX, { op: "clone", flags: flag | CLONE_FLAGS.CLONE_FILES, as: CHILD });
  const fd = must(actor, CHILD, opens);
  must(actor, CHILD, { op: "exit" });
  must(actor, BOX, { op: "wait", child: CHILD });
  const another = (): boolean => {
    const next = taskName("next");
    const made = actor.call(BOX, { op: "clone", flags: flag, as: next }).ok;
    if (made) must(actor, next, { op: "exit" });
    if (made) must(actor, BOX, { op: "wait", child: next });
    return made;
  };
  const before = asking(another, KEPT_FOR_MS);
  must(actor, BOX, { op: "close", fd });
  return { while: before, after: asking(another, FREED_WITHIN_MS) };
}
