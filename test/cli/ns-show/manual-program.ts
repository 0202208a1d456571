import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { cProgram, type CProgram } from "../../support/c-program.ts";
import { manualPage } from "../../support/manual-page.ts";

/** What roff's escapes stand for in the source of a C program. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\\e": "\\",
  "\\\\": "\\",
  "\\-": "-",
  "\\&": "",
  "\\(aq": "'",
  "\\[aq]": "'",
  "\\(dq": '"',
  "\\[dq]": '"',
  "\\(ha": "^",
  "\\[ha]": "^",
  "\\(ti": "~",
  "\\[ti]": "~",
};
const ESCAPE = /\\(?:\[[^\]]*\]|\(..|.)/g;

/** The example program of ioctl_ns(2), compiled; every user may run it. Needs manpages-dev, gcc, libc6-dev, linux-libc-dev. */
export function openManualProgram(): CProgram {
  const program = cProgram({ text: programOf(manualPage("2/ioctl_ns.2")) });
  chmodSync(dirname(program.path), 0o755);
  return program;
}

/** The text of ns_show.c in the page: what stands between its two marks, without roff's requests and escapes. */
export function programOf(page: string): string {
  const [, source] = /^\.\\" SRC BEGIN \(ns_show\.c\)\n(.*)^\.\\" SRC END/ms.exec(page) ?? [];
  if (source === undefined) throw new Error("the manual page has no program ns_show.c");
  const lines = source.split("\n").filter((line) => !/^\.[A-Z]/.test(line));
  return lines.join("\n").replace(ESCAPE, (escape) => {
    const meaning = ESCAPES[escape];
    if (meaning === undefined) throw new Error(`what does roff's ${escape} stand for?`);
    return meaning;
  });
}
