import type { Capability } from "../abi/capabilities.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { NsfsIoctl } from "../abi/ioctls.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { CapabilitySets } from "../rules/change-capabilities.ts";
import type { Clone3Arguments } from "../rules/clone3-arguments.ts";
import type { FileHandle } from "../rules/file-handle.ts";
import type { ListRequest } from "../rules/list-namespaces.ts";
import type { FileCall } from "./file-call.ts";
import type { TaskName } from "./task-name.ts";
import type { ProcessStatus } from "../procfs/status.ts";

export { taskName, type TaskName } from "./task-name.ts";

/** The ioctls of namespace files that tasks can make; those that walk mounts are not among them yet. */
export type RelationIoctl = Exclude<NsfsIoctl, `NS_MNT_${string}`>;

/** The files under /proc/PID through which a user namespace gets its ids. */
export type MapFile = "uid_map" | "gid_map" | "projid_map" | "setgroups";

/** What setresuid(2) and setresgid(2) take, as the caller's user namespace numbers ids; -1 leaves one as it is. */
export interface ThreeIds {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
}
/** The same id for all three. */
export const allIds = (id: number): ThreeIds => ({ real: id, effective: id, saved: id });

/** Numbers under /proc/sys: of the caller's own user namespace, and of its own pid namespace. */
export type SysctlName = `max_${NamespaceKind}_namespaces` | "pid_max" | "ns_last_pid";

/** One system call by one task. Each stands for the call of its name in section 2 of the manual. */
export type Call =
  | FileCall
  /** setns(2), with the descriptor of a namespace file or a pidfd. */
  | { readonly op: "setns"; readonly fd: number; readonly nstype: number }
  | { readonly op: "unshare"; readonly flags: number }
  /**
   * clone3(2), of a process or a thread. Gives its number as the caller sees it, and with CLONE_PIDFD the caller has a pidfd
   * at its lowest free descriptor. No cgroup can be named: CLONE_INTO_CGROUP gives its errors alone. With CLONE_VFORK the caller makes no
   * further call before the child has ended or executed a program.
   */
  | { readonly op: "clone"; readonly flags: number; readonly as: TaskName; readonly args?: Clone3Arguments }
  /** clone(2), the older call: the low byte of the flags is the signal at the child's end. */
  | { readonly op: "legacy-clone"; readonly flags: number; readonly as: TaskName }
  /** open, read and close of a number under /proc/sys. */
  | { readonly op: "read-sysctl"; readonly name: SysctlName }
  /** open, one write and close of it. Gives the bytes written. */
  | { readonly op: "write-sysctl"; readonly name: SysctlName; readonly text: string }
  /**
   * open, write and close of a file that /proc/PID has for its user namespace. Gives the bytes written. Here and below
   * each character of `text` stands for a byte.
   */
  | { readonly op: "write"; readonly of: TaskName; readonly file: MapFile; readonly text: string }
  /** openat(2) of such a file, O_CLOEXEC. */
  | {
      readonly op: "open-map";
      readonly of: TaskName;
      readonly file: MapFile;
      readonly access: "read" | "write" | "both";
    }
  /** read(2) of at most 4096 bytes. */
  | { readonly op: "read"; readonly fd: number }
  /** write(2). */
  | { readonly op: "write-fd"; readonly fd: number; readonly text: string }
  /** pwrite64(2). */
  | { readonly op: "pwrite"; readonly fd: number; readonly text: string; readonly offset: number }
  /** open, one write and close of /proc/PID/timens_offsets. Gives the bytes taken. */
  | { readonly op: "write-timens-offsets"; readonly of: TaskName; readonly text: string }
  /** open, read and close of it. */
  | { readonly op: "read-timens-offsets"; readonly of: TaskName }
  /** prctl(2), PR_SET_DUMPABLE. */
  | { readonly op: "set-dumpable"; readonly dumpable: boolean }
  /** prctl(2), PR_GET_DUMPABLE (1 or 0), PR_GET_SECUREBITS. */
  | { readonly op: "get-dumpable" | "get-securebits" }
  /** capset(2). The inheritable set is emptied where it is not given. */
  | {
      readonly op: "capset";
      readonly effective: bigint;
      readonly permitted: bigint;
      readonly inheritable?: bigint;
    }
  /** capget(2) of a task, by its number. Gives the three sets. */
  | { readonly op: "capget"; readonly of: TaskName }
  /** prctl(2), PR_CAP_AMBIENT; "is-set" gives 1 or 0. */
  | { readonly op: "ambient"; readonly what: "raise" | "lower" | "is-set"; readonly capability: Capability }
  /** prctl(2), PR_CAP_AMBIENT_CLEAR_ALL. */
  | { readonly op: "clear-ambient" }
  /** prctl(2), PR_SET_KEEPCAPS. */
  | { readonly op: "set-keep-caps"; readonly keep: boolean }
  /** prctl(2), PR_CAPBSET_DROP. */
  | { readonly op: "drop-bounding"; readonly capability: Capability }
  /** prctl(2), PR_SET_SECUREBITS. */
  | { readonly op: "set-securebits"; readonly bits: number }
  /** prctl(2), PR_SET_NO_NEW_PRIVS. */
  | { readonly op: "set-no-new-privs" }
  | { readonly op: "setresuid"; readonly ids: ThreeIds }
  | { readonly op: "setresgid"; readonly ids: ThreeIds }
  | { readonly op: "getresuid" }
  | { readonly op: "getresgid" }
  /** setfsuid(2), setfsgid(2): gives the id before, whether it changed or not. */
  | { readonly op: "setfsuid" | "setfsgid"; readonly id: number }
  | { readonly op: "setgroups"; readonly groups: readonly number[] }
  | { readonly op: "getgroups" }
  /**
   * execve(2) of a program without file capabilities, and without set-id bits; `setuidRoot`: with the set-user-ID bit of uid 0, which
   * no holder has. All other threads end; a further thread that calls has the first one's number afterwards, and its name.
   */
  | { readonly op: "exec"; readonly setuidRoot?: true }
  /** open, read and close of /proc/PID/status. */
  | { readonly op: "status"; readonly of: TaskName }
  /** getpid(2), getppid(2): of the caller's process, in its own pid namespace; 0: its parent is in none that it sees. */
  | { readonly op: "getpid" | "getppid" }
  /** chroot(2). */
  | { readonly op: "chroot"; readonly path: string }
  /**
   * What a container does to get a root of its own: the whole tree bound over a folder, chdir there, pivot_root(".", ".")
   * and umount2(".", MNT_DETACH). On the running kernel no mount of the tree may be shared with another namespace.
   */
  | { readonly op: "pivot-root" }
  /** kill(2): SIGKILL to a task's process, or no signal (0), which only asks whether one may. */
  | { readonly op: "kill"; readonly of: TaskName; readonly signal: "SIGKILL" | "none" }
  /** listns(2), Linux 6.19. Gives ids: all of them, by as many calls as it takes, or with `atMost` or `fault` those of one. */
  | ({ readonly op: "listns" } & ListRequest)
  /** The end of one thread alone, _exit(2) as the kernel has it. */
  | { readonly op: "exit-thread" }
  /** exit_group(2). The task is a zombie until its parent waits for it. */
  | { readonly op: "exit" }
  /** wait4(2) for one child, WNOHANG | __WALL. Gives its number, or 0 where it has not ended. */
  | { readonly op: "wait"; readonly child: TaskName };

/** A call in a message: sets of capabilities in hexadecimal. */
export const callText = (call: Call): string =>
  JSON.stringify(call, (_, value: unknown) => (typeof value === "bigint" ? `0x${value.toString(16)}` : value));

export type CallName = Call["op"];
type CallOf<Op extends CallName> = Extract<Call, { readonly op: Op }>;

/** The calls by which a task looks at credentials and changes its own. */
const CREDENTIAL_CALLS = [
  "capget",
  "capset",
  "ambient",
  "clear-ambient",
  "set-keep-caps",
  "drop-bounding",
  "set-securebits",
  "set-no-new-privs",
  "setresuid",
  "setresgid",
  "setfsuid",
  "setfsgid",
  "setgroups",
  "getresuid",
  "getresgid",
  "getgroups",
] as const satisfies CallName[];
export type CredentialCall = CallOf<(typeof CREDENTIAL_CALLS)[number]>;

const credentialCalls: ReadonlySet<CallName> = new Set(CREDENTIAL_CALLS);
export const isCredentialCall = (call: Call): call is CredentialCall => credentialCalls.has(call.op);

/** What /proc/PID/status says of credentials, numbered as the reader's user namespace has it. */
export type SeenCredentials = Pick<ProcessStatus, "uid" | "gid" | "groups" | "capabilities" | "noNewPrivs">;

/** What a call gives back where it succeeds: a number as the kernel returns it, a 64-bit number, or something to read. */
export type Value =
  | number
  | bigint
  | { readonly namespace: NamespaceId }
  | { readonly handle: FileHandle }
  | { readonly listed: readonly bigint[] }
  | { readonly text: string }
  | { readonly ids: ThreeIds }
  | { readonly groups: readonly number[] }
  | { readonly capabilities: CapabilitySets }
  | { readonly status: SeenCredentials };

/** The namespace that a call gave, where it gave one. */
export const namespaceIn = (value: Value): NamespaceId | undefined =>
  typeof value === "object" && "namespace" in value ? value.namespace : undefined;
