import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { productFolder } from "../../support/product.ts";
import { asOrdinaryUser } from "../../support/ordinary-user.ts";
import { runOf } from "../../support/run.ts";

/** How one program ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  /** Whether it said anything on standard error: the words are each program's own. */
  readonly said: boolean;
}

export interface Setting {
  readonly ordinary: boolean;
  readonly input?: string | undefined;
  readonly caller?: string | undefined;
}

export const NSATLAS = join(productFolder(runOf(process.env)), "dist/cli.cjs");
/** Where env(1) and the shell find this Node. */
const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`;

/** Runs a program as its user would: by a shell that is there before and after, with few variables. */
export function runBeside(program: readonly string[], words: readonly string[], setting: Setting): Ended {
  const { ordinary, input = "", caller = '"$@"; exit $?' } = setting;
  // Arguments as bytes: a lone surrogate stands for a byte that is not UTF-8.
  const all = [...program, ...words];
  const script = `export CALLER=$$; set -- ${all.map(quoted).join(" ")}; ${caller}`;
  const done = spawnSync("/bin/sh", ["-c", script], {
    cwd: "/",
    input,
    encoding: "latin1",
    env: { PATH, LC_ALL: "C.UTF-8", SHELL: "/bin/sh", PWD: "/", HOME: "/" },
    timeout: 20_000,
    ...(ordinary ? asOrdinaryUser() : {}),
  });
  const said = done.stderr
    .split("\n")
    .some((line) => line !== "" && !/^(Killed|Terminated|sh: 1:.*(Killed|Hangup))/.test(line));
  return { code: done.status, signal: done.signal, out: done.stdout, said };
}

/** For /bin/sh. Bytes that are not UTF-8 are written by printf. */
function quoted(word: string): string {
  if (!/[\udc80-\udcff]/u.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const octal = Array.from(word, (one) => `\\${((one.codePointAt(0) ?? 0) & 0xff).toString(8)}`).join("");
  return `"$(printf '${octal}')"`;
}
