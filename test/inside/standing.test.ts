import { readFileSync, readlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createNamespaces } from "../../src/inside/create.ts";
import { execIn } from "../../src/inside/exec.ts";
import { spawnIn } from "../../src/inside/spawn.ts";
import { startHolder } from "../enter/live/holder.ts";
import { needs } from "../support/needs.ts";
import { eventsOf } from "./events.ts";

describe("who a command is and where it stands", needs("native", "root", "package:util-linux"), () => {
  test("detached: it leads a session and a process group of its own", async () => {
    await using holder = await startHolder(["--net"]);
    for (const detached of [true, false]) {
      const child = spawnIn(`${holder.pid}/net`, "sleep", ["1000"], { detached, stdio: "ignore" });
      const events = eventsOf(child);
      await new Promise((resolve) => child.once("spawn", resolve));
      const [, , group, session] = readFileSync(`/proc/${child.pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      expect([group === String(child.pid), session === String(child.pid)]).toEqual([detached, detached]);
      child.kill("SIGKILL");
      expect(await events).toEqual(["spawn", "exit SIGKILL", "close"]);
    }
  });

  test("keepCaps: the capabilities of the user namespace outlive another uid; without it they do not", async () => {
    const extent = [{ inside: 0, outside: 0, count: 1000 }];
    using made = await createNamespaces({ kinds: ["user", "net"], maps: { uid: extent, gid: extent } });
    const effective = async (keepCaps: boolean): Promise<bigint> => {
      const options = { uid: 12, gid: 34, keepCaps };
      const { stdout } = await execIn([made.user, made.net], "cat", ["/proc/self/status"], options);
      expect(stdout).toMatch(/^Uid:\s+12\s+12\s+12\s+12$/m);
      return BigInt(`0x${/^CapEff:\s+(\w+)$/m.exec(stdout)?.[1] ?? "0"}`);
    };
    expect(await effective(false)).toBe(0n);
    expect((await effective(true)) & (1n << 12n)).toBe(1n << 12n);
  });

  test("mountProc: /proc shows the pid namespace that was joined, and to nobody else", async () => {
    await using holder = await startHolder(["--pid"]);
    const inside = `${holder.pid}/pid`;
    const mnt = readlinkSync("/proc/self/ns/mnt");
    const mounts = readFileSync("/proc/self/mountinfo", "utf8");
    const script = "cat /proc/1/comm; readlink /proc/self/ns/mnt";
    const { stdout } = await execIn(inside, "sh", ["-c", script], { mountProc: true });
    const [first, link] = stdout.trim().split("\n");
    expect(first).toBe("sleep");
    expect(link).not.toBe(mnt);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).toBe(mounts);
  });
});
