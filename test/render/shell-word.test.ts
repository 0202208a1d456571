import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "../../src/render/shell-word.ts";
import { needs } from "../support/needs.ts";

const WORDS = [
  ["/run/netns/blue", "/run/netns/blue"],
  ["/mnt/a b", "'/mnt/a b'"],
  ["/mnt/it's $HOME", String.raw`'/mnt/it'\''s $HOME'`],
  [String.raw`/mnt/back\slash`, String.raw`'/mnt/back\slash'`],
  ["/mnt/a\nb'c\\d", String.raw`$'/mnt/a\x0ab\'c\\d'`],
  ["/mnt/\u202egnp.日", String.raw`$'/mnt/\xe2\x80\xaegnp.日'`],
  ["", "''"],
] as const;

test.each(WORDS)("%j is %s", (text, word) => {
  expect(shellWord(text, "utf-8")).toBe(word);
});
test("in plain ASCII, all else is escaped", () => {
  expect(shellWord("/mnt/日", "ascii")).toBe(String.raw`$'/mnt/\xe6\x97\xa5'`);
});
test.each(["utf-8", "ascii"] as const)("bash reads each as it was, %s", needs(), (charset) => {
  for (const [text] of WORDS)
    expect(execFileSync("bash", ["-c", `printf %s ${shellWord(text, charset)}`], { encoding: "utf8" })).toBe(text);
});
