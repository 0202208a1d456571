import { NSFS_IOCTL_NAMES, PIDFD_IOCTL_NAMES } from "../../../src/abi/ioctls.ts";
import type { Followed } from "./refusals-of-call.ts";
import { nodesIn, wordOf, type Module, type Node } from "./syntax.ts";

/** Every call of the port, an ioctl by its request, under the name that a run counts it by (`nameOf`). */
export function followedCalls(modules: ReadonlyMap<string, Module>): ReadonlyMap<string, Followed> {
  const calls = new Map<string, Followed>();
  for (const op of SWITCHES.flatMap(([file, name]) => casesIn(modules, file, name))) {
    const requests = REQUESTS.get(op);
    if (requests === undefined) calls.set(op, { op });
    else for (const request of requests) calls.set(request ?? `${op} of an unknown request`, { op, request });
  }
  return calls;
}

/** The functions that tell calls apart by their names. */
const SWITCHES = [
  ["step.ts", "carryOut"],
  ["change-credentials.ts", "changeCredentials"],
  ["file-calls.ts", "fileCall"],
] as const;

const REQUESTS: ReadonlyMap<string, readonly (string | undefined)[]> = new Map([
  ["ioctl", [...NSFS_IOCTL_NAMES, "SIOCGSKNS", undefined]],
  ["pidfd-ioctl", [...PIDFD_IOCTL_NAMES, undefined]],
]);

/** The names that the one switch of a function of the model tells apart. */
function casesIn(modules: ReadonlyMap<string, Module>, file: string, name: string): readonly string[] {
  const declared = modules.get(`kernel/model/${file}`)?.declared.get(name);
  const statements = nodesIn(declared?.["body"]).flatMap((body) => nodesIn(body["body"]));
  const cases = statements.filter(isSwitch).flatMap((statement) => nodesIn(statement["cases"]));
  return cases.map((one) => wordOf(one["test"])).filter((word) => word !== undefined);
}
const isSwitch = ({ type }: Node): boolean => type === "SwitchStatement";
