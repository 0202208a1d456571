import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { HolderKindName } from "./holders.ts";
import { plural, pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What stands around the holders of a namespace. */
export const WHY = {
  held: {
    en: ({ count }) =>
      count === 1 ? "One thing holds it; it ends when that lets go." : `${count} hold it; it ends when all let go.`,
    fr: ({ count }) =>
      count < 2
        ? "Une chose le tient ; il disparaît quand elle le lâche."
        : `${count} choses le tiennent ; il disparaît quand toutes l'ont lâché.`,
  } satisfies Sentence<{ count: number }>,
  belongs: {
    en: ({ whose }) => `It belongs to ${whose}.`,
    fr: ({ whose }) => `Il appartient à ${whose}.`,
  } satisfies Sentence<{ whose: string }>,
  kernels: {
    en: "The kernel itself keeps it as long as it runs: it never ends.",
    fr: "Le noyau lui-même le garde tant qu'il tourne : il ne disparaît jamais.",
  } satisfies Text,
  kernelThreads: {
    en: ({ count }) => `${plural(count, "thread of the kernel is", "threads of the kernel are")} in it`,
    fr: ({ count }) => pluriel(count, "fil du noyau y est", "fils du noyau y sont"),
  } satisfies Sentence<{ count: number }>,
  nobody: {
    en: "Nobody visible holds it. Something does, for it was there when it was looked at.",
    fr: "Rien de visible ne le tient. Quelque chose le tient, puisqu'il était là quand on l'a regardé.",
  } satisfies Text,
  listed: {
    en: "The kernel lists it; nobody visible holds it. Somewhere a file of it is open or mounted, or a task is in it.",
    fr: "Le noyau le liste ; rien de visible ne le tient. Quelque part, un fichier de lui est ouvert ou monté, ou une tâche y est.",
  } satisfies Text,
  more: {
    en: "Others may hold it. Not looked into, and what would show it:",
    fr: "D'autres le tiennent peut-être. Non regardé, et ce qui le montrerait :",
  } satisfies Text,
  unseen: {
    en: "Not looked into, and what would show it:",
    fr: "Non regardé, et ce qui le montrerait :",
  } satisfies Text,
  beyond: {
    en: "What nothing shows, and may hold it:",
    fr: "Ce que rien ne montre, et qui peut le tenir :",
  } satisfies Text,
  unknown: {
    en: "what holds it was not seen",
    fr: "ce qui le tient n'a pas été vu",
  } satisfies Text,
  inFlight: {
    en: ({ count, what }) => `${plural(count, "descriptor", "descriptors")} under way to ${what}`,
    fr: ({ count, what }) => `${pluriel(count, "descripteur", "descripteurs")} en route vers ${what}`,
  } satisfies Sentence<{ count: number; what: string }>,
} as const;

/** How each kind of holder holds "it". `what` is the holder. */
export const HOLDS_IT = {
  kernel: { en: () => "the kernel itself keeps it", fr: () => "le noyau lui-même le garde" },
  process: { en: ({ what }) => `${what} is in it`, fr: ({ what }) => `${what} y est` },
  thread: { en: ({ what }) => `${what} is in it`, fr: ({ what }) => `${what} y est` },
  "for-children": {
    en: ({ what }) => `${what} has it for its children`,
    fr: ({ what }) => `${what} le réserve à ses enfants`,
  },
  descriptor: { en: ({ what }) => `it is open as ${what}`, fr: ({ what }) => `il est ouvert comme ${what}` },
  socket: { en: ({ what }) => `${what}, was made in it`, fr: ({ what }) => `${what}, y a été créée` },
  pidfd: { en: ({ what }) => `${what}, which is in it`, fr: ({ what }) => `${what}, qui y est` },
  "bind-mount": { en: ({ what }) => `it is mounted at ${what}`, fr: ({ what }) => `il est monté sur ${what}` },
  mount: {
    en: ({ what }) => `a file system of it is mounted, ${what}`,
    fr: ({ what }) => `un système de fichiers à lui est monté, ${what}`,
  },
  child: { en: ({ what }) => `${what} is its child`, fr: ({ what }) => `${what} est son enfant` },
  owned: { en: ({ what }) => `${what} belongs to it`, fr: ({ what }) => `${what} lui appartient` },
} as const satisfies Record<HolderKindName | "kernel", Sentence<{ what: string }>>;

/** What would make a holder let go. Names are made safe to print before. */
export const RELEASES = {
  "end-process": {
    en: ({ pid, comm }) => `end process ${pid} (${comm})`,
    fr: ({ pid, comm }) => `terminer le processus ${pid} (${comm})`,
  } satisfies Sentence<{ pid: number; comm: string }>,
  reap: {
    en: ({ pid, comm, ppid }) => `${pid} (${comm}) has ended: its parent, ${ppid}, has to wait for it, or to end`,
    fr: ({ pid, comm, ppid }) =>
      `${pid} (${comm}) est terminé : son parent, ${ppid}, doit l'attendre (wait), ou se terminer`,
  } satisfies Sentence<{ pid: number; comm: string; ppid: number }>,
  "end-thread": {
    en: ({ tid, pid, comm }) => `end thread ${tid} of ${pid} (${comm})`,
    fr: ({ tid, pid, comm }) => `terminer le fil ${tid} de ${pid} (${comm})`,
  } satisfies Sentence<{ tid: number; pid: number; comm: string }>,
  close: {
    en: ({ fd, pid, comm }) => `close fd ${fd} of ${pid} (${comm})`,
    fr: ({ fd, pid, comm }) => `fermer le fd ${fd} de ${pid} (${comm})`,
  } satisfies Sentence<{ fd: number; pid: number; comm: string }>,
  "close-of-thread": {
    en: ({ fd, tid, pid, comm }) => `close fd ${fd} of thread ${tid} of ${pid} (${comm})`,
    fr: ({ fd, tid, pid, comm }) => `fermer le fd ${fd} du fil ${tid} de ${pid} (${comm})`,
  } satisfies Sentence<{ fd: number; tid: number; pid: number; comm: string }>,
  "end-nsatlas": {
    en: "nothing to do: this is nsatlas itself, and it ends now",
    fr: "rien à faire : c'est nsatlas lui-même, qui se termine",
  } satisfies Text,
  nothing: {
    en: "nothing: a thread of the kernel stays",
    fr: "rien : un fil du noyau reste",
  } satisfies Text,
  unmount: { en: ({ where }) => `umount ${where}`, fr: ({ where }) => `umount ${where}` } satisfies Sentence<{
    where: string;
  }>,
  stacked: {
    en: ({ what, count }) => `${what} (${count} mounts lie there: the uppermost goes first)`,
    fr: ({ what, count }) => `${what} (${count} montages s'y trouvent : celui du dessus part d'abord)`,
  } satisfies Sentence<{ what: string; count: number }>,
  covered: {
    en: ({ what }) => `${what} (another mount lies on it there: that one goes first)`,
    fr: ({ what }) => `${what} (un autre montage le recouvre : celui-là part d'abord)`,
  } satisfies Sentence<{ what: string }>,
  hidden: {
    en: ({ what, by }) => `${what} (the mount at ${by} hides it: that one goes first)`,
    fr: ({ what, by }) => `${what} (le montage sur ${by} le cache : celui-là part d'abord)`,
  } satisfies Sentence<{ what: string; by: string }>,
  "let-go": {
    en: ({ what, ref }) => `let go of ${what}: see nsatlas why ${ref}`,
    fr: ({ what, ref }) => `lâcher ${what} : voir nsatlas why ${ref}`,
  } satisfies Sentence<{ what: string; ref: string }>,
} as const;

/** What may hold a namespace and cannot be seen by any call: of every kind, and of some. */
export const BEYOND: Readonly<Record<"every" | "listed", Text>> & Readonly<Partial<Record<NamespaceKind, Text>>> = {
  every: {
    en: "a mount of it that was detached (umount -l, open_tree) and is still in use; a file registered with io_uring",
    fr: "un montage détaché (umount -l, open_tree) encore utilisé ; un fichier enregistré auprès d'io_uring",
  },
  /** Instead of all others: the kernel lists only what a task is in or a file of which is open or mounted, and what that needs. */
  listed: {
    en: "an open file of it on its way between processes (SCM_RIGHTS), or registered with io_uring; a mount of it that was detached (umount -l, open_tree) and is still in use",
    fr: "un fichier ouvert de lui en route entre processus (SCM_RIGHTS), ou enregistré auprès d'io_uring ; un montage détaché (umount -l, open_tree) encore utilisé",
  },
  net: {
    en: "a tun or tap device; a socket of the kernel's own",
    fr: "un périphérique tun ou tap ; une socket du noyau lui-même",
  },
  pid: {
    en: "an open file below /proc/PID of a process of it that has ended; a socket that remembers such a process",
    fr: "un fichier ouvert sous /proc/PID d'un de ses processus terminés ; une socket qui se souvient d'un tel processus",
  },
  user: {
    en: "any file that a process of it opened and another one has now; a file system that was mounted in it; a keyring",
    fr: "tout fichier qu'un de ses processus a ouvert et qu'un autre détient ; un système de fichiers monté depuis lui ; un trousseau de clés",
  },
};
