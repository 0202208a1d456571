import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ErrnoName } from "../abi/errnos.ts";
import { newAddress, newRoute } from "../netlink/orders.ts";
import { outcomeOf } from "../kernel/live/outcome-of.ts";
import type { Native } from "../kernel/live/native.ts";
import { parseLimits } from "../procfs/limits.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import { isAmbient, isBoundary } from "../topology/reference.ts";
import type { RefusedStep } from "../topology/plan/dry-run.ts";
import type { Restorer } from "../topology/plan/restorer.ts";
import { kindOfDevice } from "../topology/plan/call-names.ts";
import { RESTORER } from "../topology/plan/crew.ts";
import type { Step } from "../topology/plan/step.ts";
import { cgroupRefusal, mountPointRefusal } from "./judge-files.ts";
import { mapRefusal, type Grants } from "./judge-map.ts";
import { refusedKinds } from "./judge-links.ts";
import { SHELL } from "./come-to-rest.ts";

/**
 * What of a plan this machine would refuse, as far as the model does not know it: files, sysctls, drivers, limits. Nothing is
 * changed; which sorts of devices there are is tried in a network namespace that ends at once.
 */
export function judge(
  native: Pick<Native, "pipe2">,
  steps: readonly Step[],
  restorer: Restorer,
  grants: () => Grants = grantsNothing(restorer),
): readonly RefusedStep[] {
  const ground = { restorer, mostFiles: mostFiles() };
  const links = refusedKinds(native, new Set(steps.flatMap((step) => kindOf(step) ?? [])));
  return steps.flatMap((step): RefusedStep[] => {
    const map = step.do === "map" ? mapRefusal(step, grants) : undefined;
    if (map !== undefined) return [map];
    const kind = kindOf(step);
    const driver = kind === undefined ? undefined : links.get(kind);
    const outcome = driver === undefined ? judged(step, ground) : refused(driver);
    return outcome.ok ? [] : [{ step, refused: outcome }];
  });
}

/** As if no file gave anybody anything. */
const grantsNothing =
  ({ credentials: { uid, gid } }: Restorer) =>
  (): Grants => ({
    user: String(uid.effective ?? ""),
    newuidmap: { own: uid.effective ?? -1, ranges: [] },
    newgidmap: { own: gid.effective ?? -1, ranges: [] },
  });

/** What it depends on besides the file systems. */
interface Ground {
  readonly restorer: Restorer;
  /** So many descriptors a process may have: RLIMIT_NOFILE. */
  readonly mostFiles: number;
}

const kindOf = (step: Step) => {
  if (step.do !== "network") return undefined;
  return step.make === "veth" || step.make === "link" ? kindOfDevice(step) : undefined;
};

function judged(step: Step, { restorer, mostFiles }: Ground): Outcome<unknown> {
  switch (step.do) {
    case "sysctl":
      return existsSync(`/proc/sys/${step.name.replaceAll(".", "/")}`) ? FINE : refused("ENOENT");
    case "cgroup":
      return asOutcome(cgroupRefusal(step.path));
    case "pin":
      // Elsewhere it is a path of another mount namespace, which is not there yet.
      if (step.by !== RESTORER) return FINE;
      return restorer.privileged ? asOutcome(mountPointRefusal(step.path)) : refused("EPERM");
    case "network":
      if (step.make === "veth" && isBoundary(step.in) && !restorer.privileged) return refused("EPERM");
      if (step.make === "link" && step.across !== undefined && isBoundary(step.across.from)) {
        if (!restorer.privileged) return refused("EPERM");
        const isThere = step.link.kind !== "vlan" || !isAmbient(step.across.from) || hasDevice(step.link.on);
        return isThere ? FINE : refused("ENODEV");
      }
      if (step.make === "address" && newAddress(step, 1) === undefined) return refused("EINVAL");
      return step.make === "route" && newRoute(step, 1) === undefined ? refused("EINVAL") : FINE;
    case "rest": {
      const highest = Math.max(...step.descriptors.map(({ fd }) => fd));
      if (highest + step.descriptors.length + ROOM >= mostFiles) return refused("EMFILE");
      return step.command === undefined ? FINE : outcomeOf(() => accessSync(SHELL, constants.X_OK));
    }
    default:
      return FINE;
  }
}

const FINE = ok(undefined);
const asOutcome = (errno: ErrnoName | undefined): Outcome<unknown> => (errno === undefined ? FINE : refused(errno));

/** Numbers that a process needs above those that it shall have, while it takes its place. */
const ROOM = 8;

/** Whether our own network namespace has a device of this index; where /sys is not to be had, who knows. */
function hasDevice(index: number): boolean {
  const folder = "/sys/class/net";
  if (!existsSync(folder)) return true;
  return readdirSync(folder).some((name) => {
    const told = outcomeOf(() => readFileSync(join(folder, name, "ifindex"), "latin1"));
    return told.ok && Number(told.value) === index;
  });
}

function mostFiles(): number {
  const limits = parseLimits(readFileSync("/proc/thread-self/limits", "latin1"));
  const soft = limits.ok ? limits.value.find(({ name }) => name === "Max open files")?.soft : undefined;
  return soft === undefined || soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
}
