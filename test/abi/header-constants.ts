import { CAPABILITIES } from "../../src/abi/capabilities.ts";
import { CLONE_FLAGS, CONSTANTS, SYSCALLS } from "../../src/abi/constants.ts";
import { ERRNOS } from "../../src/abi/errnos.ts";
import { NSFS_IOCTLS, PIDFD_IOCTLS, requestNumber } from "../../src/abi/ioctls.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";

/** A number of ours that has a name in the kernel's headers. */
export interface HeaderConstant {
  readonly name: string;
  readonly value: number;
  /** The first kernel whose headers have it, where our table says so: headers of that age must have it. */
  readonly since?: string;
}

/** Numbers that no header for user space has: the test of each is where it is used. */
export const IN_NO_HEADER: ReadonlySet<string> = new Set(["OVERFLOW_ID", "PF_KTHREAD", "FILEID_NSFS"]);

/** Single numbers that came later than the headers we may meet. */
const SINCE: ReadonlyMap<string, string> = new Map([
  ["FD_NSFS_ROOT", "6.18"],
  ["FD_PIDFS_ROOT", "6.17"],
  ["SO_NETNS_COOKIE", "5.14"],
  ["SO_PEERPIDFD", "6.5"],
  ["PIDFD_THREAD", "6.9"],
  ["SECBIT_EXEC_RESTRICT_FILE", "6.14"],
  ["SECBIT_EXEC_DENY_INTERACTIVE", "6.14"],
]);

function named([name, value]: [string, number]): HeaderConstant {
  const since = SINCE.get(name);
  return since === undefined ? { name, value } : { name, value, since };
}

/** Every row of src/abi that the headers have as a macro. Made of the tables: a new row is compared from the start. */
export const MACROS: readonly HeaderConstant[] = [
  ...Object.values(NAMESPACE_KINDS).map(({ flagName, flag }) => ({ name: flagName, value: flag })),
  ...Object.entries(CLONE_FLAGS).map(named),
  ...[...Object.entries(NSFS_IOCTLS), ...Object.entries(PIDFD_IOCTLS)].map(([name, row]) => ({
    name,
    value: requestNumber(row),
    since: row.since,
  })),
  ...CAPABILITIES.map((name, bit) => ({ name, value: bit })),
  ...Object.entries(ERRNOS).map(named),
  ...Object.entries(CONSTANTS)
    .filter(([name]) => !IN_NO_HEADER.has(name))
    .map(named),
];

export const syscallMacros = (machine: keyof typeof SYSCALLS): readonly HeaderConstant[] =>
  Object.entries(SYSCALLS[machine]).map(([name, value]) => ({ name: `__NR_${name}`, value }));

/** The inodes of the initial namespaces are an enum, so the compiler has to be asked whether it is there. */
export const INITIAL_INODES: readonly HeaderConstant[] = Object.entries(NAMESPACE_KINDS).map(([kind, row]) => ({
  name: `${kind.toUpperCase()}_NS_INIT_INO`,
  value: row.initialInode,
}));
