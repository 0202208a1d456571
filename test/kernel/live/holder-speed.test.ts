import { expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { clone3, openTestHolders } from "./holder-support.ts";

const CALLS = 100_000;
const FRAME = 800;
/** Far below what an idle machine gives (80,000 and 250,000): what is slower than this is broken, not busy. */
const SLOWEST = { oneByOne: 3000, together: 10_000, lives: 100 };

const ratePerSecond = (count: number, work: () => void): number => {
  const begin = performance.now();
  work();
  return Math.round((count / (performance.now() - begin)) * 1000);
};

test("hundreds of thousands of calls take seconds", { ...needs("native"), timeout: 60_000 }, () => {
  using holders = openTestHolders({ oneCpu: true });
  const holder = holders.start();
  const together = ratePerSecond(CALLS, () => {
    const calls = Array.from({ length: FRAME }, () => ({ holder, call: "getpid" }) as const);
    for (let i = 0; i < CALLS / FRAME; i++) holders.batch(calls);
  });
  const oneByOne = ratePerSecond(CALLS / 5, () => {
    for (let i = 0; i < CALLS / 5; i++) holders.syscall(holder, "getpid");
  });
  const lives = ratePerSecond(500, () => {
    for (let i = 0; i < 500; i++) {
      const child = clone3(holders, holder);
      holders.exit(child);
      holders.syscall(holder, "wait4", [child.pid, 0, 0, 0]);
    }
  });
  console.log(
    `holder: a second ${together} calls together, ${oneByOne} one by one, ${lives} processes made, ended and reaped`,
  );
  expect(together).toBeGreaterThan(SLOWEST.together);
  expect(oneByOne).toBeGreaterThan(SLOWEST.oneByOne);
  expect(lives).toBeGreaterThan(SLOWEST.lives);
});
