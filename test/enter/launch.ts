import { spawnSync } from "node:child_process";
import { ERRNO_TEXTS } from "../../src/messages/errnos.ts";
import { encodePlan } from "../../src/enter/encode-plan.ts";
import { descriptorsOf, type Plan, type Step } from "../../src/enter/step.ts";
import { openLauncher, openPlan } from "../../src/kernel/live/launcher.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import { asOrdinaryUser } from "../support/ordinary-user.ts";
import { theAddon } from "../support/the-addon.ts";

export interface Launched {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}
export interface Launching {
  readonly ordinary?: boolean;
  readonly env?: Record<string, string | undefined>;
  readonly input?: string;
  readonly cwd?: string;
  readonly plan?: Partial<Plan>;
}

/** Whoever asks for a file that cannot be had has a broken test. */
export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.errno);
  return outcome.value;
}

/**
 * Starts the launcher with a plan of these steps, waits for it, and says how it ended. The descriptors that the steps name
 * keep their numbers: they are this process's own.
 */
export function launch(steps: readonly Step[], how: Launching = {}): Launched {
  const plan = { steps, keep: [], errnoText: (name) => ERRNO_TEXTS[name].en, ...how.plan } satisfies Plan;
  const named = descriptorsOf(plan).map(({ fd }) => fd);
  using launcher = must(openLauncher(theAddon()));
  using memory = must(openPlan(theAddon(), encodePlan(plan)));
  const last = Math.max(2, memory.raw, ...named);
  const extra = Array.from({ length: last - 2 }, (_, nth) => nth + 3);
  const stdio = extra.map((fd) => (fd === memory.raw || named.includes(fd) ? fd : ("ignore" as const)));
  const done = spawnSync(`/proc/self/fd/${launcher.raw}`, [`${memory.raw}`], {
    argv0: "nsatlas",
    stdio: ["pipe", "pipe", "pipe", ...stdio],
    encoding: "utf8",
    input: how.input ?? "",
    env: how.env ?? { PATH: process.env["PATH"] },
    ...(how.cwd === undefined ? {} : { cwd: how.cwd }),
    ...(how.ordinary === true ? asOrdinaryUser() : {}),
  });
  if (done.error !== undefined) throw done.error;
  return { code: done.status, signal: done.signal, out: done.stdout, err: done.stderr };
}
