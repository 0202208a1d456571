import { describe, expect, test } from "vitest";
import { drawnWay } from "./drawn-way.ts";

const WORLD = `
user:init
  user:box by 1000
    user:deep by 1000
  user:other by 2000
net:blue of user:box empty
uts:own of user:init empty
ipc:deep of user:deep empty
pid:init
  pid:box of user:box
    pid:deep of user:deep
`;
const ROOT = { user: "user:init" };
const MAKER = { user: "user:init", uid: 1000 };
const STRANGER = { user: "user:init", uid: 3000 };

describe("the order", () => {
  test("a target's own user namespace and what it owns go in one call by the pidfd", () => {
    const asked = { world: WORLD, target: ["user:box", "net:blue"], kinds: ["net", "user"] } as const;
    for (const from of [ROOT, MAKER]) {
      expect(drawnWay({ ...asked, from }).steps).toEqual(["pidfd user:box net:blue: yes"]);
    }
  });

  test("without pidfds who made the user namespace joins it first, and root last", () => {
    const asked = { world: WORLD, target: ["user:box", "net:blue"], kinds: ["net", "user"], pidfd: false } as const;
    expect(drawnWay({ ...asked, from: MAKER }).steps).toEqual(["file user:box: yes", "file net:blue: yes"]);
    expect(drawnWay({ ...asked, from: ROOT }).steps).toEqual(["file net:blue: yes", "file user:box: yes"]);
  });

  test("what may be joined only as the caller is comes before, though the target's go by its pidfd", () => {
    const asked = {
      world: WORLD,
      target: ["user:box", "net:blue"],
      kinds: ["net", "user"],
      files: ["uts:own"],
    } as const;
    expect(drawnWay({ ...asked, from: ROOT }).steps).toEqual(["file uts:own: yes", "pidfd user:box net:blue: yes"]);
    // The maker may not join it in any order: behind, where it is told as it is.
    expect(drawnWay({ ...asked, from: MAKER }).steps).toEqual([
      "pidfd user:box net:blue: yes",
      "file uts:own: EPERM no-admin-over-owner",
    ]);
  });

  test("files alone: before where the caller may, behind where only the user namespace gives the right", () => {
    const asked = { world: WORLD, files: ["user:box", "net:blue"] };
    expect(drawnWay({ ...asked, from: MAKER }).steps).toEqual(["file user:box: yes", "file net:blue: yes"]);
    expect(drawnWay({ ...asked, from: ROOT }).steps).toEqual(["file net:blue: yes", "file user:box: yes"]);
  });

  test("what is owned further below is joined from the user namespace between", () => {
    const asked = { world: WORLD, files: ["user:box", "ipc:deep"], from: MAKER };
    expect(drawnWay(asked).steps).toEqual(["file user:box: yes", "file ipc:deep: yes"]);
  });

  test("nsenter's order of what is done besides: root, folder, fork, proc, groups, gid, uid", () => {
    const more = { root: "/r", folder: { dir: "/d" }, fork: true, mountProc: "/proc", groups: [7], gid: 7, uid: 7 };
    const { way } = drawnWay({
      world: WORLD,
      target: ["pid:box"],
      kinds: ["pid"],
      more: { ...more, groupsMatter: true, noNewPrivs: true },
    });
    expect(way.acts.map(({ act }) => act)).toEqual([
      "join",
      "root",
      "folder",
      "fork",
      "mount-proc",
      "groups",
      "gid",
      "uid",
      "no-new-privs",
    ]);
    expect(way.forecast.may).toBe("yes");
  });

  test("supplementary groups are given up before the user namespace, which may not allow it", () => {
    const more = { preserve: false, groups: [], gid: 0, uid: 0 };
    const { steps } = drawnWay({ world: WORLD, target: ["user:box"], kinds: ["user"], more });
    expect(steps.slice(0, 2)).toEqual(["early-groups: yes", "pidfd user:box: yes"]);
    expect(steps.at(-3)).toBe("groups: yes");
  });
});

describe("what is foreseen", () => {
  test("a namespace of another's user namespace: no, and joining the owner as well would help its maker", () => {
    const asked = { world: WORLD, target: ["user:box", "net:blue"], kinds: ["net"] } as const;
    const made = drawnWay({ ...asked, from: MAKER });
    expect(made.steps).toEqual(["pidfd net:blue: EPERM no-admin-in-own-user-namespace"]);
    expect(made.hint).toMatch(/^Join the user namespace that owns it as well: --ns user:\[\d+\]/);
    const strange = drawnWay({ ...asked, from: STRANGER });
    expect(strange.way.forecast).toMatchObject({ may: "no", errno: "EPERM" });
    expect(strange.hint).toMatch(/^It would be allowed with CAP_SYS_ADMIN in user:\[\d+\]\.$/);
  });

  test("another's user namespace: no; to its maker, from above, or with CAP_SYS_ADMIN it would be allowed", () => {
    const { steps, hint } = drawnWay({ world: WORLD, target: ["user:other"], kinds: ["user"], from: MAKER });
    expect(steps).toEqual(["pidfd user:other: EPERM no-admin-over-target"]);
    expect(hint).toMatch(/or to uid 2000, who made it/);
  });

  test("the user namespace that one is in: EINVAL, and --user is to be left out", () => {
    const { steps, hint } = drawnWay({ world: WORLD, target: [], kinds: ["user"] });
    expect(steps).toEqual(["pidfd user:init: EINVAL user-namespace-is-current"]);
    expect(hint).toContain("--all leaves it out");
  });

  test("a pid namespace above one's own: EINVAL, from above only", () => {
    const from = { user: "pid:deep" };
    const { steps, hint } = drawnWay({ world: WORLD, target: ["pid:box"], kinds: ["pid"], from });
    expect(steps).toEqual(["pidfd pid:box: EINVAL pid-namespace-not-below"]);
    expect(hint).toMatch(/^Only a process in pid:\[\d+\] or in a pid namespace above it may\.$/);
  });

  test("ids of a user namespace that no process is known to be in: unknown, not no", () => {
    const more = { preserve: false, groups: [], gid: 0, uid: 0 };
    const { steps, way } = drawnWay({ world: WORLD, files: ["user:box"], more });
    expect(steps).toEqual([
      "early-groups: yes",
      "file user:box: yes",
      "groups: yes",
      "gid: unknown id-maps",
      "uid: unknown id-maps",
    ]);
    expect(way.forecast).toEqual({ may: "unknown", why: "id-maps" });
  });

  test("ids that are not mapped there: EINVAL, and which there are", () => {
    const world = "user:init\n  user:box by 1000\n";
    const asked = { world, machine: { uid: 1000 }, target: ["user:box"], kinds: ["user"] } as const;
    const { steps, hint } = drawnWay({ ...asked, more: { preserve: false, uid: 7 } });
    expect(steps).toEqual(["pidfd user:box: yes", "uid: EINVAL id-unmapped"]);
    expect(hint).toMatch(/^It has uid 1000, gid 1000: choose one by --setuid and --setgid/);
    expect(drawnWay({ ...asked, more: { preserve: false, uid: 1000 } }).way.forecast.may).toBe("yes");
    const denied = drawnWay({ ...asked, more: { preserve: false, groups: [1000], groupsMatter: true } });
    expect(denied.steps.at(-1)).toBe("groups: EPERM setgroups-denied-here");
    expect(denied.hint).toContain("--preserve-credentials");
  });

  test("before Linux 4.9 nobody says who owns a namespace: unknown", () => {
    const asked = { world: "user:init\n  user:box by 1000\nnet:blue of user:box empty\n", files: ["net:blue"] };
    const { steps } = drawnWay({ ...asked, machine: { release: "4.8" } });
    expect(steps).toEqual(["file net:blue: unknown lineage"]);
  });

  test("a root needs CAP_SYS_CHROOT where the command ends up: no outside, yes with the user namespace", () => {
    const asked = { world: WORLD, target: ["user:box"], from: MAKER, more: { root: "/r" } } as const;
    expect(drawnWay({ ...asked, files: ["user:box"] }).steps).toContain("root: yes");
    expect(drawnWay({ ...asked, kinds: ["net"] }).steps).toContain("root: EPERM no-chroot");
  });

  test("proc is mounted freely in the initial user namespace; below, where it is uncovered: unknown", () => {
    const more = { fork: true, mountProc: "/proc" };
    const asked = { world: WORLD, target: ["user:box", "pid:box"], more } as const;
    expect(drawnWay({ ...asked, kinds: ["pid"] }).steps.at(-1)).toBe("mount-proc: yes");
    expect(drawnWay({ ...asked, kinds: ["user", "pid"] }).steps.at(-1)).toBe("mount-proc: unknown proc-revealing");
    expect(drawnWay({ ...asked, kinds: ["pid"], from: STRANGER }).steps.at(-1)).toMatch(/^mount-proc: EPERM/);
  });

  test("a control group and a path inside are known only when it comes to it", () => {
    const more = { cgroup: "/sys/fs/cgroup/x", folder: { inside: "/w" } };
    const { way, steps } = drawnWay({ world: WORLD, target: ["net:blue"], kinds: ["net"], more });
    expect(steps).toEqual(["pidfd net:blue: yes", "folder-inside: unknown path-inside", "cgroup: unknown cgroup"]);
    expect(way.forecast.may).toBe("unknown");
  });
});
