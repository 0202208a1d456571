import { expect, test } from "vitest";
import { chooseCommand } from "../../src/cli/choose-command.ts";

test.each([
  ["", "tree", []],
  ["list -n", "list", ["-n"]],
  ["--json list -n", "list", ["--json", "-n"]],
  ["--proc /p list", "list", ["--proc=/p"]],
  ["--proc=/p --color never list", "list", ["--proc=/p", "--color=never"]],
  ["--json", "tree", ["--json"]],
  ["--depth 2", "tree", ["--depth", "2"]],
  ["-t net", "tree", ["-t", "net"]],
  ["--help", "help", []],
  ["-h", "help", []],
  ["--help --json", "help", ["--json"]],
  ["--help list", "list", ["--help"]],
  ["--version", "version", ["--version"]],
  ["-V --json", "version", ["-V", "--json"]],
  ["help list", "help", ["list"]],
  ["nonsense --json", "nonsense", ["--json"]],
  ["-- list", "list", []],
])("nsatlas %s calls %s", (line, name, words) => {
  expect(chooseCommand(line.split(" ").filter(Boolean), "tree")).toEqual({
    name,
    words,
  });
});
