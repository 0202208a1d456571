import { CAPABILITIES, ALL_CAPABILITIES, capBit, type Capability } from "../abi/capabilities.ts";
import { NSFS_IOCTL_NAMES, PIDFD_IOCTL_NAMES, type NsfsIoctl, type PidfdIoctl } from "../abi/ioctls.ts";
import { KINDS } from "../abi/namespace-kinds.ts";
import {
  type Call,
  type MapFile,
  type PidfdNamespaceIoctl,
  type RelationIoctl,
  type SysctlName,
} from "../kernel/call.ts";
import type { Arguments } from "./arguments.ts";

/** A table of words that stand for themselves. */
export const named = <T extends string>(names: readonly T[]): ReadonlyMap<string, T> =>
  new Map(names.map((name) => [name, name]));

export const MAP_FILES = named<MapFile>(["uid_map", "gid_map", "projid_map", "setgroups"]);
export const SYSCTLS = named<SysctlName>([...KINDS.map((kind) => `max_${kind}_namespaces` as const), "pid_max"]);
export const ACCESS = named(["read", "write", "both"] as const);
export const OTHER_FILES: ReadonlyMap<string, "null" | "directory"> = new Map([
  ["/dev/null", "null"],
  ["/", "directory"],
]);
type RequestCall = (fd: number, argument: number | undefined) => Call;
/** The ioctls of namespace files and of pidfds, as calls. */
export const REQUESTS: ReadonlyMap<string, RequestCall> = new Map<string, RequestCall>([
  ...NSFS_IOCTL_NAMES.filter(isRelation).map((request): [string, RequestCall] => [
    request,
    (fd, argument) => ({ op: "ioctl", fd, request, ...given(argument) }),
  ]),
  ...PIDFD_IOCTL_NAMES.filter(givesNamespace).map((request): [string, RequestCall] => [
    request,
    (fd, argument) => ({ op: "pidfd-ioctl", fd, request, ...given(argument) }),
  ]),
]);
function isRelation(request: NsfsIoctl): request is RelationIoctl {
  return !request.startsWith("NS_MNT_");
}
function givesNamespace(request: PidfdIoctl): request is PidfdNamespaceIoctl {
  return request !== "PIDFD_GET_INFO";
}
function given(argument: number | undefined): { argument?: number } {
  return argument === undefined ? {} : { argument };
}
/** Sets of capabilities. */
export const SETS: ReadonlyMap<string, bigint> = new Map([
  ["all", ALL_CAPABILITIES],
  ["none", 0n],
  ...CAPABILITIES.map((name) => [name, capBit(name)] as const),
]);
export const PRCTLS = new Map<string, (args: Arguments) => Call>([
  ["PR_SET_DUMPABLE", (args) => ({ op: "set-dumpable", dumpable: args.number() !== 0 })],
  [
    "PR_CAPBSET_DROP",
    (args) => ({ op: "drop-bounding", capability: args.choice(named<Capability>(CAPABILITIES), "capability") }),
  ],
  ["PR_SET_SECUREBITS", (args) => ({ op: "set-securebits", bits: args.number() })],
  ["PR_SET_NO_NEW_PRIVS", () => ({ op: "set-no-new-privs" })],
]);
