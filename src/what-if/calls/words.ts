import { CAPABILITIES, ALL_CAPABILITIES, capBit, type Capability } from "../../abi/capabilities.ts";
import { NSFS_IOCTL_NAMES, PIDFD_IOCTL_NAMES } from "../../abi/ioctls.ts";
import { KINDS } from "../../abi/namespace-kinds.ts";
import type { Call, MapFile, SysctlName } from "../../kernel/call.ts";
import type { HandleRoot, IoctlArgument, OpenFlag } from "../../kernel/file-call.ts";
import type { Arguments } from "../arguments.ts";

/** A table of words that stand for themselves. */
export const named = <T extends string>(names: readonly T[]): ReadonlyMap<string, T> =>
  new Map(names.map((name) => [name, name]));

export const MAP_FILES = named<MapFile>(["uid_map", "gid_map", "projid_map", "setgroups"]);
export const SYSCTLS = named<SysctlName>([
  ...KINDS.map((kind) => `max_${kind}_namespaces` as const),
  "pid_max",
  "ns_last_pid",
]);
export const ACCESS = named(["read", "write", "both"] as const);
export const OTHER_FILES: ReadonlyMap<string, "null" | "directory"> = new Map([
  ["/dev/null", "null"],
  ["/", "directory"],
]);
/** Flags of open(2) that the model knows beyond O_RDONLY. */
export const OPEN_FLAGS = named<OpenFlag>(["O_WRONLY", "O_RDWR", "O_TRUNC", "O_NOFOLLOW", "O_DIRECTORY", "O_PATH"]);
/** Places in a file system that open_by_handle_at takes besides descriptors. */
export const HANDLE_ROOTS = named<HandleRoot>(["FD_NSFS_ROOT", "FD_PIDFS_ROOT", "AT_FDCWD"]);
export const SIGNALS: ReadonlyMap<string, "SIGKILL" | "none"> = new Map([
  ["SIGKILL", "SIGKILL"],
  ["9", "SIGKILL"],
  ["0", "none"],
]);

type RequestCall = (fd: number, argument: IoctlArgument | undefined) => Call;
/** The ioctls of namespace files, sockets and pidfds, as calls. */
export const REQUESTS: ReadonlyMap<string, RequestCall> = new Map<string, RequestCall>([
  ...[...NSFS_IOCTL_NAMES, "SIOCGSKNS" as const].map((request): [string, RequestCall] => [
    request,
    (fd, argument) => ({ op: "ioctl", fd, request, ...(argument !== undefined && { argument }) }),
  ]),
  ...PIDFD_IOCTL_NAMES.map((request): [string, RequestCall] => [
    request,
    (fd, argument) => ({ op: "pidfd-ioctl", fd, request, ...(typeof argument === "number" && { argument }) }),
  ]),
]);
/** Sets of capabilities. */
export const SETS: ReadonlyMap<string, bigint> = new Map([
  ["all", ALL_CAPABILITIES],
  ["none", 0n],
  ...CAPABILITIES.map((name) => [name, capBit(name)] as const),
]);
const capability = (args: Arguments): Capability => args.choice(named<Capability>(CAPABILITIES), "capability");
export const PRCTLS = new Map<string, (args: Arguments) => Call>([
  ["PR_SET_DUMPABLE", (args) => ({ op: "set-dumpable", dumpable: args.number() !== 0 })],
  ["PR_CAPBSET_DROP", (args) => ({ op: "drop-bounding", capability: capability(args) })],
  ["PR_SET_KEEPCAPS", (args) => ({ op: "set-keep-caps", keep: args.number() !== 0 })],
  ["PR_CAP_AMBIENT_RAISE", (args) => ({ op: "ambient", what: "raise", capability: capability(args) })],
  ["PR_CAP_AMBIENT_LOWER", (args) => ({ op: "ambient", what: "lower", capability: capability(args) })],
  ["PR_CAP_AMBIENT_IS_SET", (args) => ({ op: "ambient", what: "is-set", capability: capability(args) })],
  ["PR_CAP_AMBIENT_CLEAR_ALL", () => ({ op: "clear-ambient" })],
  ["PR_SET_SECUREBITS", (args) => ({ op: "set-securebits", bits: args.number() })],
  ["PR_SET_NO_NEW_PRIVS", () => ({ op: "set-no-new-privs" })],
  ["PR_GET_DUMPABLE", () => ({ op: "get-dumpable" })],
  ["PR_GET_SECUREBITS", () => ({ op: "get-securebits" })],
]);
