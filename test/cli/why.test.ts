import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { columnsOf } from "../../src/render/width.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import type { PinRecord, Snapshot } from "../../src/snapshot/types.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

const { actor, built } = drawnMachine(`
  user:init
    user:mid empty
      user:box by 1000
  net:blue of user:box empty pin /run/netns/blue
`);
for (const fd of built.fds.values()) actor.call(actor.first, { op: "close", fd });
const observer = new ModelObserver(() => actor.world, actor.first);

/** What it says of a snapshot, a line each. */
async function whyOf(seen: Snapshot, words: string): Promise<{ exit: number; lines: string[]; err: string }> {
  using folder = temporaryFolder();
  const file = `${folder.path}/seen.json`;
  writeFileSync(file, encodeSnapshot(seen));
  const { exit, out, err } = await runProgram(["why", ...words.split(" "), "--color=never", "--from", file], {
    columns: 80,
  });
  return { exit, err, lines: out.split("\n").filter(Boolean) };
}

const worker = process(9, { comm: "worker", namespaces: { net: idOf(2), mnt: idOf(6), pid: idOf(4), user: idOf(7) } });
const pin = (more: Partial<PinRecord> = {}): PinRecord => ({
  namespace: idOf(3),
  mountId: 50,
  path: "/run/netns/x",
  ...more,
});
const NAMESPACES = [namespace("net", 2), namespace("net", 3), namespace("mnt", 6), namespace("user", 7, { parent: 8 })];
const machine = (more: Partial<Snapshot> = {}): Snapshot =>
  snapshot({
    namespaces: [...NAMESPACES, namespace("pid", 4, { parent: 5 }), namespace("pid", 5), namespace("user", 8)],
    processes: [worker],
    ...more,
  });

describe("why", () => {
  test("says what holds it, what would let it go, and why a holder is there that is a namespace itself", async () => {
    const { out, exit } = await runProgram(["why", "net:blue"], { observer });
    expect([exit, out.replaceAll(/\d{10}/g, "N")]).toEqual([
      0,
      "net:[N] blue\n  One thing holds it; it ends when that lets go.\n" +
        "  it is mounted at /run/netns/blue\n    → umount /run/netns/blue\n",
    ]);
    const inode = JSON.parse((await runProgram(["show", "net:blue", "--json"], { observer })).out).ino;
    const { owner } = JSON.parse((await runProgram(["show", `net:${inode}`, "--json"], { observer })).out);
    const mid = JSON.parse((await runProgram(["show", `user:${owner.to.split("/")[1]}`, "--json"], { observer })).out);
    const above = await runProgram(["why", `user:${mid.parent.to.split("/")[1]}`], { observer });
    expect(
      above.out
        .replaceAll(/\d{10}/g, "N")
        .split("\n")
        .slice(2),
    ).toEqual([
      "  user:[N] is its child",
      "    → let go of user:[N]: see nsatlas why user:N",
      expect.stringMatching(/^ {6}user:\[N\]: \d+ \S+ is in it$/),
      "",
    ]);
  });

  test("tells the surest holders first", async () => {
    const descriptor = { what: "namespace", pid: 9, fd: 7, namespace: idOf(2) } as const;
    const thread = { pid: 9, tid: 10, startTime: 3, comm: "io", namespaces: { net: idOf(3) } };
    const seen = machine({
      threads: [thread],
      descriptors: [descriptor, { ...descriptor, fd: 8, namespace: idOf(3) }],
      pins: [pin(), pin({ mountId: 51, mountNamespace: idOf(6), path: "/ns" })],
    });
    expect((await whyOf(seen, "net:3")).lines).toEqual([
      "net:[3]",
      "  4 hold it; it ends when all let go.",
      "  thread 10 (io) of 9 worker is in it",
      "    → end thread 10 of 9 (worker)",
      "  it is open as fd 8 of 9 worker",
      "    → close fd 8 of 9 (worker)",
      "  it is mounted at /run/netns/x",
      "    → umount /run/netns/x",
      "  it is mounted at /ns in mnt:[6]",
      "    → umount /ns in mnt:[6]",
      "      mnt:[6]: 9 worker is in it",
    ]);
  });

  test("a zombie is to be waited for, unless a thread of it goes on", async () => {
    const zombie = { ...worker, zombie: true, namespaces: { pid: idOf(4), user: idOf(7) } };
    expect((await whyOf(machine({ processes: [zombie] }), "pid:4")).lines.slice(2)).toEqual([
      "  9 worker is in it",
      "    → 9 (worker) has ended: its parent, 1, has to wait for it, or to end",
    ]);
    const thread = { pid: 9, tid: 10, startTime: 3, comm: "io", namespaces: { net: idOf(3) } };
    expect((await whyOf(machine({ processes: [zombie], threads: [thread] }), "pid:4")).lines.slice(2)).toEqual([
      "  9 worker is in it",
      "    → end process 9 (worker)",
    ]);
  });

  test("where two mounts of namespaces lie at one place, it says so", async () => {
    const { lines } = await whyOf(machine({ pins: [pin(), pin({ mountId: 51, namespace: idOf(2) })] }), "net:3");
    expect(lines.slice(3)).toEqual(["    → umount /run/netns/x (2 mounts lie there: the uppermost goes first)"]);
  });

  test("where something else hides a mount, that goes first", async () => {
    const seen = machine({ pins: [pin({ hiddenBy: "/run/netns/x" }), pin({ mountId: 51, hiddenBy: "/r n" })] });
    expect((await whyOf(seen, "net:3")).lines.filter((line) => line.includes("umount"))).toEqual([
      "    → umount /run/netns/x (2 mounts lie there: the uppermost goes first)",
      "    → umount /run/netns/x (the mount at '/r n' hides it: that one goes first)",
    ]);
    const [covered] = (await whyOf(machine({ pins: [pin({ hiddenBy: "/run/netns/x" })] }), "net:3")).lines.slice(3);
    expect(covered).toBe("    → umount /run/netns/x (another mount lies on it there: that one goes first)");
  });

  test("nobody visible: exit 3, and what would have to be looked at", async () => {
    const seen = machine({
      coverage: machine().coverage.map((row) => {
        if (row.source === "descriptors") return { ...row, asked: 3, refused: { EACCES: 3 } };
        if (row.source === "sockets") return { ...row, skipped: { why: "unwanted" } };
        if (row.source === "in-flight") return { ...row, skipped: { why: "no-call", count: 2 } };
        return row;
      }),
      descriptors: [{ what: "socket", pid: 9, fd: 5, inFlight: 2 }],
    });
    expect(await whyOf(seen, "net:3")).toEqual({
      exit: 3,
      err: "",
      lines: [
        "net:[3]",
        "  Nobody visible holds it. Something does, for it was there when it was looked",
        "    at.",
        "  Not looked into, and what would show it:",
        "    - the open files of 3 processes (EACCES): CAP_SYS_PTRACE over these",
        "      processes, as root has it outside of containers",
        "    - network namespaces of sockets: a run without --no-fds, --no-sockets",
        "    - 2 (descriptors in flight): nothing; whoever receives them has them as open",
        "      files then",
        "    - 2 descriptors under way to fd 5 of 9 worker, a socket",
        "  What nothing shows, and may hold it:",
        "    - a mount of it that was detached (umount -l, open_tree) and is still in",
        "      use; a file registered with io_uring",
        "    - a tun or tap device; a socket of the kernel's own",
      ],
    });
    const json = await whyOf(seen, "net:3 --json");
    expect([json.exit, json.err]).toEqual([3, expect.stringContaining("Nobody visible")]);
  });

  test("namespaces that hold each other in a circle stand on nothing", async () => {
    // No kernel makes one: a mount namespace that is mounted in another, which belongs to a user namespace that owns it.
    const circle = snapshot({
      namespaces: [namespace("mnt", 2, { owner: 3 }), namespace("user", 3)],
      pins: [pin({ namespace: idOf(3), mountNamespace: idOf(2), path: "/u" })],
    });
    expect((await whyOf(circle, "user:3")).lines.slice(2)).toEqual([
      "  it is mounted at /u in mnt:[2]",
      "    → umount /u in mnt:[2]",
      "      mnt:[2]: what holds it was not seen",
      "  mnt:[2] belongs to it",
      "    → let go of mnt:[2]: see nsatlas why mnt:2",
      "      mnt:[2]: what holds it was not seen",
    ]);
  });

  test("the first namespaces are the kernel's own", async () => {
    const { exit, out } = await runProgram(["why", "self/uts"], { observer });
    expect([exit, out]).toEqual([0, expect.stringContaining("The kernel itself keeps it as long as it runs")]);
  });

  test.each(["en", "fr"] as const)("fits its terminal, in %s", async (language) => {
    for (const ref of ["net:blue", "self/user", "self/net"]) {
      const { out } = await runProgram(["why", ref, "--all", "--color=never"], { observer, columns: 60, language });
      for (const line of out.split("\n")) expect(columnsOf(line), line).toBeLessThanOrEqual(60);
    }
  });
});
