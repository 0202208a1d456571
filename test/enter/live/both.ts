import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { NEWER_LSNS } from "../../support/machine.ts";
import { asOrdinaryUser } from "../../support/ordinary-user.ts";
import { productFolder } from "../../support/product.ts";
import { runOf } from "../../support/run.ts";

export interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}
export interface Running {
  readonly ordinary?: boolean;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export const NSENTER = "/usr/bin/nsenter";
export const NEWER_NSENTER: string = join(NEWER_LSNS, "../nsenter");
/** Whether that is 2.42: what it does otherwise on purpose, or by mistake, a later one may not do any more. */
export const isKnownNsenter = (): boolean =>
  spawnSync(NEWER_NSENTER, ["--version"], { encoding: "utf8" }).stdout?.includes(" 2.42") ?? false;
/** `nsatlas enter`, as it is installed. */
export const ENTER: readonly string[] = [join(productFolder(runOf(process.env)), "dist/cli.cjs"), "enter"];

/** Runs one of them to its end. */
export function run([program = "", ...first]: readonly string[], words: readonly string[], how: Running = {}): Ran {
  const { ordinary = false, input = "", env = { PATH: process.env["PATH"] ?? "", SHELL: "/bin/sh" }, cwd = "/" } = how;
  const marked = { ...env, NSATLAS_TEST: process.env["NSATLAS_TEST"] ?? "", LC_ALL: "C.UTF-8" };
  const done = spawnSync(program, [...first, ...words], {
    cwd,
    env: marked,
    input,
    encoding: "utf8",
    timeout: 20_000,
    ...(ordinary ? asOrdinaryUser() : {}),
  });
  return { code: done.status, signal: done.signal, out: done.stdout, err: done.stderr };
}
