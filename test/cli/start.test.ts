import { describe, expect, test } from "vitest";
import { LANGUAGES } from "../../src/messages/sentence.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

/** The commands that the last lines of `start` suggest. */
const suggested = (out: string): string[][] =>
  out
    .trimEnd()
    .split("\n")
    .slice(-3)
    .map((line) => line.trim().split(/ {2,}/)[0]?.split(" ") ?? []);

describe("start", () => {
  test("ends with three commands that work on the running kernel", needs("native"), async () => {
    using folder = temporaryFolder();
    const before = process.cwd();
    process.chdir(folder.path);
    try {
      // Other tests' namespaces come and go: one that ends between the two looks is no mistake, ten in a row would be.
      await expect
        .poll(
          async () => {
            const { exit, out } = await runProgram(["start"]);
            const tried = [];
            for (const [program, ...words] of suggested(out)) {
              tried.push({ program, ...(await runProgram(words)), out: "" });
            }
            return { exit, tried };
          },
          { interval: 100, timeout: 15_000 },
        )
        .toEqual({
          exit: 0,
          tried: Array.from({ length: 3 }, () => ({ program: "nsatlas", exit: 0, err: "", out: "" })),
        });
    } finally {
      process.chdir(before);
    }
  });
  test.each(LANGUAGES)("draws the tree first, in %s", async (language) => {
    const { actor } = drawnMachine("");
    const observer = new ModelObserver(() => actor.world, actor.first);
    const [tree, start] = await Promise.all(
      [["tree"], ["start"]].map((words) => runProgram(words, { observer, language })),
    );
    expect(start?.out.startsWith(tree?.out ?? "none")).toBe(true);
  });
  test("suggests a child user namespace where there is one, and says npm start where that was typed", async () => {
    const { actor } = drawnMachine("user:init\n  user:box");
    const observer = new ModelObserver(() => actor.world, actor.first);
    const { out } = await runProgram(["start"], { observer, env: { npm_lifecycle_event: "start" } });
    expect(suggested(out)[0]).toEqual(["npm", "start", "--", "show", "user:4026531840"]);
  });
  test("is not among the commands that help shows", async () => {
    expect((await runProgram(["help"])).out).not.toContain("first look");
    expect((await runProgram(["strat"])).err).not.toContain("start");
  });
});
