import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { reach, type ReachAnswer } from "../../src/caps/reach/reach.ts";
import { allIds, type Call, type TaskName, type Value } from "../../src/kernel/call.ts";
import { numberIn } from "../../src/kernel/model/descriptors.ts";
import { linkTarget } from "../../src/kernel/model/memberships.ts";
import { step } from "../../src/kernel/model/step.ts";
import { viewOf } from "../../src/kernel/model/view.ts";
import type { Task, World } from "../../src/kernel/model/world.ts";
import { hasCapability } from "../../src/rules/has-capability.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import { anyPeopledWorld, peopled, type PeopledMachine } from "../support/peopled-machine.ts";
import { replay } from "../support/replay-reach.ts";
import { anyLoss, without } from "./less-evidence.ts";

const RUNS = Number(process.env["NSATLAS_RUNS"] ?? 100);

/** The namespaces that a process is in, or its next child is. */
function namespacesOf(task: Task): unknown[] {
  return [...KINDS, "pid_for_children" as const, "time_for_children" as const].map((link) => linkTarget(task, link));
}

const isAdmin = (
  world: World,
  task: Task,
  machine: PeopledMachine,
  { namespace, kind }: ReachAnswer["reached"][number],
) => {
  const view = viewOf(world);
  const key = machine.keyOf(namespace);
  // Somebody had it open, and let it go.
  if (world.namespaces.get(key) === undefined) return false;
  const governor = kind === "user" ? key : view.owner(key);
  return governor !== undefined && hasCapability(view, task.credentials, governor, "CAP_SYS_ADMIN");
};

/**
 * Somebody who tries things by the /proc of its own pid namespace: opens what it may open, joins what it may join, acts as
 * whom it may attach to, takes other ids and keeps its capabilities, starts programs.
 */
const ACTS = ["join", "join", "owner", "attach", "attach", "uid", "gid", "exec", "pin"] as const;
const anyMove = fc.record({ whom: fc.nat(), link: fc.nat(), act: fc.constantFrom(...ACTS) });
const IDS = [0, 1000, 1001] as const;
type Move = typeof anyMove extends fc.Arbitrary<infer T> ? T : never;

function hasNumberFor({ tasks }: World, by: TaskName, of: TaskName): boolean {
  const [own, other] = [tasks.get(by), tasks.get(of)];
  return own !== undefined && other !== undefined && numberIn(other, own.pid) !== undefined;
}

function wander(
  machine: PeopledMachine,
  start: TaskName,
  moves: readonly Move[],
  seen: (world: World, task: Task) => void,
) {
  let { world } = machine.actor;
  let by = start;
  const call = (made: Call): Outcome<Value> => {
    const [next, outcome] = step(world, by, made);
    world = next;
    return outcome;
  };
  const binds = [...world.namespaces.values()].flatMap((one) => [...(one.binds?.values() ?? [])]);
  const pins = binds.map(({ path }) => path);
  const everybody = [...world.tasks.values()].filter((one) => one.leader === one.name).map(({ name }) => name);
  for (const { whom, link, act } of moves) {
    const of = everybody[whom % everybody.length] ?? start;
    const raise = (): void => {
      const permitted = world.tasks.get(by)?.credentials.permitted ?? 0n;
      call({ op: "capset", effective: permitted, permitted });
    };
    if (act === "uid" || act === "gid") {
      call({ op: "set-keep-caps", keep: true });
      call({ op: act === "uid" ? "setresuid" : "setresgid", ids: allIds(IDS[link % IDS.length] ?? 0) });
      raise();
    } else if (act === "exec") {
      call({ op: "exec" });
      raise();
    } else if (act === "pin") {
      const opened = call({ op: "open-path", path: pins[link % pins.length] ?? "/" });
      if (opened.ok && typeof opened.value === "number") call({ op: "setns", fd: opened.value, nstype: 0 });
    } else if (!hasNumberFor(world, by, of)) {
      continue;
    } else if (act === "attach") {
      const pidfd = call({ op: "pidfd_open", of, flags: 0 });
      if (!pidfd.ok || typeof pidfd.value !== "number") continue;
      const got = call({ op: "pidfd_getfd", fd: pidfd.value, target: 1000 });
      if (!got.ok && got.errno !== "EBADF") continue;
      by = of;
    } else {
      const opened = call({ op: "open", of, link: KINDS[link % KINDS.length] ?? "user" });
      if (!opened.ok || typeof opened.value !== "number") continue;
      const owner = act === "owner" ? call({ op: "ioctl", fd: opened.value, request: "NS_GET_USERNS" }) : opened;
      if (!owner.ok || typeof owner.value !== "number") continue;
      call({ op: "setns", fd: owner.value, nstype: 0 });
      // With a user namespace entered, what was opened before may be open to it.
      if (act === "owner") call({ op: "setns", fd: opened.value, nstype: 0 });
    }
    const task = world.tasks.get(by);
    if (task !== undefined) seen(world, task);
  }
}

const pathsOf = ({ inside, admin, look }: ReachAnswer["reached"][number]) =>
  (
    [
      ["inside", inside],
      ["admin", admin],
      ["look", look ?? null],
    ] as const
  ).flatMap(([aim, path]) => (path === null ? [] : [{ aim, path }]));

describe("reach", () => {
  test("each path is one that the model's kernel lets go, and leads to what it says, in random worlds", async () => {
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(anyPeopledWorld, async ({ drawing, people }) => {
        const machine = peopled(drawing, people);
        const index = await machine.seenBy();
        for (const person of index.snapshot.processes) {
          const answer = reach(index, { process: person });
          for (const one of answer.reached) {
            for (const { aim, path } of pathsOf(one)) {
              const { world, by, refused } = replay(machine, person, path);
              if (refused !== undefined) {
                // It said what it takes for granted.
                const otherwise = path.some(({ assumed }) => assumed.length > 0);
                expect([refused, otherwise]).toMatchObject([{ outcome: { reason: "process-not-dumpable" } }, true]);
                continue;
              }
              steps += path.length;
              const task = world.tasks.get(by);
              if (task === undefined) throw new Error(by);
              if (aim === "inside") expect(namespacesOf(task)).toContain(machine.keyOf(one.namespace));
              if (aim === "admin") expect([path, isAdmin(world, task, machine, one)]).toEqual([path, true]);
            }
          }
        }
      }),
      { numRuns: RUNS },
    );
    expect(steps).toBeGreaterThan(RUNS);
  }, 120_000);

  test("whoever tries things in the model gets nowhere that was not said", async () => {
    let places = 0;
    await fc.assert(
      fc.asyncProperty(
        anyPeopledWorld,
        fc.nat(),
        fc.array(anyMove, { minLength: 10, maxLength: 60 }),
        async ({ drawing, people }, nth, moves) => {
          const machine = peopled(drawing, people);
          const index = await machine.seenBy();
          const living = index.snapshot.processes.filter(({ zombie }) => !zombie);
          const process = living[nth % living.length];
          if (process === undefined) return;
          const answer = reach(index, { process });
          expect(answer.untaken.filter(({ missing }) => missing.what !== "not-recorded")).toEqual([]);
          const inside = new Set<unknown>(
            answer.reached.filter((one) => one.inside !== null).map(({ namespace }) => machine.keyOf(namespace)),
          );
          const known = new Map(answer.reached.map((one) => [one.namespace, one]));
          wander(machine, machine.taskOf(process).name, moves, (world, task) => {
            expect(namespacesOf(task).filter((key) => key !== undefined && !inside.has(key))).toEqual([]);
            for (const { id, kind } of index.snapshot.namespaces) {
              const nothing = { namespace: id, kind, inside: null, admin: null };
              if (isAdmin(world, task, machine, nothing)) expect([id, known.get(id)?.admin]).not.toEqual([id, null]);
            }
            places += 1;
          });
        },
      ),
      { numRuns: RUNS },
    );
    expect(places).toBeGreaterThan(RUNS);
  }, 120_000);

  test("who shares the machine's mounts may see through its /proc what has no number below: unknown, and never no", async () => {
    const below = { kind: "pid", parent: "pid:init", owner: "user:init", by: undefined, empty: false } as const;
    const machine = peopled([{ name: "pid:below", ...below }], []);
    const index = await machine.seenBy();
    const [first, ...others] = index.snapshot.processes;
    const inside = others.find(({ namespaces }) => namespaces.pid !== first?.namespaces.pid);
    if (inside === undefined) throw new Error("nobody is below");
    const seen = { what: "not-recorded", of: `/proc of ${inside.pid}` };
    expect(reach(index, { process: inside }).untaken.map(({ missing }) => missing)).toContainEqual(seen);
  });

  test("a piece of evidence taken away takes paths away, and makes none", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPeopledWorld,
        fc.nat(),
        fc.array(anyLoss, { minLength: 1, maxLength: 6 }),
        async (world, nth, losses) => {
          const index = await peopled(world.drawing, world.people).seenBy();
          const less = without(index, losses, { pids: new Set(), ids: new Set() });
          const { processes } = less.snapshot;
          const process = processes[nth % processes.length];
          const before = process && index.processes.get(process.pid);
          if (process === undefined || before === undefined) return;
          const [more, fewer] = [reach(index, { process: before }), reach(less, { process })];
          const known = new Map(more.reached.map((one) => [one.namespace, one]));
          const made = fewer.reached.filter(({ namespace, inside, admin }) => {
            const all = known.get(namespace);
            return (
              (inside !== null && (all?.inside ?? null) === null) || (admin !== null && (all?.admin ?? null) === null)
            );
          });
          expect(made).toEqual([]);
          // A process of which nothing is told is one that nobody misses.
          const isTold = losses.every(({ what }) => what !== "process");
          if (isTold && more.initial.verdict === "yes") expect(fewer.initial.verdict).not.toBe("no");
        },
      ),
      { numRuns: RUNS },
    );
  }, 120_000);
});
