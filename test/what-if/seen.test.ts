import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { buildWorld, processIn } from "../../src/kernel/build-world.ts";
import { taskName, type TaskName } from "../../src/kernel/call.ts";
import { discover } from "../../src/discover/discover.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { numberIn } from "../../src/kernel/model/descriptors.ts";
import { LINKS } from "../../src/abi/proc-links.ts";
import type { NamespaceRecord, ProcessRecord, Snapshot } from "../../src/snapshot/types.ts";
import { carryOut, type Answered } from "../../src/what-if/carry-out.ts";
import { readCalls } from "../../src/what-if/grammar.ts";
import { Names } from "../../src/what-if/names.ts";
import { seenProcess } from "../../src/what-if/processes.ts";
import { situationSeen } from "../../src/what-if/seen/world.ts";
import type { Situation } from "../../src/what-if/situation.ts";
import { drawn } from "../support/drawn-machine.ts";

const WORLD = `
user:outer by 1000
  user:inner
pid:box of user:outer by 1000
  pid:deep of user:outer by 1000
net:box of user:outer by 1000
mnt:own
uts:far of user:inner
time:late
net:kept empty pin /run/netns/kept
`;
/** Processes that are looked at, and that look. */
const PLACES = ["user:init", "user:outer", "user:inner", "pid:box", "pid:deep", "net:box", "uts:far"] as const;

interface Machine {
  readonly actor: ModelActor;
  /** The number of each place's process in the initial pid namespace. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly viewers: ReadonlyMap<string, TaskName>;
}

function machine(): Machine {
  const actor = new ModelActor();
  const built = buildWorld(actor, drawn(WORLD), 0);
  const viewers = new Map<string, TaskName>();
  const numbers = new Map<string, number>();
  for (const place of PLACES) {
    const viewer = processIn(actor, built, place, taskName(`in-${place.replace(":", "-")}`));
    viewers.set(place, viewer);
    // As after a login: it has let go of what it was given, and can be looked into.
    for (const fd of built.fds.values()) actor.call(viewer, { op: "close", fd });
    actor.call(viewer, { op: "exec" });
  }
  for (const [place, viewer] of viewers) {
    const task = actor.world.tasks.get(viewer);
    const number = task === undefined ? undefined : numberIn(task, actor.world.initial.pid);
    if (number !== undefined) numbers.set(place, number);
  }
  return { actor, numbers, viewers };
}

async function seenFrom({ actor, viewers }: Machine, place: string): Promise<Snapshot> {
  const viewer = viewers.get(place) ?? actor.first;
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const seen = await discover(new ModelObserver(() => actor.world, viewer), { status: true }, stamp);
  if (!seen.ok) throw new Error(seen.errno);
  return seen.value;
}

/** The true world, in which processes and namespaces have the names that the snapshot gives them. */
function truth({ actor }: Machine, like: Situation): Situation {
  const { world } = actor;
  const names = new Names();
  for (const { key, kind, inode } of world.namespaces.values()) names.add(key, `${kind}:[${inode}]`);
  return { world, names, keepers: like.keepers };
}

/** What can be compared: numbers that nobody can foretell are left out. */
const shown = ({ outcome, isNew, opened }: Answered, like: Answered) => {
  if (outcome === undefined) return "unknown";
  if (!outcome.ok) return `${outcome.errno} ${outcome.reason ?? ""}`;
  // What is new in what was seen has some number of its own in the true world.
  return isNew || like.isNew ? `new ${opened?.type ?? ""}` : outcome.value;
};

const KINDS_OF = ["user", "pid", "net", "uts", "time"] as const;
const anyCall = (places: readonly number[], names: readonly string[]): fc.Arbitrary<string> => {
  const process = fc.constantFrom(...places.map(String));
  const name = fc.constantFrom(...names);
  const kind = fc.constantFrom(...KINDS_OF);
  return fc.oneof(
    fc
      .tuple(name, fc.constantFrom("NS_GET_PARENT", "NS_GET_USERNS", "NS_GET_NSTYPE", "NS_GET_OWNER_UID", "NS_GET_ID"))
      .map(([on, request]) => `ioctl ${on} ${request}`),
    fc.tuple(process, fc.constantFrom("net", "user", "pid", "uts")).map(([of, link]) => `open ${of}/${link}`),
    fc.tuple(process, fc.constantFrom("net", "user", "pid", "uts")).map(([of, link]) => `setns ${of}/${link}`),
    fc.tuple(name, kind).map(([on, nstype]) => `setns ${on} ${nstype}`),
    name.map((on) => `setns ${on}`),
    fc.uniqueArray(kind, { minLength: 1 }).map((kinds) => `unshare ${kinds.join(" ")}`),
    fc
      .tuple(process, fc.constantFrom('uid_map "0 0 1"', 'gid_map "0 1000 1"', "setgroups deny"))
      .map(([of, what]) => `write ${of}/${what}`),
    process.map((of) => `kill ${of} 0`),
    fc.constantFrom("getresuid", "getgroups", "setresuid 1000", "setresuid 0", "execve", "prctl PR_SET_DUMPABLE 1"),
    name.map((on) => `open_by_handle_at FD_NSFS_ROOT ${on}`),
  );
};

/** Takes one piece of evidence away: the snapshot of a viewer who saw less. */
const LESS: readonly ((snapshot: Snapshot, nth: number) => Snapshot)[] = [
  (snapshot, nth) => withProcess(snapshot, nth, ({ status: _status, ...process }) => process),
  (snapshot, nth) =>
    withProcess(snapshot, nth, (process) => {
      const link = LINKS[nth % LINKS.length] ?? "net";
      const { [link]: _gone, ...namespaces } = process.namespaces;
      return { ...process, namespaces, refused: { ...process.refused, [link]: "EACCES" as const } };
    }),
  (snapshot, nth) => withNamespace(snapshot, nth, (record) => ({ ...record, owner: REFUSED })),
  (snapshot, nth) =>
    withNamespace(snapshot, nth, (record) => (record.parent === undefined ? record : { ...record, parent: REFUSED })),
  (snapshot, nth) =>
    withNamespace(snapshot, nth, (record) =>
      record.maps === undefined ? record : { ...record, maps: { refused: "EACCES", call: "openat" } },
    ),
  (snapshot, nth) =>
    withNamespace(snapshot, nth, (record) =>
      record.creatorUid === undefined
        ? record
        : { ...record, creatorUid: { refused: "EPERM", call: "ioctl NS_GET_OWNER_UID" } },
    ),
  (snapshot, nth) => withNamespace(snapshot, nth, ({ uniqueId: _id, ...record }) => record),
];
const REFUSED = { refused: "EPERM", call: "ioctl NS_GET_USERNS" } as const;

const withProcess = (snapshot: Snapshot, nth: number, less: (process: ProcessRecord) => ProcessRecord): Snapshot => {
  const at = nth % snapshot.processes.length;
  return { ...snapshot, processes: snapshot.processes.map((one, index) => (index === at ? less(one) : one)) };
};
const withNamespace = (
  snapshot: Snapshot,
  nth: number,
  less: (record: NamespaceRecord) => NamespaceRecord,
): Snapshot => {
  const at = nth % snapshot.namespaces.length;
  return { ...snapshot, namespaces: snapshot.namespaces.map((one, index) => (index === at ? less(one) : one)) };
};

describe("what-if in a snapshot", () => {
  test.each(PLACES.filter((place) => !place.startsWith("pid:")))(
    "taken from %s agrees with the world it was taken of, or does not know, however much is missing",
    async (place) => {
      const there = machine();
      const snapshot = await seenFrom(there, place);
      const places = [...there.numbers.values()];
      const names = snapshot.namespaces.map(({ kind, id }) => `${kind}:[${id.slice(id.indexOf("/") + 1)}]`);
      let known = 0;
      let unknown = 0;
      fc.assert(
        fc.property(
          fc.array(anyCall(places, names), { minLength: 1, maxLength: 4 }),
          fc.constantFrom(...places),
          fc.array(fc.tuple(fc.constantFrom(...LESS), fc.nat({ max: 200 })), { maxLength: 3 }),
          (calls, caller, gaps) => {
            const poorer = gaps.reduce((from, [less, nth]) => less(from, nth), snapshot);
            const seen = situationSeen(poorer);
            const requests = readCalls(calls.join("; "));
            const by = seenProcess(seen, String(caller));
            const real = truth(there, seen);
            const told = carryOut(seen, requests, by).answers;
            const realAnswers = carryOut(real, requests, taskName(String(caller))).answers;
            for (const [nth, answer] of told.entries()) {
              const right = realAnswers[nth];
              if (right === undefined) throw new Error("an answer each");
              if (answer.outcome === undefined) unknown++;
              else {
                known++;
                expect([calls[nth], shown(answer, answer)]).toEqual([calls[nth], shown(right, answer)]);
              }
            }
          },
        ),
        { numRuns: 100 },
      );
      expect(known).toBeGreaterThan(0);
      // Whoever sees all knows most.
      if (place === "user:init") expect(known).toBeGreaterThan(unknown);
    },
  );
});
