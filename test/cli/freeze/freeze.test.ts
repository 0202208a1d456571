import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Freezer } from "../../../src/cli/freeze/freezer.ts";
import { Guardian } from "../../../src/cli/freeze/guardian.ts";
import { ownCgroup } from "../../../src/cli/freeze/own-cgroup.ts";
import { LiveObserver } from "../../../src/kernel/live/observer.ts";
import { decodeTopology } from "../../../src/topology/image/decode.ts";
import { outcomeOf } from "../../../src/kernel/live/outcome-of.ts";
import { lookFor } from "../../../src/topology/checkpoint/take.ts";
import { hierarchy, UNIFIED } from "../../support/hierarchies.ts";
import { cat, childOf, LiveScene } from "../../support/live-scene.ts";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { theAddon } from "../../support/the-addon.ts";
import { PROGRAMS, root } from "../../support/viewers.ts";

const LIMIT_MS = 60_000;
const eventually = async (isSo: () => boolean): Promise<void> => {
  await expect.poll(isSo, { timeout: LIMIT_MS }).toBe(true);
};
/** As ps(1) has it: T is stopped. */
function stateOf(pid: number): string {
  const status = outcomeOf(() => readFileSync(`/proc/${pid}/status`, "latin1"));
  return (status.ok ? /^State:\s+(\S)/m.exec(status.value)?.[1] : undefined) ?? "gone";
}

/** Programs without an end, each of which is there for longer than a look takes: what comes and goes within one is not seen. */
const LOOPS = 12;
const BUSY = `loop() { while :; do sleep 0.2; done; }; ${Array.from({ length: LOOPS }, (_, at) => `(sleep 0.0${at}; loop) &`).join(" ")}`;

async function record(pid: number) {
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const seen = await lookFor(new LiveObserver(theAddon()), { roots: () => [], stamp, enter: false });
  const found = seen.ok ? seen.value.processes.find((one) => one.pid === pid) : undefined;
  if (found === undefined) throw new Error(`process ${pid} is not seen`);
  return found;
}

describe("checkpoint --freeze", needs("root", "native", "package:util-linux"), () => {
  test(
    "has what never holds still stand still, and go on; who stood still before does so afterwards",
    async () => {
      using folder = temporaryFolder();
      using scene = new LiveScene(root);
      const file = join(folder.path, "busy.json");
      const pid = await scene.play(`exec unshare -u sh -c 'sleep 600 & ${BUSY} echo ready; wait'`);
      const before = childOf(pid);
      process.kill(before, "SIGSTOP");
      await eventually(() => stateOf(before) === "T");
      // Where the machine lets none of them end between two looks, once more.
      const looked = async () => {
        const { code, stderr } = await root.nsatlas(["checkpoint", `${pid}`, "-o", file]);
        return { code, stderr };
      };
      await expect
        .poll(looked, { timeout: LIMIT_MS })
        .toMatchObject({ code: 3, stderr: expect.stringMatching(/--freeze/) });

      const frozen = await root.nsatlas(["checkpoint", `${pid}`, "--freeze", "-o", file]);
      expect(frozen).toMatchObject({ code: 0, stderr: "" });
      const { processes } = await decodeTopology(readFileSync(file, "utf8"));
      expect(processes.filter(({ comm }) => comm === "sh").length).toBeGreaterThan(LOOPS);
      expect(frozen.stdout).toMatch(/\d processes stood still meanwhile, and went on\./);
      expect(stateOf(before)).toBe("T");
      for (const { identity } of processes)
        if (identity?.pid !== before) await eventually(() => stateOf(identity?.pid ?? 0) !== "T");
      // Other children than those that are there now: the loops go on.
      const loop = Number(cat(`/proc/${pid}/task/${pid}/children`).trim().split(" ")[1]);
      const child = childOf(loop);
      await eventually(() => ![child, 0].includes(childOf(loop)));
    },
    3 * LIMIT_MS,
  );

  test("nobody above nsatlas is stopped, though it hangs from what is captured", () => {
    const script = `"$@" checkpoint $$ --freeze --json -o /dev/null; echo "code $?"`;
    const words = ["-c", script, "sh", process.execPath, PROGRAMS.nsatlas];
    const { stdout } = spawnSync("sh", words, { encoding: "utf8", timeout: LIMIT_MS });
    expect(stdout).toMatch(/code [034]\n$/);
  });

  test("a process ends while it is stopped, and others go on", async () => {
    using scene = new LiveScene(root);
    const [one, other] = [await scene.play("echo ready; exec sleep 60"), await scene.play("echo ready; exec sleep 60")];
    const records = [await record(one), await record(other)];
    {
      using freezer = new Freezer(theAddon());
      expect(await freezer.still(records)).toBe(true);
      expect([stateOf(one), stateOf(other)]).toEqual(["T", "T"]);
      expect(await freezer.still(records)).toBe(false);
      process.kill(one, "SIGKILL");
    }
    await eventually(() => stateOf(other) === "S");
  });

  test("should nsatlas be no more, somebody has them go on; dismissed, it leaves them alone", async () => {
    using scene = new LiveScene(root);
    const [one, other] = [await scene.play("echo ready; exec sleep 60"), await scene.play("echo ready; exec sleep 60")];
    for (const pid of [one, other]) process.kill(pid, "SIGSTOP");
    await eventually(() => stateOf(one) + stateOf(other) === "TT");
    {
      using dismissed = new Guardian(theAddon());
      dismissed.minds("pid", other);
      dismissed.dismiss();
    }
    {
      // What the kernel does as a process ends: the pipe is closed.
      using orphaned = new Guardian(theAddon());
      orphaned.minds("pid", one);
    }
    await eventually(() => stateOf(one) === "S");
    expect(stateOf(other)).toBe("T");
  });

  test(
    "a control group of their own is frozen as a whole, one with others in it is not",
    needs("cgroup-v2"),
    async () => {
      using scene = new LiveScene(root);
      const folder = join(hierarchy(UNIFIED) ?? "", `nsatlas-test-freeze-${process.pid}`);
      const [one, other] = [
        await scene.play("echo ready; exec sleep 60"),
        await scene.play("echo ready; exec sleep 60"),
      ];
      const events = () => readFileSync(join(folder, "cgroup.events"), "utf8");
      mkdirSync(folder);
      try {
        for (const pid of [one, other]) writeFileSync(join(folder, "cgroup.procs"), String(pid));
        expect(ownCgroup(new Set([one]))).toBeUndefined();
        expect(ownCgroup(new Set([one, other]))).toBe(folder);
        expect(ownCgroup(new Set([one, other, process.pid]))).toBeUndefined();
        {
          using freezer = new Freezer(theAddon());
          expect(await freezer.still([await record(one), await record(other)])).toBe(true);
          expect(events()).toContain("frozen 1");
          expect(stateOf(one)).not.toBe("T");
        }
        await eventually(() => events().includes("frozen 0"));
      } finally {
        for (const pid of [one, other]) process.kill(pid, "SIGKILL");
        await eventually(() => events().includes("populated 0"));
        rmdirSync(folder);
      }
    },
  );

  test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "ended by %s in the middle, nothing stands still, and no image is left",
    async (signal) => {
      using folder = temporaryFolder();
      using scene = new LiveScene(root);
      const file = join(folder.path, "image.json");
      const pid = await scene.play("unshare -u sleep 600 & sleep 600 & echo ready; wait");
      const all = [pid, ...childrenOf(pid)];
      expect(all).toHaveLength(3);
      await ended(async () => {
        using halfway = await stoppedHalfway(["checkpoint", `${pid}`, "--freeze", "-o", file], () =>
          all.every((one) => stateOf(one) === "T"),
        );
        return await halfway.endedBy(signal);
      }, signal);
      for (const one of all) await eventually(() => stateOf(one) === "S");
      expect(readdirSync(folder.path)).toEqual([]);
    },
    3 * LIMIT_MS,
  );

  test(
    "killed in the middle, a control group does not stay frozen",
    { ...needs("cgroup-v2"), timeout: 3 * LIMIT_MS },
    async () => {
      using scene = new LiveScene(root);
      const folder = join(hierarchy(UNIFIED) ?? "", `nsatlas-test-killed-${process.pid}`);
      const pid = await scene.play("exec unshare -u sh -c 'echo ready; exec sleep 600'");
      const events = () => readFileSync(join(folder, "cgroup.events"), "utf8");
      mkdirSync(folder);
      try {
        writeFileSync(join(folder, "cgroup.procs"), String(pid));
        await ended(async () => {
          using halfway = await stoppedHalfway(["checkpoint", `${pid}`, "--freeze", "-o", "/dev/null"], () =>
            events().includes("frozen 1"),
          );
          return await halfway.endedBy("SIGKILL");
        }, "SIGKILL");
        await eventually(() => events().includes("frozen 0"));
      } finally {
        process.kill(pid, "SIGKILL");
        await eventually(() => events().includes("populated 0"));
        rmdirSync(folder);
      }
    },
  );
});

const childrenOf = (pid: number): readonly number[] =>
  cat(`/proc/${pid}/task/${pid}/children`).trim().split(" ").map(Number);

/** Tries until the program was caught in the middle, and has ended by the signal. */
async function ended(attempt: () => Promise<NodeJS.Signals | null | undefined>, signal: NodeJS.Signals): Promise<void> {
  for (const began = performance.now(); performance.now() - began < LIMIT_MS;) {
    const by = await attempt();
    if (by !== undefined) return expect(by).toBe(signal);
  }
  expect.fail("it was never caught in the middle");
}

/** nsatlas, which stands still itself while what it has stopped does, unless it was over before. */
async function stoppedHalfway(words: readonly string[], isHalfway: () => boolean) {
  const child = spawn(process.execPath, [PROGRAMS.nsatlas, ...words], { stdio: "ignore" });
  const exit = once(child, "exit");
  // Without a pause: it is a matter of a tenth of a second.
  const began = performance.now();
  while (!isHalfway() && !isOver(child.pid ?? 0) && performance.now() - began < LIMIT_MS);
  child.kill("SIGSTOP");
  await eventually(() => ["T", "Z", "gone"].includes(stateOf(child.pid ?? 0)));
  return {
    async endedBy(signal: NodeJS.Signals): Promise<NodeJS.Signals | null | undefined> {
      const isCaught = isHalfway();
      child.kill(signal);
      child.kill("SIGCONT");
      const [, by] = await exit;
      return isCaught ? by : undefined;
    },
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}
/** A zombie, which Node waits for when it is its turn. */
const isOver = (pid: number): boolean => ["Z", "gone"].includes(stateOf(pid));
