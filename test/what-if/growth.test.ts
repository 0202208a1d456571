import { expect, test } from "vitest";
import { machineOf } from "../../bench/model/pods.ts";
import { carryOut } from "../../src/what-if/carry-out.ts";
import { readCalls } from "../../src/what-if/grammar.ts";
import { seenProcess } from "../../src/what-if/processes.ts";
import { situationSeen } from "../../src/what-if/seen/world.ts";
import { seenBy } from "../support/drawn-machine.ts";

test("a world of a snapshot is built in time that grows with the snapshot, not faster", async () => {
  const CALLS = readCalls("open self/net; setns self/user; getppid");
  const least: number[] = [];
  for (const pods of [10, 100]) {
    const { actor } = machineOf(pods);
    const snapshot = await seenBy(actor, actor.first);
    const times = [1, 2, 3].map(() => {
      const start = process.cpuUsage();
      const situation = situationSeen(snapshot);
      carryOut(situation, CALLS, seenProcess(situation, "self"));
      return process.cpuUsage(start).user / snapshot.processes.length;
    });
    least.push(Math.min(...times));
  }
  // Microseconds a process: quadratic work would be ten times as much.
  expect((least[1] ?? Infinity) / (least[0] ?? 0)).toBeLessThan(4);
});
