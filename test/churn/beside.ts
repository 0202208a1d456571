import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Churn, type Churned } from "./churn.ts";
import type { Looks } from "./look.ts";

/** From where to look: at the whole machine, or from within the churner's pid namespace, where numbers come again soon. */
export type View = "outside" | "inside";

export interface Beside {
  readonly root: string;
  /** The folder with the bundle of looker.ts. */
  readonly programs: string;
  readonly view: View;
  readonly looks: number;
  readonly seed: number;
  readonly withoutNative?: boolean;
}
export interface Seen {
  readonly churned: Churned;
  readonly looks: Looks;
}

/** Namespaces a second, made and ended. */
export const RATE = 1000;
/** The churner is held up now and then. */
const ASKED_RATE = 1100;
const LIMIT_MS = 3_600_000;

/** Lets a churner work, and a process of its own look at the machine so often meanwhile. */
export async function lookBesideChurn({ root, programs, view, looks, seed, withoutNative }: Beside): Promise<Seen> {
  const folder = mkdtempSync(join(tmpdir(), "churn-"));
  try {
    const churn = await Churn.start(compile(root, folder), { rate: ASKED_RATE, seed });
    const half = withoutNative === true ? ["without-native"] : [];
    const words = [process.execPath, "--expose-gc", join(programs, "looker.js"), root, String(looks), ...half];
    const [program = "", ...rest] = view === "inside" ? churn.inside(...words) : words;
    let churned: Churned | undefined;
    try {
      const { stdout } = await promisify(execFile)(program, rest, { timeout: LIMIT_MS, killSignal: "SIGKILL" });
      churned = await churn.end();
      return { looks: JSON.parse(stdout) as Looks, churned };
    } finally {
      if (churned === undefined) await churn.end();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compile(root: string, folder: string): string {
  const program = join(folder, "churner");
  const words = ["-O1", "-pthread", "-o", program, join(root, "test/churn/churner.c")];
  const { status, stderr } = spawnSync("gcc", words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`gcc failed:\n${stderr}`);
  return program;
}
