import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inodeOf, type NamespaceId } from "../../src/abi/ids.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { discover, type DiscoverWish } from "../../src/discover/discover.ts";
import { must } from "../../src/kernel/build-world.ts";
import { taskName } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { inconsistencies } from "../../src/snapshot/consistency.ts";
import { decodeSnapshot } from "../../src/snapshot/decode.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "../cli/run-program.ts";

const [MAKER, VIEWER] = [taskName("maker"), taskName("viewer")];
const { mnt, uts } = NAMESPACE_KINDS;

/** A process with a mount namespace of its own, where the uts namespace that it was in a moment is mounted. */
function machine(): ModelActor {
  const actor = new ModelActor();
  must(actor, actor.first, { op: "clone", flags: 0, as: VIEWER });
  must(actor, actor.first, { op: "clone", flags: 0, as: MAKER });
  must(actor, MAKER, { op: "unshare", flags: mnt.flag | uts.flag });
  const fd = must(actor, MAKER, { op: "open", of: MAKER, link: "uts" });
  must(actor, MAKER, { op: "bind", fd, path: "/run/netns/pin" });
  must(actor, MAKER, { op: "close", fd });
  must(actor, MAKER, { op: "unshare", flags: uts.flag });
  return actor;
}

async function look(actor: ModelActor, wish: DiscoverWish = {}): Promise<SnapshotIndex> {
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const seen = await discover(new ModelObserver(() => actor.world, VIEWER), wish, stamp);
  if (!seen.ok) throw new Error(seen.errno);
  expect([...inconsistencies(seen.value)]).toEqual([]);
  return indexSnapshot(seen.value);
}
function onlyPin(index: SnapshotIndex) {
  const [pin, ...more] = index.snapshot.pins;
  if (pin === undefined || more.length > 0) throw new Error("there is not just one pin");
  const { mountNamespace } = pin;
  const table = index.namespaces.get(mountNamespace as NamespaceId)?.mounts;
  return { kind: index.namespaces.get(pin.namespace)?.kind, pin, table };
}

describe("in the model, a pin in a foreign mount namespace", () => {
  test("is found through a process there", async () => {
    const { kind, pin, table } = onlyPin(await look(machine()));
    expect([kind, pin.path]).toEqual(["uts", "/run/netns/pin"]);
    expect(table).toMatchObject({ value: { by: "mountinfo", seen: 2, outOfReach: 0 } });
  });

  test("is found by statmount where the process there has another root", async () => {
    const actor = machine();
    must(actor, MAKER, { op: "chroot", path: "/tmp" });
    const { kind, table } = onlyPin(await look(actor));
    expect(kind).toBe("uts");
    expect(table).toMatchObject({ value: { by: "statmount", seen: 2, outOfReach: 0 } });
  });

  test("is found where nobody is, through a descriptor", async () => {
    const actor = machine();
    must(actor, VIEWER, { op: "open", of: MAKER, link: "mnt" });
    must(actor, MAKER, { op: "exit" });
    must(actor, actor.first, { op: "wait", child: MAKER });
    const { kind, table } = onlyPin(await look(actor));
    expect(kind).toBe("uts");
    expect(table).toMatchObject({ value: { by: "statmount" } });
  });

  test("is not looked for where mounts are not wanted, and coverage says so", async () => {
    const index = await look(machine(), { without: ["mounts"] });
    expect(index.snapshot.pins).toEqual([]);
    const skipped = index.snapshot.coverage
      .filter(({ skipped }) => skipped?.why === "unwanted")
      .map(({ source }) => source);
    expect(skipped).toEqual(["mounts", "mount-tables", "file-systems"]);
  });
});

test("tree --mounts draws a mount namespace of the model, in both languages and for programs", async () => {
  const actor = machine();
  const observer = new ModelObserver(() => actor.world, MAKER);
  const { out } = await runProgram(["tree", "--mounts", "self/mnt"], { observer });
  expect(out).toMatch(
    /^MOUNTED ON +ID TYPE WHAT +PROPAGATION\n\/ +0 ext4 \/dev\/vda\n└─\/run\/netns\/pin +\d+ nsfs uts:\[\d+\]\n2 mounts\n$/,
  );
  const json = await runProgram(["tree", "--mounts", "self/mnt", "--json"], { observer });
  expect(JSON.parse(json.out)).toMatchObject({
    by: "mountinfo",
    mounts: [
      { id: 0, parent: null },
      { parent: 0, hiddenBy: null },
    ],
  });
  expect((await runProgram(["tree", "--mounts", "self/uts"], { observer })).exit).toBe(2);
});

describe("tree --mounts --from", () => {
  const observer = () => {
    const actor = machine();
    return new ModelObserver(() => actor.world, MAKER);
  };
  const words = (file: string, link: string, ...more: string[]) => ["tree", "--mounts", link, "--from", file, ...more];

  test("draws what a snapshot with trees of mounts has, as it was drawn then", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "seen.json");
    const seenBy = observer();
    expect(await runProgram(["snapshot", "--mount-trees", "-o", file], { observer: seenBy })).toMatchObject({
      exit: 0,
      err: "",
    });
    const { viewpoint, namespaces } = await decodeSnapshot(readFileSync(file, "utf8"));
    const link = `mnt:[${inodeOf(viewpoint.namespaces.mnt ?? failing())}]`;
    for (const more of [[], ["--json"]]) {
      const then = await runProgram(["tree", "--mounts", "self/mnt", ...more], { observer: seenBy });
      expect(await runProgram(words(file, link, ...more))).toEqual(then);
    }
    // Of every mount namespace, not of the viewer's own alone.
    const trees = namespaces.filter(({ kind }) => kind === "mnt").map(({ mounts }) => mounts);
    expect(trees).toMatchObject([{ value: { tree: [{}] } }, { value: { tree: [{}, { fsType: "nsfs" }] } }]);
    const uts = `uts:[${inodeOf(viewpoint.namespaces.uts ?? failing())}]`;
    expect((await runProgram(words(file, uts))).exit).toBe(2);
  });

  test.each([
    [[], "how many mounts", "--mount-trees"],
    [["--redact"], "is redacted", "--mount-trees"],
    [["--no-mounts"], "Nobody has read", "--mount-trees"],
  ])("of one that was taken with %j says what would have kept them", async (options, reason, hint) => {
    using folder = temporaryFolder();
    const file = join(folder.path, "seen.json");
    await runProgram(["snapshot", "-o", file, ...options], { observer: observer() });
    const { viewpoint } = await decodeSnapshot(readFileSync(file, "utf8"));
    const { exit, out, err } = await runProgram(words(file, `mnt:${inodeOf(viewpoint.namespaces.mnt ?? failing())}`));
    expect([exit, out]).toEqual([3, ""]);
    expect(err).toContain(reason);
    expect(err).toContain(hint);
  });

  test("trees of mounts and leaving them out exclude each other", async () => {
    for (const other of ["--redact", "--no-mounts"]) {
      const { exit } = await runProgram(["snapshot", "-o", "-", "--mount-trees", other], { observer: observer() });
      expect(exit).toBe(2);
    }
  });
});

function failing(): never {
  throw new Error("it is not told");
}
