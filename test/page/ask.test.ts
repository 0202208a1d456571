import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { answerTo, shellLine } from "../../src/page/ask.ts";
import { readSnapshot } from "../../src/snapshot/decode.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import { LANGUAGES } from "../../src/messages/sentence.ts";
import { runProgram } from "../cli/run-program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const WORLD = join(import.meta.dirname, "../../examples/worlds/containers.world");
const COLUMNS = 80;

/** Of each sort that there is, and of each sort that goes wrong. */
const QUESTIONS = [
  "why net:blue",
  "why user:4026531840",
  "why net:nothing",
  "why nonsense:blue",
  "why",
  "why net:blue twice",
  "who sys_admin net:blue",
  "who net_admin user:4026531841",
  "who nothing net:blue",
  "who sys_admin",
  "can 1 net_admin net:blue",
  "can 6 sys_admin user:4026531840",
  "can 1 enter user:4026531840 net:blue",
  "can 6 enter net:blue",
  "can 6 enter",
  "can 4 load-module",
  "can 1 kill pid:2",
  "can 1 kill",
  "can 1 chown file:/etc/passwd",
  "can 1 mount mount:/proc",
  "can 1 write-sysctl sysctl:kernel.hostname",
  "can 1 bind-low-port host",
  "can 1 configure-device dev:eth0@net:blue",
  "can 2 raw-socket socket:2/3",
  "can 99 chroot",
  "can 1@pid:4026531842 chroot",
  "can 1 nothing",
  "can 1 chroot host more",
  "can",
] as const;

describe.each(LANGUAGES)("the page's answer (%s)", (language) => {
  test("is what the command says of the same snapshot", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "seen.json");
    await runProgram(["tree", "--json", "--world", WORLD, "-o", file]);
    const read = await readSnapshot((await runProgram(["tree", "--json", "--from", file])).out);
    if (!read.ok) throw new Error("the snapshot is damaged");
    const index = indexSnapshot(read.snapshot);
    for (const question of QUESTIONS) {
      const words = question.split(" ");
      const { out, err } = await runProgram([...words, "--from", file, "--color=never"], {
        columns: COLUMNS,
        language,
      });
      const { ok, text } = answerTo(words, { index, width: COLUMNS, language });
      if (ok) expect(text, question).toBe(out);
      else expect(plain(err), question).toContain(plain(text));
    }
  });
});

/** Without the words around an error on a terminal, and its lines. */
const plain = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replace(/^nsatlas: /, "")
    .trim();

test("what to type in a terminal is what was asked, whatever is in it", () => {
  expect(shellLine(["can", "1", "enter", "net:[4026531833]", "it's", "$(reboot)"])).toBe(
    `can 1 enter 'net:[4026531833]' 'it'\\''s' '$(reboot)'`,
  );
});
