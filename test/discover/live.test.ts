import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { discover } from "../../src/discover/discover.ts";
import { buildWorld, must } from "../../src/kernel/build-world.ts";
import { allIds, namespaceIn, taskName } from "../../src/kernel/call.ts";
import { openLiveActor, type LiveActor } from "../../src/kernel/live/actor.ts";
import { trackFds } from "../../src/kernel/live/fd.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import type { Native } from "../../src/kernel/live/native.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { Relation, Snapshot } from "../../src/snapshot/types.ts";
import { drawn } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { theAddon } from "../support/the-addon.ts";

const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };

async function look(native: Native | undefined): Promise<Snapshot> {
  const snapshot = await discover(new LiveObserver(native), { commandLines: true, cgroups: true }, stamp);
  if (!snapshot.ok) throw new Error(`discovery was refused: ${snapshot.errno}`);
  return snapshot.value;
}

describe("discovery on the running kernel, as root", needs("native", "root", "user-namespaces"), () => {
  test("shows a drawn world as the model does: chains of three user and three pid namespaces, owners, no strangers", async () => {
    using actor = openLiveActor(theAddon());
    const built = buildWorld(
      actor,
      drawn(`
        user:init
          user:one by 1000
            user:two empty
              user:three
        pid:init
          pid:one of user:one
            pid:two of user:one
              pid:three of user:one
        net:box of user:two
        uts:box of user:three
      `),
      0,
    );
    const { names, idOf } = namesOf(actor, built.fds);
    const snapshot = await look(theAddon());
    expect(relations(names, snapshot)).toEqual([
      "net:box of user:two",
      "net:init of user:init",
      "pid:init of user:init, parent EPERM parent-outside-view",
      "pid:one of user:one, parent pid:init",
      "pid:three of user:one, parent pid:two",
      "pid:two of user:one, parent pid:one",
      "user:init of EPERM owner-outside-view, parent EPERM parent-outside-view",
      "user:one of user:init, parent user:init",
      "user:three of user:two, parent user:two",
      "user:two of user:one, parent user:one",
      "uts:box of user:three",
      "uts:init of user:init",
    ]);
    const one = snapshot.namespaces.find(({ id }) => id === idOf("user:one"));
    expect(one?.creatorUid).toEqual({ value: 1000 });
    const members = indexSnapshot(snapshot).members.get(idOf("pid:three")) ?? [];
    expect(members.map(({ pid }) => pid)).toEqual([actor.pidOf(taskName("pid:three"))]);
  });

  test("finds a user namespace that only owns: nobody is in it, its network namespace is what keeps it", async () => {
    using actor = openLiveActor(theAddon());
    const built = buildWorld(actor, drawn("user:init\n  user:lone empty\nnet:box of user:lone empty"), 0);
    const { idOf } = namesOf(actor, built.fds);
    // A process of the initial user namespace is in net:box: root joins it from outside.
    must(actor, actor.first, { op: "setns", fd: built.fds.get("net:box") ?? -1, nstype: 0 });
    for (const fd of built.fds.values()) must(actor, actor.first, { op: "close", fd });
    const snapshot = await look(theAddon());
    const lone = snapshot.namespaces.find(({ id }) => id === idOf("user:lone"));
    expect(lone?.maps).toEqual({ refused: "ENOENT", call: "openat", reason: "no-member-to-read-from" });
    expect(
      indexSnapshot(snapshot)
        .owned.get(idOf("user:lone"))
        ?.map(({ id }) => id),
    ).toEqual([idOf("net:box")]);
  });

  test("ruid, euid and suid all different at creation: the effective one is the creator's", async () => {
    using actor = openLiveActor(theAddon());
    const maker = taskName("maker");
    const box = taskName("box");
    must(actor, actor.first, { op: "clone", flags: 0, as: maker });
    must(actor, maker, { op: "setresuid", ids: { real: 1001, effective: 1002, saved: 1003 } });
    must(actor, maker, { op: "clone", flags: 0x10000000, as: box });
    const snapshot = await look(theAddon());
    const made = snapshot.processes.find(({ pid }) => pid === actor.pidOf(box))?.namespaces.user;
    expect(snapshot.namespaces.find(({ id }) => id === made)?.creatorUid).toEqual({ value: 1002 });
  });

  test("a zombie and a process of another user are counted, never fatal; coverage adds up", async () => {
    using actor = openLiveActor(theAddon());
    const [zombie, other] = [taskName("zombie"), taskName("other")];
    must(actor, actor.first, { op: "clone", flags: 0, as: zombie });
    const pid = actor.pidOf(zombie);
    must(actor, zombie, { op: "exit" });
    must(actor, actor.first, { op: "clone", flags: 0, as: other });
    must(actor, other, { op: "setresuid", ids: allIds(4711) });
    const snapshot = await look(theAddon());
    const dead = snapshot.processes.find((process) => process.pid === pid);
    expect([dead?.zombie, Object.keys(dead?.namespaces ?? {})]).toEqual([true, ["pid", "user"]]);
    expect(snapshot.processes.find((process) => process.pid === actor.pidOf(other))?.uid).toBe(4711);
    for (const { asked, seen, vanished, refused } of snapshot.coverage) {
      expect(asked).toBe(seen + vanished + Object.values(refused).reduce((sum, times) => sum + times, 0));
    }
  });

  test("leaves no descriptor open", async () => {
    const open = trackFds();
    await look(theAddon());
    expect([...open.values()]).toEqual([]);
  });
});

test(
  "without the native half, namespaces and members are still seen, and relations say what is missing",
  needs(),
  async () => {
    const snapshot = await look(undefined);
    const { net } = snapshot.viewpoint.namespaces;
    if (net === undefined) throw new Error("the own network namespace is not seen");
    expect(snapshot.namespaces.find(({ id }) => id === net)).toEqual({
      id: net,
      kind: "net",
      owner: { refused: "ENOSYS", call: "ioctl NS_GET_USERNS", reason: "no-native-half" },
    });
    const members = indexSnapshot(snapshot).members.get(net) ?? [];
    expect(members.map(({ pid }) => pid)).toContain(process.pid);
  },
);

interface Names {
  /** By id, as the drawing has them. */
  readonly names: ReadonlyMap<string, string>;
  idOf(name: string): Snapshot["namespaces"][number]["id"];
}

function namesOf(actor: LiveActor, fds: ReadonlyMap<string, number>): Names {
  const ids = new Map<string, Snapshot["namespaces"][number]["id"]>();
  for (const [name, fd] of fds) {
    const seen = actor.call(actor.first, { op: "fstat", fd });
    const id = seen.ok ? namespaceIn(seen.value) : undefined;
    if (id !== undefined) ids.set(name, id);
  }
  return {
    names: new Map([...ids].map(([name, id]) => [id, name])),
    idOf: (name) => {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`${name} is not drawn`);
      return id;
    },
  };
}

/** What a snapshot says of the drawn namespaces; others of the machine, and its initial flat ones but two, left out. */
function relations(names: ReadonlyMap<string, string>, { namespaces }: Snapshot): string[] {
  const shown = (relation: Relation): string =>
    "to" in relation ? (names.get(relation.to) ?? relation.to) : `${relation.refused} ${relation.reason ?? ""}`;
  return namespaces
    .flatMap(({ id, owner, parent }) => {
      const name = names.get(id);
      if (name === undefined || /^(cgroup|ipc|mnt|time):init/.test(name)) return [];
      return `${name} of ${shown(owner)}${parent === undefined ? "" : `, parent ${shown(parent)}`}`;
    })
    .toSorted();
}

test(
  "a namespace that only a mount holds is found without the native half: the mount table tells its kind",
  needs("root", "package:util-linux"),
  async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "pin");
    writeFileSync(path, "");
    execFileSync("unshare", [`--uts=${path}`, "true"]);
    try {
      const { pins, namespaces } = await look(undefined);
      const pin = pins.find((one) => one.path === path);
      const record = namespaces.find(({ id }) => id === pin?.namespace);
      expect(record).toMatchObject({ kind: "uts", owner: { refused: "ENOSYS" } });
    } finally {
      // Others who look at the machine may have it open just now.
      execFileSync("umount", ["-l", path]);
    }
  },
);
