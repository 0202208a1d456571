import { namespaceId } from "../../abi/ids.ts";
import type { Actor } from "../../kernel/actor.ts";
import type { Call, TaskName } from "../../kernel/call.ts";
import type { NsKey, Task } from "../../kernel/model/world.ts";
import type { Answered } from "../carry-out.ts";
import type { Situation } from "../situation.ts";
import { Copy } from "./copy.ts";
import { Descriptors } from "./descriptors.ts";
import { seenOr } from "../seen/evidence.ts";
import { handlesOf } from "./needs.ts";
import { Position } from "./position.ts";
import { valueJson } from "./values.ts";
import type { Verdict } from "./verdict.ts";
import { located } from "./verify.ts";

/** The very machine that was looked at. */
export interface Here {
  /** Makes calls that only look, also at processes that are not its own: these go by their numbers. */
  readonly actor: Actor;
  /** Whether that process is still the one that was seen. */
  readonly isStill: (pid: number, startTime: number) => boolean;
}

/**
 * The calls before the first that would change something, made in place: by a throw-away process that stands where the
 * caller does. Undefined for a call that cannot be made so.
 */
export function verifyInPlace(
  situation: Situation,
  answers: readonly Answered[],
  { actor, isStill }: Here,
): (Verdict | undefined)[] {
  const { world, names } = situation;
  const fds = new Descriptors();
  const kept = new Map<NsKey, number>();
  const standIns = new Map<TaskName, TaskName | undefined>();
  const position = new Position(actor, situation);
  const copy = new Copy({
    actor,
    fds,
    warden: actor.first,
    called: (name) => name,
    standsFor: (name) => standIns.get(name) ?? name,
    kept,
    behind: handlesOf(situation, answers),
    keyOf: (name) => names.key(name),
    idHere: (key) => {
      const namespace = world.namespaces.get(key);
      return namespace === undefined ? undefined : namespaceId(namespace.device, BigInt(namespace.inode));
    },
  });
  const firstChange = answers.findIndex(({ call }) => call !== undefined && !looks(call));
  return answers.map((answer, nth) => {
    if (firstChange >= 0 && nth >= firstChange) return undefined;
    const told = look(answer);
    return told === undefined ? undefined : located(told, "place");
  });

  function look(answer: Answered): Verdict | undefined {
    const { by, call, on, outcome } = answer;
    const caller = world.tasks.get(by);
    if (caller === undefined || call === undefined) return undefined;
    if (!standIns.has(by)) standIns.set(by, position.take(caller));
    if (standIns.get(by) === undefined) return undefined;
    const seen = [...targetsOf(answer)].flatMap((name) => world.tasks.get(name) ?? []);
    if (!seen.every(isThere)) return undefined;
    if (on?.is === "namespace" && !reach(names.key(on.name))) return undefined;
    if ("fd" in call && on === undefined && fds.of(by, call.fd) === undefined) return undefined;
    const verdict = outcome === undefined ? tell(answer) : copy.make(answer);
    return seen.every(isThere) ? verdict : undefined;
  }

  /** What the model could not tell. */
  function tell({ by, call, on }: Answered): Verdict | undefined {
    const caller = standIns.get(by);
    if (caller === undefined || call === undefined || on !== undefined || "fd" in call) return undefined;
    if (call.op === "open_by_handle_at") return undefined;
    const answered = actor.call(caller, call);
    return { is: "told", answered: answered.ok ? valueJson(answered.value) : answered.errno };
  }

  /** Opens a namespace through whoever is in it. */
  function reach(key: NsKey | undefined): boolean {
    if (key === undefined || kept.has(key)) return key !== undefined;
    const found = position.open(key);
    if (found !== undefined) kept.set(key, found);
    return found !== undefined;
  }
  function isThere({ name, startTime }: Task): boolean {
    const pid = Number(name);
    return !Number.isInteger(pid) || isStill(pid, seenOr(() => startTime) ?? -1);
  }
}

/** Whom a call looks at. Who makes it is stood in for. */
function targetsOf({ call, on }: Answered): ReadonlySet<TaskName> {
  const names = new Set<TaskName>();
  if (on?.is === "link") names.add(on.of);
  if (call !== undefined && "of" in call && typeof call.of === "string") names.add(call.of);
  return names;
}

/** Whether a call only looks, whoever makes it and whatever comes of it. */
export const looks = (call: Call): boolean =>
  LOOKS.has(call.op) && !("request" in call && typeof call.request === "number");
const LOOKS: ReadonlySet<Call["op"]> = new Set<Call["op"]>([
  "open",
  "readlink",
  "stat",
  "lstat",
  "fstat",
  "ioctl",
  "pidfd_open",
  "pidfd-ioctl",
  "name_to_handle_at",
  "link_to_handle_at",
  "open_by_handle_at",
  "listns",
  "dup",
  "close",
  "fcntl",
  "getresuid",
  "getresgid",
  "getgroups",
  "status",
  "read-timens-offsets",
]);
