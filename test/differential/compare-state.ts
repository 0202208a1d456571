import { readFileSync, readlinkSync } from "node:fs";
import { LINKS } from "../../src/abi/proc-links.ts";
import type { LiveActor } from "../../src/kernel/live/actor.ts";
import { isHidden } from "../../src/kernel/model/descriptors.ts";
import { Draft } from "../../src/kernel/model/draft.ts";
import { isZombie } from "../../src/kernel/model/ends.ts";
import { linkTarget } from "../../src/kernel/model/memberships.ts";
import { seenCredentials } from "../../src/kernel/model/proc-status.ts";
import type { Task, World } from "../../src/kernel/model/world.ts";
import { parseStatus, type ProcessStatus } from "../../src/procfs/status.ts";
import { differ } from "./compare.ts";
import { shown } from "./shown.ts";

/** What we see of all tasks under /proc, against what the model has; the first difference, in words. */
export function stateDiffers(world: World, live: LiveActor): string | undefined {
  const links = new Matching();
  for (const task of world.tasks.values()) {
    if (task.name === "init") continue;
    const difference = statusDiffers(world, live, task) ?? linksDiffer(world, task, live.pidOf(task.name), links);
    if (difference !== undefined) return `${task.name}: ${difference}`;
  }
  return undefined;
}

function linksDiffer(world: World, task: Task, pid: number, links: Matching): string | undefined {
  for (const link of LINKS) {
    const theirs = readLink(`/proc/${pid}/ns/${link}`);
    // Not ours to see, as an ordinary user who is not the process's.
    if (theirs === "EACCES") continue;
    const target = linkTarget(task, link);
    const isClosed = target === undefined || (link === "pid_for_children" && isHidden(world, target));
    const ours = isClosed ? "ENOENT" : target;
    if (!links.fit(`${ours}`, theirs)) return `link ${link}: ${differ(theirs, `namespace ${ours}`)}`;
  }
  return undefined;
}

function statusDiffers(world: World, live: LiveActor, task: Task): string | undefined {
  const status = statusOf(live.pidOf(task.name));
  if (status === undefined) return differ("gone", "there");
  const { uid, gid, groups, capabilities, noNewPrivs } = seenCredentials(world, world.initial.user, task);
  const rows: readonly (readonly [what: string, live: unknown, model: unknown])[] = [
    ["ended", status.state === "Z", isShownAsZombie(world, task)],
    ["uid", status.uid, uid],
    ["gid", status.gid, gid],
    ["groups", status.groups, groups],
    ["capabilities", status.capabilities, capabilities],
    ["no_new_privs", status.noNewPrivs, noNewPrivs],
    [
      "numbers",
      status.nsPid?.slice(1),
      task.numbers
        .map(({ number }) => number)
        .toReversed()
        .slice(1),
    ],
    ["parent", status.ppid, parentOf(world, live, task, status)],
  ];
  const row = rows.find(([, theirs, ours]) => shown(theirs) !== shown(ours));
  return row === undefined ? undefined : `${row[0]}: ${differ(shown(row[1]), shown(row[2]))}`;
}

/** A first thread is one from its end on, also while others of its process live. */
const isShownAsZombie = (world: World, task: Task): boolean =>
  task.memberships === undefined && (task.threads.size > 0 || isZombie(new Draft(world), task));

/** The number of a task's parent; where that is outside of the model's world, anything but one of ours. */
function parentOf(world: World, live: LiveActor, { leader }: Task, { ppid }: ProcessStatus): number | string {
  const parent = world.tasks.get(leader)?.parent;
  if (parent !== undefined && parent !== "init") return live.pidOf(parent);
  const ours = [...world.tasks.values()].some(({ name }) => name !== "init" && live.pidOf(name) === ppid);
  return ours ? "outside" : ppid;
}

/** Two sets of names that belong together one by one. */
class Matching {
  readonly #theirs = new Map<string, string>();
  readonly #ours = new Map<string, string>();
  fit(ours: string, theirs: string): boolean {
    if ((ours === "ENOENT") !== (theirs === "ENOENT")) return false;
    if ((this.#theirs.get(ours) ?? theirs) !== theirs || (this.#ours.get(theirs) ?? ours) !== ours) return false;
    this.#theirs.set(ours, theirs);
    this.#ours.set(theirs, ours);
    return true;
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    return errnoOf(error);
  }
}

/** /proc/PID/status; undefined: there is no such process. */
export function statusOf(pid: number): ProcessStatus | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/status`, "latin1");
  } catch {
    return undefined;
  }
  const status = parseStatus(text);
  if (!status.ok) throw new Error(`/proc/${pid}/status is not understood: ${status.line}`);
  return status.value;
}

const errnoOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : String(error);
