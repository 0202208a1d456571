import { describe, expect, test } from "vitest";
import type { NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import { reach } from "../../src/caps/reach/reach.ts";
import type { ReachedNamespace } from "../../src/caps/reach/reach.ts";
import type { DrawnNamespace } from "../../src/kernel/drawing.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { peopled, type PeopledMachine, type Somebody } from "../support/peopled-machine.ts";
import { replay } from "../support/replay-reach.ts";

const somebody = (more: Partial<Somebody>): Somebody => ({
  place: 0,
  uid: undefined,
  gid: undefined,
  capabilities: "none",
  dumpable: true,
  ...more,
});
const drawn = (name: `${NamespaceKind}:${string}`, more: Partial<DrawnNamespace> = {}): DrawnNamespace => {
  const kind = name.slice(0, name.indexOf(":")) as NamespaceKind;
  return {
    name,
    kind,
    parent: kind === "user" ? "user:init" : undefined,
    owner: "user:init",
    by: undefined,
    empty: false,
    ...more,
  };
};

/** What the first of the people reaches of the world, with something of it changed. */
async function reachedIn(machine: PeopledMachine, change: (seen: Snapshot) => Snapshot = (seen) => seen) {
  const index = indexSnapshot(change((await machine.seenBy()).snapshot));
  const process = index.snapshot.processes.find((one) => machine.taskOf(one).name === machine.people[0]);
  if (process === undefined) throw new Error("somebody is there");
  const answer = reach(index, { process });
  const of = (name: string): ReachedNamespace | undefined => {
    const fd = machine.built.fds.get(name);
    const seen = fd === undefined ? undefined : machine.actor.call(machine.actor.first, { op: "fstat", fd });
    const id = seen?.ok === true && typeof seen.value === "object" && "namespace" in seen.value && seen.value.namespace;
    return answer.reached.find(({ namespace }) => namespace === id);
  };
  return { answer, process, of };
}
const waysOf = (path: ReachedNamespace["inside"] | undefined): unknown =>
  path?.map(({ how }) => (how.way === "join" ? `join by ${how.through.by}` : how.way));

describe("reach, by way of", () => {
  test("CAP_SETUID: who may be anybody may be the owner of a user namespace", async () => {
    const machine = peopled([drawn("user:box", { by: 1000 })], [somebody({ capabilities: "CAP_SETUID" })]);
    const { answer, process, of } = await reachedIn(machine, unbounded);
    const path = of("user:box")?.inside ?? [];
    expect(waysOf(path)).toEqual(["become", "join by descriptor"]);
    expect(replay(machine, process, path).refused).toBeUndefined();
    // Its bounding set is empty here, so root gets nothing back.
    expect([answer.initial.verdict, answer.assumed.map(({ what }) => what)]).toEqual([
      "no",
      expect.arrayContaining(["securebits"]),
    ]);
  });

  test("execve: root without capabilities has what its bounding set leaves, unless it forbade itself to gain", async () => {
    const machine = peopled([], [somebody({ capabilities: "none" })]);
    const { answer, process } = await reachedIn(machine);
    expect([answer.initial.verdict, waysOf(answer.initial.steps)]).toEqual(["yes", ["execute"]]);
    expect(replay(machine, process, answer.initial.steps).refused).toBeUndefined();
    const bound = await reachedIn(machine, (seen) => ({
      ...seen,
      processes: seen.processes.map((one) => ({
        ...one,
        ...(one.status && { status: { ...one.status, noNewPrivs: true } }),
      })),
    }));
    // Others of the same uid have all capabilities: it may neither attach to them nor become as they are.
    expect(bound.answer.initial.verdict).toBe("no");
  });

  test("CAP_SETUID and execve: any uid is root's", async () => {
    const machine = peopled([], [somebody({ uid: 1000, capabilities: "CAP_SETUID" })]);
    const { answer, process } = await reachedIn(machine);
    expect([answer.initial.verdict, waysOf(answer.initial.steps)]).toEqual(["yes", ["become", "execute"]]);
    expect(replay(machine, process, answer.initial.steps).refused).toBeUndefined();
  });

  test("fork: who has several threads makes a user namespace by a child", async () => {
    const machine = peopled([], [somebody({ uid: 1000, gid: 1000 })]);
    const threaded = (seen: Snapshot): Snapshot => ({
      ...seen,
      processes: seen.processes.map((one) => (one.status ? { ...one, status: { ...one.status, threads: 9 } } : one)),
    });
    const { answer, process } = await reachedIn(machine, threaded);
    expect([process.status?.threads, answer.unshare.verdict]).toEqual([9, "yes"]);
  });

  test("a mount: a namespace that nothing else holds is opened by its path", async () => {
    const machine = peopled([drawn("net:blue", { pins: ["/blue"] })], [somebody({ capabilities: "CAP_SYS_ADMIN" })]);
    const { process, of } = await reachedIn(machine, (seen) => ({
      ...heldByMounts(seen),
      processes: seen.processes.slice(0, 1).concat(seen.processes.at(-1) ?? []),
    }));
    const path = of("net:blue")?.inside ?? [];
    expect(waysOf(path)).toEqual(["join by mount"]);
    expect(path[0]?.assumed.map(({ what, of: whose }) => `${what} ${whose}`)).toContain("folders /blue");
    expect(replay(machine, process, path).refused).toBeUndefined();
  });

  test("a mount in another mount namespace, which has to be joined first", async () => {
    const machine = peopled(
      [drawn("mnt:other"), drawn("net:blue", { pins: ["/blue"] })],
      [somebody({ capabilities: "all" })],
    );
    const { of } = await reachedIn(machine, (seen) => {
      const other = seen.namespaces.find(({ kind, id }) => kind === "mnt" && id !== seen.viewpoint.namespaces.mnt);
      const inside = seen.processes.find(({ namespaces }) => namespaces.mnt === other?.id);
      const [first] = seen.processes;
      return {
        ...heldByMounts(seen),
        pins: seen.pins.map((pin) => ({ ...pin, ...(other && { mountNamespace: other.id }) })),
        processes: [first, inside, seen.processes.at(-1)].filter((one) => one !== undefined),
      };
    });
    expect(waysOf(of("net:blue")?.inside)).toEqual(["join by link", "join by mount"]);
  });

  test("a thread that is elsewhere: its own process is there too, and others look into it", async () => {
    const machine = peopled([drawn("net:blue"), drawn("uts:red")], [somebody({ capabilities: "all" })]);
    const seen = await machine.seenBy();
    const { processes } = seen.snapshot;
    const [first, me] = [processes[0], processes.at(-1)];
    const blue = seen.snapshot.namespaces.find(({ kind, id }) => kind === "net" && id !== first?.namespaces.net);
    const red = seen.snapshot.namespaces.find(({ kind, id }) => kind === "uts" && id !== first?.namespaces.uts);
    if (first === undefined || me === undefined || blue === undefined || red === undefined)
      throw new Error("it is drawn");
    const { of } = await reachedIn(machine, (whole) => ({
      ...heldByMounts(whole),
      processes: [first, me],
      threads: [
        { pid: first.pid, tid: 900, startTime: 1, comm: "t", namespaces: { net: blue.id } },
        { pid: me.pid, tid: 901, startTime: 1, comm: "t", namespaces: { uts: red.id } },
      ],
    }));
    expect([of("uts:red")?.inside, of("net:blue")?.inside?.map(({ how }) => how)]).toEqual([
      [],
      [{ way: "join", namespace: blue.id, through: { by: "link", pid: first.pid, tid: 900, link: "net" } }],
    ]);
  });
});

/** No descriptors: a mount is all that holds an empty namespace. */
const heldByMounts = (seen: Snapshot): Snapshot => ({ ...seen, descriptors: [] });

/** Nothing is left in anybody's bounding set. */
const unbounded = (seen: Snapshot): Snapshot => ({
  ...seen,
  processes: seen.processes.map((one) =>
    one.status === undefined
      ? one
      : { ...one, status: { ...one.status, capabilities: { ...one.status.capabilities, bounding: "0" } } },
  ),
});
