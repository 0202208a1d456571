/** What a key of a line is followed by: nothing, one value, or three. */
export type Arity = 0 | 1 | 3;

/** Credentials, of a task or of whoever opened a map file. Words of the kernel, of status files and of capsh(1). */
export const CREDENTIAL_KEYS = {
  uid: 1,
  gid: 1,
  groups: 1,
  caps: 1,
  permitted: 1,
  effective: 1,
  inheritable: 1,
  ambient: 1,
  bounding: 1,
  securebits: 1,
  no_new_privs: 0,
} as const satisfies Record<string, Arity>;

/**
 * The lines behind a drawing: each begins with one of these words and what it is about, and goes on with keys and their
 * values in any order. What is not said is as it mostly is: see docs/model.md.
 */
export const FORMS = {
  /** kernel RELEASE */
  kernel: {
    devices: 1,
    ticks: 1,
    "next-id": 1,
    "next-inode": 1,
    "next-mount": 1,
    "free-inodes": 1,
    first: 1,
    "shell-ended": 0,
  },
  /** ns NAMESPACE */
  ns: {
    id: 1,
    device: 1,
    inode: 1,
    label: 1,
    "creator-gid": 1,
    setgroups: 1,
    "creator-setfcap": 1,
    limits: 1,
    init: 1,
    "last-pid": 1,
    "pid-max": 1,
    monotonic: 1,
    boottime: 1,
    frozen: 1,
    locked: 0,
  },
  /** map USER-NAMESPACE */
  map: { uid: 3, gid: 3, projid: 3 },
  /** mount PATH */
  mount: { of: 1, in: 1, id: 1, locked: 0 },
  /** file NAME, chosen freely */
  file: {
    namespace: 1,
    through: 1,
    pidfd: 1,
    thread: 0,
    map: 1,
    socket: 1,
    peer: 1,
    other: 1,
    user: 1,
    net: 1,
    of: 1,
    pid: 1,
    owner: 1,
    offset: 1,
    as: 1,
    flags: 1,
    opener: 1,
    ...CREDENTIAL_KEYS,
  },
  /** task NAME */
  task: {
    pid: 1,
    parent: 1,
    "thread-of": 1,
    in: 1,
    "for-children": 1,
    comm: 1,
    cmdline: 1,
    cgroup: 1,
    start: 1,
    ...CREDENTIAL_KEYS,
    zombie: 0,
    dumpable: 1,
    "mm-user": 1,
    chrooted: 0,
    "root-in": 1,
    "root-locked": 0,
    vm: 1,
    fs: 1,
    files: 1,
    fds: 1,
    keep: 1,
    "waits-for": 1,
    "awaited-by": 1,
  },
} as const satisfies Record<string, Record<string, Arity>>;

export type StateWord = keyof typeof FORMS;
export const STATE_WORDS: readonly string[] = Object.keys(FORMS);
export const isStateWord = (word: string): word is StateWord => Object.hasOwn(FORMS, word);
