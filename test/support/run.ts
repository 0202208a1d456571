import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processMark } from "../../scripts/process-mark.js";

/**
 * One run of the tests. Its name is in the environment of every process that a test starts, and in the path of every
 * folder that one makes, so that what is left behind can be told from what others do on this machine meanwhile.
 */
export interface Run {
  readonly name: string;
  /** What os.tmpdir() gives in the tests. */
  readonly folder: string;
}

export const RUN_VARIABLE = "NSATLAS_TEST";
export const RUN_PREFIX = "nsatlas-test-";

/** The run of the process that calls this: its name says which process that is. */
export function newRun(): Run {
  const name = `${RUN_PREFIX}${processMark()}`;
  return { name, folder: join(tmpdir(), name) };
}

/** The variables by which a test's process and its children know their run. */
export const environmentOf = ({ name, folder }: Run): Record<string, string> => ({
  [RUN_VARIABLE]: name,
  TMPDIR: folder,
});

/** The run that an environment belongs to. */
export function runOf(env: Partial<Record<string, unknown>>): Run {
  const { [RUN_VARIABLE]: name, TMPDIR: folder } = env;
  if (typeof name !== "string" || typeof folder !== "string") throw new Error(`${RUN_VARIABLE} and TMPDIR are not set`);
  return { name, folder };
}

/** Others may enter: some tests' programs run as an ordinary user. */
export function makeFolder({ folder }: Run): void {
  mkdirSync(folder, { mode: 0o755 });
}

export function removeFolder({ folder }: Run): void {
  rmSync(folder, { recursive: true, force: true });
}
