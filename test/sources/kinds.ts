/** What holds a namespace: each is a KIND of holder.c. */
export interface Kind {
  readonly name: string;
  /** As the page has it. */
  readonly title: string;
  /** Where the kernel has no call that tells, whoever has it finds more than the page says. */
  readonly isListedSince619?: true;
}

/** In the order of the page. */
export const KINDS: readonly Kind[] = [
  { name: "process", title: "a process" },
  { name: "thread", title: "a thread, elsewhere than its leader" },
  { name: "thread-of-zombie", title: "a thread whose leader has ended" },
  { name: "pid-for-children", title: "`pid_for_children`, its processes have ended" },
  { name: "unborn", title: "`pid_for_children`, no process yet" },
  { name: "time-for-children", title: "`time_for_children`" },
  { name: "descriptor", title: "an open file" },
  { name: "dead-pid", title: "an open file of a dead pid namespace" },
  { name: "socket", title: "a socket, its process elsewhere" },
  { name: "pidfd", title: "a pidfd, and its process" },
  { name: "bind-here", title: "a bind mount here" },
  { name: "bind-elsewhere", title: "a bind mount in another mount namespace" },
  { name: "pinned-mounts", title: "a bind mount in a mount namespace that is itself only mounted" },
  { name: "proc-mount", title: "a proc file system, and a process" },
  { name: "proc-mount-alone", title: "a proc file system alone" },
  { name: "mqueue-mount", title: "a process, and an mqueue that it mounted" },
  { name: "user-between", title: "its child, nobody in it" },
  { name: "owned", title: "a namespace that belongs to it, nobody in it" },
  { name: "mnt-in-flight", title: "a file under way over a Unix socket, of a mount namespace" },
  { name: "in-flight", title: "a file under way over a Unix socket, of another kind", isListedSince619: true },
];

/** Made first, before anything is mounted here: a new mount namespace has copies of all mounts. */
const WITH_MOUNTS_OF_THEIR_OWN = ["mnt-in-flight", "bind-elsewhere", "pinned-mounts"];

/** In the order in which they are to be made. */
export const IN_ORDER: readonly Kind[] = [
  ...WITH_MOUNTS_OF_THEIR_OWN.flatMap((name) => KINDS.filter((kind) => kind.name === name)),
  ...KINDS.filter(({ name }) => !WITH_MOUNTS_OF_THEIR_OWN.includes(name)),
];
