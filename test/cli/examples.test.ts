import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCommand } from "../../src/cli/commands.ts";
import { SUMMARIES, type CommandName } from "../../src/cli/summaries.ts";
import { EXAMPLES } from "../support/examples.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

const NAMES = Object.keys(SUMMARIES) as CommandName[];
const commands = await Promise.all(NAMES.map(loadCommand));

describe.each(commands.filter(({ examples }) => examples.length > 0))(
  "the examples of $name",
  needs("native"),
  (command) => {
    const before = process.cwd();
    const folder = temporaryFolder();
    beforeAll(() => {
      process.chdir(folder.path);
      copyFileSync(join(EXAMPLES, "worlds/containers.world"), "containers.world");
    });
    afterAll(() => {
      process.chdir(before);
      folder[Symbol.dispose]();
    });

    test.each(command.examples)("$line", async ({ line, shows, exit: expected = 0 }) => {
      const [program, ...words] = shellWords(line);
      expect(program).toBe("nsatlas");
      const { exit, err } = await runProgram(words);
      expect({ exit, err }).toEqual({ exit: expected, err: "" });
      expect(shows).toMatch(/^[a-z][^.]*$/);
    });
  },
);

/** The words that a shell makes of a line; 'single quotes' keep blanks. */
const shellWords = (line: string): string[] =>
  Array.from(line.matchAll(/'([^']*)'|\S+/g), ([word, quoted]) => quoted ?? word);
