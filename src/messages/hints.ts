import type { ErrnoName } from "../abi/errnos.ts";
import { NSFS_IOCTL_NAMES, NSFS_IOCTLS } from "../abi/ioctls.ts";
import type { Language, Text } from "./sentence.ts";

/** What was going on when a call was refused, as far as it changes what the errno means. */
export const SITUATIONS = [
  /** A file of /proc/PID/ns, of a process that is there. */
  "process-link",
  /** The same, and the caller is root. */
  "process-link-as-root",
  /** A file of /proc/PID/ns, and there is no such process. */
  "dead-process",
  /** A file of /proc/PID/ns that this process does not have, though it is there. */
  "missing-link",
  /** The *_for_children of a process whose children have no namespace yet. */
  "no-child-yet",
  /** /proc itself. */
  "proc",
  /** /proc/self, where /proc is there. */
  "proc-of-another-pid-namespace",
  /** A name under /run/netns. */
  "netns-name",
  /** A descriptor that nsatlas inherited. */
  "inherited-fd",
  /** A descriptor that belongs to Node. */
  "node-fd",
  /** Another file that should have been a namespace. */
  "namespace-file",
  /** A snapshot that is read. */
  "read-file",
  /** A file that is written. */
  "write-file",
] as const;
export type Situation = (typeof SITUATIONS)[number];

interface Hint {
  readonly errno: ErrnoName;
  /** Absent: whatever the call was. */
  readonly call?: string;
  /** Absent: whatever was going on. */
  readonly situation?: Situation;
  readonly why?: Text;
  readonly next: Text;
}

/** Why a call was refused where the errno does not say it, and what to do next. The most particular row counts. */
export const HINTS: readonly Hint[] = [
  {
    errno: "EACCES",
    situation: "process-link",
    why: {
      en: "The process is another user's, has capabilities that you lack, or has made itself unreadable.",
      fr: "Le processus est celui d'un autre utilisateur, a des capacités que vous n'avez pas ou s'est rendu illisible.",
    },
    next: {
      en: "Run nsatlas as root, or with CAP_SYS_PTRACE in the process's user namespace.",
      fr: "Lancez nsatlas en tant que root, ou avec CAP_SYS_PTRACE dans l'espace de noms utilisateur du processus.",
    },
  },
  {
    errno: "EACCES",
    situation: "process-link-as-root",
    why: {
      en: "Root reads another process's links by CAP_SYS_PTRACE in that process's user namespace, which is missing here, or a security module forbids it.",
      fr: "Root lit les liens d'un autre processus grâce à CAP_SYS_PTRACE dans l'espace de noms utilisateur de celui-ci ; elle manque ici, ou un module de sécurité l'interdit.",
    },
    next: {
      en: "Look from the machine's own root, outside the container, or give this one CAP_SYS_PTRACE.",
      fr: "Regardez depuis le root de la machine, hors du conteneur, ou donnez CAP_SYS_PTRACE à celui-ci.",
    },
  },
  {
    errno: "ENOENT",
    situation: "dead-process",
    why: {
      en: "No process has this number here: it ended, or /proc hides it.",
      fr: "Aucun processus n'a ce numéro ici : il est terminé, ou /proc le cache.",
    },
    next: {
      en: '"nsatlas list -o NS,TYPE,PID,COMMAND" shows processes that are there.',
      fr: "« nsatlas list -o NS,TYPE,PID,COMMAND » montre des processus présents.",
    },
  },
  {
    errno: "ESRCH",
    why: { en: "The process ended.", fr: "Le processus est terminé." },
    next: {
      en: "Ask again; its number may belong to another process by then.",
      fr: "Recommencez ; son numéro peut désigner un autre processus entre-temps.",
    },
  },
  {
    errno: "ENOENT",
    situation: "missing-link",
    why: {
      en: "The process is there and has no such link: it is a zombie, or this kernel has no such kind.",
      fr: "Le processus existe sans ce lien : c'est un zombie, ou ce noyau n'a pas ce type.",
    },
    next: {
      en: "cgroup came with Linux 4.6, time with 5.6, pid_for_children with 4.12.",
      fr: "cgroup est apparu avec Linux 4.6, time avec 5.6, pid_for_children avec 4.12.",
    },
  },
  {
    errno: "ENOENT",
    situation: "no-child-yet",
    why: {
      en: "The pid namespace for its children has no first process yet, so the kernel does not show it.",
      fr: "L'espace de noms pid de ses enfants n'a pas encore de premier processus : le noyau ne le montre pas.",
    },
    next: {
      en: "Ask again once the process has made a child.",
      fr: "Recommencez quand le processus aura créé un enfant.",
    },
  },
  {
    errno: "ENOENT",
    situation: "proc",
    why: {
      en: "There is no proc file system at this place, and nsatlas reads namespaces from one.",
      fr: "Il n'y a pas de système de fichiers proc à cet endroit, et nsatlas y lit les espaces de noms.",
    },
    next: {
      en: '"mount -t proc proc /proc" as root makes one; --proc DIR names another place.',
      fr: "« mount -t proc proc /proc » en monte un, en tant que root ; --proc DIR désigne un autre endroit.",
    },
  },
  {
    errno: "EACCES",
    situation: "proc",
    why: {
      en: "You may not read that folder, or may not pass a folder on the way.",
      fr: "Ce dossier, ou un dossier du chemin, vous est fermé.",
    },
    next: {
      en: "Run nsatlas as root, or name a /proc that you may read.",
      fr: "Lancez nsatlas en tant que root, ou désignez un /proc que vous pouvez lire.",
    },
  },
  {
    errno: "ENODEV",
    situation: "proc",
    why: {
      en: "This folder is no proc file system: there is no process in it.",
      fr: "Ce dossier n'est pas un système de fichiers proc : il n'y a aucun processus dedans.",
    },
    next: {
      en: '"mount -t proc proc /proc" as root makes one; --proc DIR names another place.',
      fr: "« mount -t proc proc /proc » en monte un, en tant que root ; --proc DIR désigne un autre endroit.",
    },
  },
  {
    errno: "ENOTDIR",
    situation: "proc",
    why: {
      en: "It is no folder, so no proc file system.",
      fr: "Ce n'est pas un dossier, donc pas un système de fichiers proc.",
    },
    next: {
      en: "Name the folder where one is mounted, as /proc.",
      fr: "Désignez le dossier où il est monté, comme /proc.",
    },
  },
  {
    errno: "ENOENT",
    situation: "proc-of-another-pid-namespace",
    why: {
      en: "/proc belongs to a pid namespace in which nsatlas has no number.",
      fr: "/proc est celui d'un espace de noms pid où nsatlas n'a pas de numéro.",
    },
    next: {
      en: '"mount -t proc proc /proc" as root, in a mount namespace of your own, shows yours.',
      fr: "« mount -t proc proc /proc », en tant que root et dans votre propre espace de noms mnt, montre le vôtre.",
    },
  },
  {
    errno: "ENOENT",
    situation: "netns-name",
    why: {
      en: "No file of that name is under /run/netns, where ip-netns(8) keeps names.",
      fr: "Aucun fichier de ce nom sous /run/netns, où ip-netns(8) garde les noms.",
    },
    next: {
      en: '"nsatlas list -t net" shows the network namespaces that there are.',
      fr: "« nsatlas list -t net » montre les espaces de noms réseau présents.",
    },
  },
  {
    errno: "ENOENT",
    situation: "namespace-file",
    next: {
      en: 'Check the path; "nsatlas tree" shows the namespaces that there are.',
      fr: "Vérifiez le chemin ; « nsatlas tree » montre les espaces de noms présents.",
    },
  },
  {
    errno: "EACCES",
    situation: "namespace-file",
    why: {
      en: "A folder on the way does not let you through, or the file is another user's process's.",
      fr: "Un dossier du chemin vous est fermé, ou le fichier est celui du processus d'un autre utilisateur.",
    },
    next: {
      en: "Run nsatlas as root, or as the owner of that folder or process.",
      fr: "Lancez nsatlas en tant que root, ou que propriétaire de ce dossier ou de ce processus.",
    },
  },
  {
    errno: "EBADF",
    situation: "inherited-fd",
    why: { en: "nsatlas was started without such a descriptor.", fr: "nsatlas a été lancé sans ce descripteur." },
    next: {
      en: "Let the shell open it: nsatlas show fd:7 7</run/netns/blue",
      fr: "Faites-le ouvrir par le shell : nsatlas show fd:7 7</run/netns/blue",
    },
  },
  {
    errno: "EBADF",
    situation: "node-fd",
    why: {
      en: "The descriptor is one that Node opened for itself after nsatlas was started.",
      fr: "Ce descripteur a été ouvert par Node pour lui-même après le lancement de nsatlas.",
    },
    next: {
      en: "Let the shell open yours: nsatlas show fd:7 7</run/netns/blue",
      fr: "Faites ouvrir le vôtre par le shell : nsatlas show fd:7 7</run/netns/blue",
    },
  },
  {
    errno: "ENOTTY",
    situation: "namespace-file",
    next: {
      en: "Name a file of /proc/PID/ns, or a bind mount of one.",
      fr: "Désignez un fichier de /proc/PID/ns, ou un montage lié de l'un d'eux.",
    },
  },
  {
    errno: "ENOTTY",
    situation: "netns-name",
    next: {
      en: 'Its mount is gone: "ip netns delete" removes what is left.',
      fr: "Son montage a disparu : « ip netns delete » enlève ce qui reste.",
    },
  },
  {
    errno: "EPERM",
    call: "ioctl NS_GET_PARENT",
    next: {
      en: "Ask from an ancestor of that namespace; the machine's first one has no parent.",
      fr: "Demandez-le depuis un ancêtre de cet espace de noms ; le premier de la machine n'a pas de parent.",
    },
  },
  {
    errno: "EPERM",
    call: "ioctl NS_GET_USERNS",
    next: {
      en: "Ask from the owning user namespace or one above it.",
      fr: "Demandez-le depuis l'espace de noms utilisateur propriétaire, ou depuis l'un de ses ancêtres.",
    },
  },
  {
    errno: "EINVAL",
    call: "ioctl NS_GET_PARENT",
    next: { en: "Ask for its owner instead.", fr: "Demandez plutôt son propriétaire." },
  },
  {
    errno: "EINVAL",
    call: "ioctl NS_GET_OWNER_UID",
    next: {
      en: "Ask it of the user namespace that owns this one.",
      fr: "Demandez-le à l'espace de noms utilisateur propriétaire de celui-ci.",
    },
  },
  {
    errno: "ENOENT",
    situation: "read-file",
    next: { en: '"nsatlas snapshot -o FILE" writes one.', fr: "« nsatlas snapshot -o FILE » en écrit un." },
  },
  {
    errno: "EACCES",
    situation: "read-file",
    why: {
      en: "Snapshots are written for their owner's eyes alone (mode 0600).",
      fr: "Les instantanés sont écrits pour leur seul propriétaire (mode 0600).",
    },
    next: {
      en: "Read it as its owner, or have it handed to you.",
      fr: "Lisez-le en tant que propriétaire, ou faites-le-vous remettre.",
    },
  },
  {
    errno: "EISDIR",
    next: { en: "Name a file in it.", fr: "Désignez un fichier qui s'y trouve." },
  },
  {
    errno: "ENOENT",
    situation: "write-file",
    why: {
      en: "The folder that the file would lie in is not there.",
      fr: "Le dossier qui contiendrait le fichier n'existe pas.",
    },
    next: { en: "Make the folder first.", fr: "Créez d'abord ce dossier." },
  },
  {
    errno: "EACCES",
    situation: "write-file",
    why: { en: "You may not write in that folder.", fr: "Vous ne pouvez pas écrire dans ce dossier." },
    next: {
      en: "Choose another folder; what was there is untouched.",
      fr: "Choisissez un autre dossier ; ce qui s'y trouvait est intact.",
    },
  },
  {
    errno: "ENOSPC",
    next: {
      en: "Make room, or write elsewhere; a file that was there is untouched.",
      fr: "Libérez de la place, ou écrivez ailleurs ; un fichier déjà présent est intact.",
    },
  },
  {
    errno: "EROFS",
    next: { en: "Write elsewhere.", fr: "Écrivez ailleurs." },
  },
  {
    errno: "EMFILE",
    why: { en: "nsatlas has as many files open as it may.", fr: "nsatlas a autant de fichiers ouverts qu'il le peut." },
    next: { en: 'Raise the limit: "ulimit -n 4096".', fr: "Relevez la limite : « ulimit -n 4096 »." },
  },
  {
    errno: "ENOTTY",
    situation: "inherited-fd",
    next: {
      en: "It may be one that Node opened for itself; let the shell open yours: nsatlas show fd:7 7</run/netns/blue",
      fr: "Il peut être de ceux que Node a ouverts pour lui-même ; faites ouvrir le vôtre par le shell : nsatlas show fd:7 7</run/netns/blue",
    },
  },
  {
    errno: "ENOSYS",
    next: {
      en: 'Where there is a C compiler, "npm run build:native" makes the native half; a published nsatlas has it for Linux on x64 and arm64.',
      fr: "Là où il y a un compilateur C, « npm run build:native » produit la partie native ; un nsatlas publié la contient pour Linux sur x64 et arm64.",
    },
  },
  // A kernel that does not know the call says what it says of a file that is no namespace.
  ...NSFS_IOCTL_NAMES.map((name) => ({
    errno: "ENOTTY" as const,
    call: `ioctl ${name}`,
    why: { en: "This kernel does not have the call.", fr: "Ce noyau n'a pas cet appel." },
    next: {
      en: `It came with Linux ${NSFS_IOCTLS[name].since}.`,
      fr: `Il est apparu avec Linux ${NSFS_IOCTLS[name].since}.`,
    },
  })),
];

const key = (errno: ErrnoName, call = "", situation = ""): string => `${errno}|${call}|${situation}`;
const BY_KEY: ReadonlyMap<string, Hint> = new Map(
  HINTS.map((hint) => [key(hint.errno, hint.call, hint.situation), hint]),
);

/** Why, and what to do next, where a row knows. */
export function hintFor(
  { code, syscall, situation }: { code: ErrnoName; syscall?: string; situation?: Situation },
  language: Language,
): { reason?: string; hint?: string } {
  const keys = [key(code, syscall, situation), key(code, "", situation), key(code, syscall), key(code)];
  const row = keys.map((one) => BY_KEY.get(one)).find((one) => one !== undefined);
  if (row === undefined) return {};
  return { ...(row.why === undefined ? {} : { reason: row.why[language] }), hint: row.next[language] };
}
