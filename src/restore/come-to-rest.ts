import { constants } from "node:fs";
import { CLONE_FLAGS, CONSTANTS } from "../abi/constants.ts";
import { errnoName } from "../abi/errnos.ts";
import * as calls from "../kernel/live/holder-calls.ts";
import type { RestWish } from "../kernel/live/holder-rest.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import type { Deed } from "../topology/plan/step.ts";
import type { Label } from "../topology/reference.ts";
import type { Site } from "./site.ts";

const { CLONE_FILES } = CLONE_FLAGS;
const STANDARD = [0, 1, 2];
export const SHELL = "/bin/sh";
const shell = (command: string): NonNullable<RestWish["command"]> => ({
  argv: [SHELL, "-c", command],
  environment: Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  ),
});

/**
 * A process lets go of everything but the descriptors it shall have. Those lie where others have theirs, so they go up first,
 * beyond all that are wanted, and from there to their places.
 */
export function comeToRest(
  site: Site,
  by: calls.Caller,
  deed: Extract<Deed, { do: "rest" }>,
  label: Label,
): Outcome<unknown> {
  const { holders, holder } = by;
  const above = 1 + Math.max(site.gate, ...deed.descriptors.map(({ fd }) => fd));
  let gate = site.gate;
  const { command } = deed;
  const keeps: { from: number; to: number; flags: number }[] = [];
  if (deed.descriptors.length > 0 || command !== undefined) {
    const alone = calls.unshare(by, CLONE_FILES);
    if (!alone.ok) return alone;
    for (const { fd, namespace, closeOnExec } of deed.descriptors) {
      const from = calls.fcntl(by, site.descriptorOf(namespace), CONSTANTS.F_DUPFD_CLOEXEC, above);
      if (!from.ok) return from;
      keeps.push({ from: from.value, to: fd, flags: closeOnExec ? CONSTANTS.O_CLOEXEC : 0 });
    }
    // A command reads nothing, and what it writes is nobody's; unless something else was there.
    for (const fd of command === undefined ? [] : STANDARD) {
      if (keeps.some(({ to }) => to === fd)) continue;
      const opened = calls.open(by, "/dev/null", constants.O_RDWR | CONSTANTS.O_CLOEXEC);
      const from = opened.ok ? calls.fcntl(by, opened.value, CONSTANTS.F_DUPFD_CLOEXEC, Math.max(above, 3)) : opened;
      if (!from.ok) return from;
      keeps.push({ from: from.value, to: fd, flags: 0 });
    }
    keeps.sort((a, b) => a.to - b.to);
    const up = calls.fcntl(by, site.gate, CONSTANTS.F_DUPFD_CLOEXEC, above);
    if (!up.ok) return up;
    gate = up.value;
  }
  const answer = holders.rest(holder, { gate, keeps, ...(command !== undefined && { command: shell(command) }) });
  if (answer.state !== "done") throw new calls.HolderLostError("ppoll", holder, answer.state);
  if (answer.ret < 0) return refused(errnoName(-answer.ret));
  site.resting.push({ label, pid: holder.pid });
  return ok(holder.pid);
}
