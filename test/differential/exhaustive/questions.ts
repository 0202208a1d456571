import { CLONE_FLAGS } from "../../../src/abi/constants.ts";
import { KINDS, NAMESPACE_KINDS, nests, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import type { NsfsIoctl } from "../../../src/abi/ioctls.ts";
import type { ProcLink } from "../../../src/abi/proc-links.ts";
import type { BuiltWorld } from "../../../src/kernel/build-world.ts";
import { taskName, type Call, type TaskName } from "../../../src/kernel/call.ts";

/** Calls one after the other by a caller that is as it was made; the later ones follow only where the first succeeded. */
export type Question = readonly [first: Call, ...then: readonly Call[]];

/** 0 for any kind, and each kind: what setns takes with a namespace file. */
const NSTYPES: readonly number[] = [0, ...KINDS.map((kind) => NAMESPACE_KINDS[kind].flag)];
const PLAIN_IOCTLS = ["NS_GET_USERNS", "NS_GET_PARENT", "NS_GET_NSTYPE", "NS_GET_OWNER_UID", "NS_GET_ID"] as const;
const TRANSLATIONS = [
  "NS_GET_PID_FROM_PIDNS",
  "NS_GET_TGID_FROM_PIDNS",
  "NS_GET_PID_IN_PIDNS",
  "NS_GET_TGID_IN_PIDNS",
] as const;
/** Where setns shows. */
const LINK_OF: Partial<Record<NamespaceKind, ProcLink>> = { pid: "pid_for_children" };

/** One namespace to ask about. */
interface Target {
  readonly fd: number;
  readonly kind: NamespaceKind;
}

export const targetsOf = ({ fds }: BuiltWorld, kinds: readonly NamespaceKind[]): readonly Target[] =>
  [...fds].flatMap(([name, fd]) => kinds.filter((kind) => name.startsWith(`${kind}:`)).map((kind) => ({ fd, kind })));

const ioctl = (fd: number, request: NsfsIoctl): Question => [{ op: "ioctl", fd, request }];

/** The ioctls that apply to a namespace and take nothing. */
export const ioctlsOn = ({ fd, kind }: Target): readonly Question[] => [
  ...PLAIN_IOCTLS.map((request) => ioctl(fd, request)),
  ...(kind === "mnt" ? [ioctl(fd, "NS_GET_MNTNS_ID")] : []),
];

/**
 * setns with each nstype, and what it changed. Whoever has joined a namespace that does not nest stays in it, so there
 * the second success shows nothing that the first did not.
 */
export const joins = (caller: TaskName, { fd, kind }: Target): readonly Question[] =>
  NSTYPES.map((nstype) => {
    const look: Call = { op: "readlink", of: caller, link: LINK_OF[kind] ?? kind };
    return nstype === 0 || nests(kind) ? [{ op: "setns", fd, nstype }, look] : [{ op: "setns", fd, nstype }];
  });

/** Each task's number, of a thread or of its process, in each direction: and numbers that nobody has. */
export const translations = (
  fd: number,
  {
    inside,
    caller,
    tasks,
  }: { readonly inside: TaskName; readonly caller: TaskName; readonly tasks: readonly TaskName[] },
): readonly Question[] =>
  TRANSLATIONS.flatMap((request) => {
    const seenBy = request.endsWith("FROM_PIDNS") ? inside : caller;
    const numbers = [0, NO_SUCH_PID, ...tasks.map((numberOf) => ({ numberOf, seenBy }))];
    return numbers.map((argument): Question => [{ op: "ioctl", fd, request, argument }]);
  });
const NO_SUCH_PID = 0x7fffffff;

const { flag: PID } = NAMESPACE_KINDS.pid;
const { flag: USER } = NAMESPACE_KINDS.user;
const { CLONE_VM, CLONE_SIGHAND, CLONE_THREAD } = CLONE_FLAGS;
/** Of a thread. */
export const THREAD: number = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
export const CHILD: TaskName = taskName("child");

/**
 * What concerns pid namespaces and their owners: joining each as the one for children, and then making one more, which
 * must fail while that is another than the caller's own; making one, alone and in a new user namespace, for children or
 * for one child.
 */
export const pidQuestions = (caller: TaskName, targets: readonly Target[]): readonly Question[] => [
  ...targets.flatMap((target) =>
    joins(caller, target).map(([join, ...look]): Question => [join, ...look, { op: "unshare", flags: PID }]),
  ),
  [
    { op: "unshare", flags: PID },
    { op: "readlink", of: caller, link: "pid_for_children" },
    { op: "unshare", flags: PID },
  ],
  [{ op: "unshare", flags: USER | PID }],
  [{ op: "clone", flags: PID, as: CHILD }],
  [{ op: "clone", flags: USER | PID, as: CHILD }],
];
