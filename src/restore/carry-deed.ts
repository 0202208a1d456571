import { constants, statSync } from "node:fs";
import { CONSTANTS } from "../abi/constants.ts";
import { errnoName } from "../abi/errnos.ts";
import { namespaceId } from "../abi/ids.ts";
import { PIDFD_IOCTLS, requestNumber } from "../abi/ioctls.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { taskName, type TaskName } from "../kernel/call.ts";
import { clone3Wish } from "../kernel/live/actor-clone.ts";
import { credentialCall } from "../kernel/live/actor-credentials.ts";
import { OPEN_FLAGS } from "../kernel/live/actor-files.ts";
import { writeSysctl } from "../kernel/live/actor-sysctls.ts";
import { writeOffsets } from "../kernel/live/actor-timens.ts";
import * as calls from "../kernel/live/holder-calls.ts";
import { nsPids } from "../kernel/live/pid-views.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import { flagsOf, forkFlags } from "../topology/plan/calls-of.ts";
import type { Deed, Step } from "../topology/plan/step.ts";
import { carryCgroup } from "./carry-cgroup.ts";
import { carryMap } from "./carry-map.ts";
import { carryNetwork } from "./carry-network.ts";
import { carryPin } from "./carry-pin.ts";
import { comeLater } from "./come-later.ts";
import { comeToRest } from "./come-to-rest.ts";
import type { Site } from "./site.ts";

/** A step that the running kernel refused. */
export class StepRefused extends Error {
  override readonly name = "StepRefused";
  readonly step: Step;
  readonly refused: Extract<Outcome<never>, { ok: false }>;

  constructor(step: Step, refusal: Extract<Outcome<never>, { ok: false }>) {
    super(`${step.by}: ${step.do}: ${refusal.errno}`);
    this.step = step;
    this.refused = refusal;
  }
}

/** Has a step done. StepRefused: the kernel would not. */
export function carryStep(site: Site, step: Step): void {
  const outcome = carry(site, step.by, step, step.for);
  if (!outcome.ok) throw new StepRefused(step, outcome);
}

function carry(site: Site, name: TaskName, deed: Deed, element: string | undefined): Outcome<unknown> {
  const by = site.callerOf(name);
  switch (deed.do) {
    case "fork":
      return fork(site, by, deed);
    case "unshare": {
      const made = calls.unshare(by, flagsOf(deed.kinds));
      const { later = [] } = deed;
      return made.ok && later.length > 0
        ? comeLater(
            by,
            later.map((one) => site.descriptorOf(one)),
          )
        : made;
    }
    case "keep": {
      const fd = calls.open(by, `/proc/thread-self/ns/${deed.link}`, OPEN_FLAGS);
      if (fd.ok) site.keep(deed.as, fd.value);
      return fd;
    }
    case "open":
      return openTarget(site, by, deed);
    case "keep-unborn":
      return keepUnborn(site, by, deed.as);
    case "setns":
      return calls.setns(by, site.descriptorOf(deed.namespace), NAMESPACE_KINDS[deed.kind].flag);
    case "map":
      return carryMap(site, by, deed);
    case "offsets":
      return writeOffsets(by, by.holder.pid, deed.text);
    case "limit":
      return writeSysctl(by, deed.name, deed.text);
    case "credentials":
      return deed.call.op === "set-dumpable"
        ? calls.prctl(by, CONSTANTS.PR_SET_DUMPABLE, deed.call.dumpable ? 1 : 0)
        : credentialCall(by, deed.call, (of) => site.pidOf(of));
    case "exit":
      by.holders.exit(by.holder);
      return ok(0);
    case "wait":
      return calls.wait4(by, deed.number ?? site.pidOf(deed.child), EVERY_CHILD);
    case "hostname":
      return calls.result(by, "sethostname", [...textAndLength(deed.text)]);
    case "domainname":
      return calls.result(by, "setdomainname", [...textAndLength(deed.text)]);
    case "sysctl":
      return written(calls.writeFile(by, `/proc/sys/${deed.name.replaceAll(".", "/")}`, deed.text, WRITE_FLAGS));
    case "own-mounts":
      return calls.mount(by, { source: "none", target: "/", flags: CONSTANTS.MS_REC | CONSTANTS.MS_PRIVATE });
    case "comm":
      return calls.prctl(by, PR_SET_NAME, deed.text);
    case "session":
      return calls.result(by, "setsid", []);
    case "group":
      return calls.result(by, "setpgid", [0, "of" in deed ? (nsPids(site.pidOf(deed.of)).at(-1) ?? 0) : deed.number]);
    case "adopt":
      return calls.prctl(by, PR_SET_CHILD_SUBREAPER, deed.orphans ? 1 : 0);
    case "cgroup":
      return carryCgroup(by, site.pidOf(deed.of), deed.path);
    case "pin":
      return carryPin(site, by, deed);
    case "network":
      return carryNetwork(site, by, deed);
    case "rest":
      return comeToRest(site, by, deed, element ?? name);
  }
}

const WRITE_FLAGS = constants.O_WRONLY | CONSTANTS.O_CLOEXEC;
const PR_SET_NAME = 15;
const PR_SET_CHILD_SUBREAPER = 36;
const { __WALL: EVERY_CHILD } = CONSTANTS;
const PIDFD_FOR_CHILDREN = requestNumber(PIDFD_IOCTLS.PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE);

function textAndLength(text: string): readonly [Uint8Array, number] {
  const bytes = new TextEncoder().encode(text);
  return [bytes, bytes.length];
}
const written = ({ open, write }: calls.Written): Outcome<number> => write ?? open;

function fork(site: Site, by: calls.Caller, deed: Extract<Deed, { do: "fork" }>): Outcome<number> {
  const args = deed.numbers === undefined ? {} : { setTid: deed.numbers };
  const answer = by.holders.clone(by.holder, clone3Wish(forkFlags(deed), args));
  if (answer.state !== "done") throw new calls.HolderLostError("clone3", by.holder, answer.state);
  if (answer.child !== undefined) site.enrol(taskName(deed.as), answer.child);
  return answer.ret < 0 ? refused(errnoName(-answer.ret)) : ok(answer.ret);
}

/** ESTALE: another namespace lies there than the one that was named. */
function openTarget(site: Site, by: calls.Caller, { path, id, as }: Extract<Deed, { do: "open" }>): Outcome<number> {
  const fd = calls.open(by, path, OPEN_FLAGS);
  if (!fd.ok) return fd;
  const { dev, ino } = statSync(`/proc/${by.holder.pid}/fd/${fd.value}`, { bigint: true });
  if (namespaceId(dev, ino) !== id) return refused("ESTALE");
  site.keep(as, fd.value);
  return fd;
}

function keepUnborn(site: Site, by: calls.Caller, as: string): Outcome<number> {
  // As its own pid namespace numbers it.
  const own = calls.getpid(by);
  const pidfd = own.ok ? calls.pidfdOpen(by, own.value) : own;
  if (!pidfd.ok) return pidfd;
  const fd = calls.ioctl(by, pidfd.value, PIDFD_FOR_CHILDREN);
  calls.close(by, pidfd.value);
  if (fd.ok) site.keep(as, fd.value);
  return fd;
}
