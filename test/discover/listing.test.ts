import { describe, expect, test } from "vitest";
import { inodeOf } from "../../src/abi/ids.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { discover, type DiscoverWish } from "../../src/discover/discover.ts";
import { discoverListed } from "../../src/discover/listing.ts";
import { Registry } from "../../src/discover/registry.ts";
import { must } from "../../src/kernel/build-world.ts";
import { taskName } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { step } from "../../src/kernel/model/step.ts";
import { parseWorld } from "../../src/kernel/model/text/parse-world.ts";
import type { World } from "../../src/kernel/model/world.ts";
import type { NsFile } from "../../src/kernel/observer.ts";
import { refused, type Outcome } from "../../src/rules/outcome.ts";
import { inconsistencies } from "../../src/snapshot/consistency.ts";
import { gapsForAll } from "../../src/snapshot/gaps.ts";
import { whyAlive } from "../../src/snapshot/why-alive.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import { runProgram } from "../cli/run-program.ts";

const IN_BOX = "task viewer pid 4,1 in pid:box";

/**
 * Somebody has the file of a network namespace open, which a user namespace owns that no process is in, between two others;
 * and a process is in the lower one.
 */
const drawn = (release: string, viewer = "task viewer pid 4"): string => `
user:init
  user:middle by 1000
    user:low by 1000
pid:init
${viewer === IN_BOX ? "  pid:box\n" : ""}net:blue of user:middle
uts:low of user:low
kernel ${release}
task keeper pid 3 fds 0=net:blue
task inner pid 5 in user:low,uts:low uid 1000 caps all
${viewer}
`;
const VIEWER = taskName("viewer");
const NOBODY = "task viewer pid 4 uid 1000 caps none";

function worldOf(text: string): World {
  const said = parseWorld(text);
  if (!said.ok) throw new Error(JSON.stringify(said));
  return said.world;
}

async function look(observer: ModelObserver, wish: DiscoverWish = {}): Promise<SnapshotIndex> {
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const seen = await discover(observer, wish, stamp);
  if (!seen.ok) throw new Error(seen.errno);
  expect([...inconsistencies(seen.value)]).toEqual([]);
  return indexSnapshot(seen.value);
}
const at = (text: string): ModelObserver => {
  const world = worldOf(text);
  return new ModelObserver(() => world, VIEWER);
};
const rowOf = ({ snapshot }: SnapshotIndex) => snapshot.coverage.find(({ source }) => source === "listing");
/** The network namespace that is not the machine's own. */
const blueOf = ({ snapshot }: SnapshotIndex) =>
  snapshot.namespaces.find(
    ({ kind, id }) => kind === "net" && inodeOf(id) !== String(NAMESPACE_KINDS.net.initialInode),
  );

const WITHOUT = { without: ["descriptors", "mounts", "sockets", "threads"] } as const satisfies DiscoverWish;

describe("on a kernel that lists its namespaces", () => {
  test("what nothing else leads to is found, with its owner, and said to be listed only", async () => {
    const index = await look(at(drawn("7.1")), WITHOUT);
    const blue = blueOf(index);
    expect(blue).toMatchObject({ kind: "net", listed: true });
    if (blue === undefined) return;
    const owner = "to" in blue.owner ? index.namespaces.get(blue.owner.to) : undefined;
    expect(owner).toMatchObject({ kind: "user", listed: true, creatorUid: { value: 1000 } });
    expect(whyAlive(index, blue)).toMatchObject({ holders: [], kernels: false });
    expect(rowOf(index)).toMatchObject({ vanished: 0, refused: {} });
    expect(index.snapshot.namespaces.every(({ listed }) => listed)).toBe(true);
  });

  test("all are found by the list alone, without a process's folder of /proc", () => {
    const world = worldOf(drawn("7.1"));
    const opened: string[] = [];
    class Watched extends ModelObserver {
      override open(path: string): Outcome<NsFile> {
        opened.push(path);
        return super.open(path);
      }
    }
    const registry = new Registry(new Date(0));
    const tally = discoverListed(new Watched(() => world, VIEWER), registry, {});
    expect(opened).toEqual([]);
    expect(registry.records).toHaveLength(world.namespaces.size);
    expect(tally.row.seen).toBe(world.namespaces.size);
    // Nobody said that the viewer is outermost.
    expect(tally.row.notes).toEqual(["namespaces-not-listed"]);
  });

  test("more than a call lists are found page by page", async () => {
    const actor = new ModelActor({ release: "7.1" });
    const many = 1100;
    for (let nth = 0; nth < many; nth++) {
      must(actor, actor.first, { op: "unshare", flags: 0x40000000 });
      must(actor, actor.first, { op: "open", of: actor.first, link: "net" });
    }
    const registry = new Registry(new Date(0));
    discoverListed(new ModelObserver(() => actor.world, actor.first), registry, {});
    expect(registry.records.filter(({ kind }) => kind === "net")).toHaveLength(many + 1);
  });

  test("what ended while we looked is not told as held by nobody", async () => {
    const before = worldOf(drawn("7.1"));
    const [after, closed] = step(before, taskName("keeper"), { op: "close", fd: 0 });
    expect(closed.ok).toBe(true);
    class Ending extends ModelObserver {
      static world = before;
      // Names are read late: it was listed and opened, and ends now.
      override names(path: string): ReturnType<ModelObserver["names"]> {
        Ending.world = after;
        return super.names(path);
      }
    }
    const index = await look(new Ending(() => Ending.world, VIEWER), WITHOUT);
    expect(blueOf(index)).toBeUndefined();
    expect(rowOf(index)).toMatchObject({ vanished: 1, refused: {} });
  });
});

describe("what the list does not show is told", () => {
  test("an older kernel has none: nothing else is said of it than since when there is one", async () => {
    const index = await look(at(drawn("6.18")), WITHOUT);
    expect(rowOf(index)).toMatchObject({ asked: 0, unsupported: { errno: "ENOSYS", since: "6.19" } });
    expect(blueOf(index)).toBeUndefined();
  });

  test("who may not see all is shown its own, and told that there may be more", async () => {
    for (const viewer of [NOBODY, IN_BOX]) {
      const index = await look(at(drawn("7.1", viewer)), WITHOUT);
      expect(rowOf(index)).toMatchObject({ notes: ["namespaces-not-listed"], refused: {} });
      expect(blueOf(index)).toBeUndefined();
      expect(gapsForAll(index.snapshot)).toContainEqual({
        source: "listing",
        why: "hidden",
        note: "namespaces-not-listed",
      });
    }
  });

  test("on 6.19 a capability over the owner is enough, also from a pid namespace below: its holder is not visible", async () => {
    const index = await look(at(drawn("6.19.6", IN_BOX)));
    const blue = blueOf(index);
    expect(blue).toMatchObject({ listed: true });
    if (blue !== undefined) expect(whyAlive(index, blue).holders).toEqual([]);
  });

  test("a list that is whole leaves only what sockets keep to be missed", async () => {
    const index = await look(at(drawn("7.1")), WITHOUT);
    const sources = new Set(gapsForAll(index.snapshot).map(({ source }) => source));
    expect([...sources].toSorted()).toEqual(["descriptors", "in-flight", "sockets"]);
  });

  test.each(["EPERM", "ENOSYS"] as const)("a filter's %s keeps its errno", async (errno) => {
    const world = worldOf(drawn("7.1"));
    class Filtered extends ModelObserver {
      override listNamespaces(): Outcome<readonly bigint[]> {
        return refused(errno);
      }
    }
    const index = await look(new Filtered(() => world, VIEWER), WITHOUT);
    expect(rowOf(index)).toMatchObject(
      errno === "EPERM" ? { asked: 1, refused: { EPERM: 1 } } : { unsupported: { errno, since: "6.19" } },
    );
  });

  test("where a filter refuses to open by id, what is known otherwise is listed, the rest counted", async () => {
    const world = worldOf(drawn("7.1"));
    class Filtered extends ModelObserver {
      override openById(): Outcome<NsFile> {
        return refused("EPERM");
      }
    }
    const index = await look(new Filtered(() => world, VIEWER), WITHOUT);
    expect(rowOf(index)).toMatchObject({ refused: { EPERM: 1 } });
    expect(index.snapshot.namespaces.every(({ listed }) => listed)).toBe(true);
  });
});

describe("a namespace that the kernel lists and nobody visible holds is shown as such", () => {
  const run = (line: string) => runProgram([...line.split(" "), "--no-fds"], { observer: at(drawn("7.1")) });

  test.each([
    ["tree", "no process: the kernel lists it; nobody visible holds it"],
    ["leaks", "the kernel lists it; nobody visible holds it"],
    ["list -o NS,TYPE,HOLDERS", "net    listed"],
  ])("by %s", async (line, words) => {
    expect((await run(line)).out).toContain(words);
  });
  test("by why, with what would have to be looked at", async () => {
    const list = await run("list -o NS,TYPE,HOLDERS");
    const ino = /(\d+) net +listed/.exec(list.out)?.[1] ?? "";
    const why = await run(`why net:[${ino}]`);
    expect(why).toMatchObject({ exit: 3 });
    expect(why.out).toContain("The kernel lists it; nobody visible holds it.");
    expect(why.out.replaceAll(/\s+/g, " ")).toContain("an open file of it on its way between processes (SCM_RIGHTS)");
    expect(JSON.parse((await run(`why net:[${ino}] --json`)).out)).toMatchObject({ listed: true, holders: [] });
  });
});
