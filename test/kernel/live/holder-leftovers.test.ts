import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { CLONE_FLAGS } from "../../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { layOut } from "../../../src/kernel/live/holder-arguments.ts";
import { unshare } from "../../../src/kernel/live/holder-calls.ts";
import type { Request } from "../../../src/kernel/live/holder-wire.ts";
import { HolderProgramError } from "../../../src/kernel/live/holder-program.ts";
import type { Holder, Holders } from "../../../src/kernel/live/holders.ts";
import { needs } from "../../support/needs.ts";
import {
  becomeOrdinary,
  birthOf,
  clone3,
  familyOf,
  frameOf,
  isThere,
  numbers,
  openPipes,
  openTestHolders,
  program,
  stillRunning,
} from "./holder-support.ts";

const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD } = CLONE_FLAGS;
const THREAD = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
const PATIENCE_MS = 3000;

/** Idle, blocked, zombies, threads, other users, in other namespaces: every sort of holder there is. */
function startCrowd(holders: Holders): readonly Holder[] {
  const idle = holders.start();
  const child = clone3(holders, idle);
  const sharing = clone3(holders, child, { flags: CLONE_VM });
  const thread = clone3(holders, child, { flags: THREAD, exitSignal: 0 });
  const blocked = holders.start();
  holders.syscall(blocked, "ppoll", [0, 0, 0, 0], { limitMs: 0 });
  const zombie = clone3(holders, idle);
  holders.exit(zombie);
  const orphan = clone3(holders, clone3(holders, idle));
  const ordinary = holders.start();
  becomeOrdinary({ holders, holder: ordinary });
  unshare({ holders, holder: ordinary }, NAMESPACE_KINDS.user.flag);
  const flags = NAMESPACE_KINDS.pid.flag | NAMESPACE_KINDS.user.flag;
  const init = clone3(holders, idle, { flags });
  const member = clone3(holders, clone3(holders, init), { flags: NAMESPACE_KINDS.pid.flag });
  holders.syscall(member, "ppoll", [0, 0, 0, 0], { limitMs: 0 });
  const again = holders.start();
  holders.exec(again);
  return [idle, child, sharing, thread, blocked, orphan, ordinary, init, member, again];
}

describe("nothing is left", needs("native", "user-namespaces"), () => {
  test("after a dispose, which returns when all are gone, and then only the program itself waits to be reaped", async () => {
    const holders = openTestHolders();
    startCrowd(holders);
    const family = familyOf(holders.pid);
    expect(family.length).toBeGreaterThan(11);
    holders[Symbol.dispose]();
    holders[Symbol.dispose]();
    expect(family.slice(1).filter(isThere)).toEqual([]);
    expect(await holders.ended).toBe(0);
    expect(family.filter(isThere)).toEqual([]);
    expect(() => holders.start()).toThrow(TypeError);
  });

  test.each(["SIGKILL", "SIGTERM", "SIGINT", "SIGSEGV"] as const)("after %s to the dispatcher", async (signal) => {
    using holders = openTestHolders();
    const crowd = startCrowd(holders);
    const family = familyOf(holders.pid);
    process.kill(holders.pid, signal);
    expect(await stillRunning(family, PATIENCE_MS)).toEqual([]);
    expect(() => holders.syscall(crowd[0] ?? holders.start(), "getpid")).toThrow(HolderProgramError);
    expect(await holders.ended).toBe(signal);
  });

  test("of idle holders after the dispatcher and its guard were killed at once", async () => {
    using holders = openTestHolders();
    const family = familyOf(holders.pid);
    const idle = [holders.start(), holders.start()];
    // The guard, which was the only child before there were holders, then the dispatcher.
    for (const { pid } of family.toReversed()) process.kill(pid, "SIGKILL");
    expect(await stillRunning([...family, ...idle.map(({ pid }) => birthOf(pid))], PATIENCE_MS)).toEqual([]);
  });

  test("while the program's client is killed, even with a call under way that has hours to go", async () => {
    // The client is another Node, which sends two requests through ordinary pipes: start, and a call that blocks.
    const requests: Request[] = [
      { op: "start", slot: 0, limitMs: 1000, layout: layOut([]) },
      { op: "syscall", slot: 0, limitMs: 10_000_000, number: numbers.ppoll, layout: layOut([0, 0, 0, 0]) },
    ];
    const script = `
      const child = require("node:child_process").spawn(${JSON.stringify(program)}, ["actor"], { stdio: ["pipe", "pipe", "inherit"] });
      child.stdin.write(Buffer.from(${JSON.stringify(Buffer.from(frameOf(requests)).toString("hex"))}, "hex"));
      child.stdout.once("data", () => process.stdout.write(child.pid + "\\n"));
      setInterval(() => {}, 1000);`;
    const client = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(client.stdout, "data")) as [Buffer];
    const dispatcher = Number(line.toString());
    let family = familyOf(dispatcher);
    for (const deadline = Date.now() + PATIENCE_MS; family.length < 3 && Date.now() < deadline;)
      family = familyOf(dispatcher);
    expect(family).toHaveLength(3);
    client.kill("SIGKILL");
    expect(await stillRunning(family, PATIENCE_MS)).toEqual([]);
  });

  test("of descriptors: neither here, nor in a program that starts meanwhile", async () => {
    const before = openPipes();
    const seenBefore = await descriptorsOfAProgram();
    const holders = openTestHolders();
    expect(await descriptorsOfAProgram()).toEqual(seenBefore);
    holders[Symbol.dispose]();
    await holders.ended;
    expect(openPipes()).toEqual(before);
  });
});

async function descriptorsOfAProgram(): Promise<string> {
  const child = spawn("ls", ["/proc/self/fd"], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const list = await text(child.stdout);
  await closed;
  return list;
}
