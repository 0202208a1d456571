import type { Sentence } from "./sentence.ts";

/** Who holds something, in the words that stand within other sentences. Names are made safe to print before. */
export const HOLDER_WORDS = {
  process: { en: ({ pid, comm }) => `${pid} ${comm}`, fr: ({ pid, comm }) => `${pid} ${comm}` },
  thread: {
    en: ({ tid, name, of }) => `thread ${tid}${name && ` (${name})`} of ${of}`,
    fr: ({ tid, name, of }) => `fil ${tid}${name && ` (${name})`} de ${of}`,
  },
  descriptor: {
    en: ({ fd, of }) => `fd ${fd} of ${of}`,
    fr: ({ fd, of }) => `fd ${fd} de ${of}`,
  },
  socket: {
    en: ({ fd, of }) => `fd ${fd} of ${of}, a socket`,
    fr: ({ fd, of }) => `fd ${fd} de ${of}, une socket`,
  },
  pidfd: {
    en: ({ fd, of, target }) => `fd ${fd} of ${of}, a pidfd of ${target}`,
    fr: ({ fd, of, target }) => `fd ${fd} de ${of}, un pidfd de ${target}`,
  },
  mountNumber: { en: ({ id }) => `mount ${id}`, fr: ({ id }) => `le montage ${id}` },
  belowRoot: {
    en: ({ what, pid }) => `${what} below the root of process ${pid}`,
    fr: ({ what, pid }) => `${what} sous la racine du processus ${pid}`,
  },
  inMountNamespace: {
    en: ({ what, where }) => `${what} in ${where}`,
    fr: ({ what, where }) => `${what} dans ${where}`,
  },
  fileSystem: { en: ({ type, at }) => `${type} at ${at}`, fr: ({ type, at }) => `${type} sur ${at}` },
} as const satisfies {
  process: Sentence<{ pid: number; comm: string }>;
  thread: Sentence<{ tid: number; name: string; of: string }>;
  descriptor: Sentence<{ fd: number; of: string }>;
  socket: Sentence<{ fd: number; of: string }>;
  pidfd: Sentence<{ fd: number; of: string; target: string }>;
  mountNumber: Sentence<{ id: number }>;
  belowRoot: Sentence<{ what: string; pid: number }>;
  inMountNamespace: Sentence<{ what: string; where: string }>;
  fileSystem: Sentence<{ type: string; at: string }>;
};

/** The kinds of holder, as `src/snapshot/holders.ts` has them. */
export type HolderKindName =
  | "process"
  | "thread"
  | "for-children"
  | "descriptor"
  | "socket"
  | "pidfd"
  | "bind-mount"
  | "mount"
  | "child"
  | "owned";
