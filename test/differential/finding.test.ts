import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { theAddon } from "../support/the-addon.ts";
import { sequenceOf } from "./draft-call.ts";
import { Ground } from "./ground.ts";
import { readWords } from "./options.ts";
import { run } from "./run.ts";
import { shorter } from "./shorter.ts";

describe("a difference", () => {
  const asRoot = { ...needs("root", "native", "kernel:namespace-id"), timeout: 60_000 };
  test("is found where the model is of another kernel, and told with as few calls as show it", asRoot, async () => {
    using ground = new Ground(theAddon(), { kernel: "5.10" });
    const wish = { seed: 1, runs: 1000, limitMs: 30_000, starts: [{ uid: 0 }] };
    const { difference = "none" } = await run(ground, wish);
    expect(difference).toMatch(/^The model and the running kernel differ\.\n.+\n/);
    expect(difference).toMatch(/npm run differential -- --runs 1 --seed \d+ --root/);
    const [, calls = ""] = /is of uid 0:\n((?: +\d+ .+\n)+)/.exec(difference) ?? [];
    expect(calls.trimEnd().split("\n").length).toBeLessThanOrEqual(3);
    expect(difference).toContain("title:");
  });

  test("is shortened to what cannot be spared", () => {
    const numbers = Array.from({ length: 40 }, (_, at) => at);
    const isLeft = (some: readonly number[]): boolean => [3, 17, 18, 39].every((one) => some.includes(one));
    expect(shorter(numbers, isLeft)).toEqual([3, 17, 18, 39]);
  });
});

describe("a seed", () => {
  const starts = [{ uid: 0 }, { uid: 1000 }];
  test("stands for one sequence, and the next one for quite another", () => {
    const [one, again, next] = [7, 7, 8].map((seed) => JSON.stringify(sequenceOf(seed, starts)));
    expect(again).toBe(one);
    expect(next).not.toBe(one);
  });
});

describe("the words of npm run differential", () => {
  test("are understood, or not", () => {
    expect(readWords(["--runs", "3", "--seed", "5", "--user"])).toMatchObject({ runs: 3, seed: 5, user: true });
    expect(readWords(["--pairs", "3"])).toMatchObject({ pairs: 3, can: 0 });
    for (const words of [["--can", "x"], ["--runs", "x"], ["--minutes", "0"], ["--root", "--user"], ["what"]]) {
      expect(readWords(words), words.join(" ")).toBeUndefined();
    }
  });
});
