import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCommand } from "../../src/cli/commands.ts";
import { SUMMARIES, type CommandName } from "../../src/cli/summaries.ts";
import { EXAMPLES } from "../support/examples.ts";
import { startHolder, type Holder } from "../enter/live/holder.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

/** What the examples with a container run. */
const TOOLS = ["package:iproute2", "package:util-linux"] as const;
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

    /** What examples call process 4711 lives as long as they run. */
    let container: Holder | undefined;
    const asked = command.examples.some(({ line }) => line.includes("4711"));
    beforeAll(async () => {
      if (asked && process.getuid?.() === 0) container = await startHolder(["-m", "-u", "-n", "-p"]);
    });
    afterAll(async () => await container?.[Symbol.asyncDispose]());

    test.each(command.examples)(
      "$line",
      asked ? needs("root", ...TOOLS) : {},
      async ({ line, shows, exit: expected = 0 }) => {
        const [program, ...words] = shellWords(line.replaceAll("4711", String(container?.pid)));
        expect(program).toBe("nsatlas");
        const { exit, err } = await runProgram(words);
        expect({ exit, err }).toEqual({ exit: expected, err: "" });
        expect(shows).toMatch(/^[a-z][^.]*$/);
      },
    );
  },
);

/** The words that a shell makes of a line; 'single quotes' keep blanks. */
const shellWords = (line: string): string[] =>
  Array.from(line.matchAll(/'([^']*)'|\S+/g), ([word, quoted]) => quoted ?? word);
