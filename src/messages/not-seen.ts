import type { ErrnoName } from "../abi/errnos.ts";
import { plural, pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

export type Refused = { readonly count: number; readonly errno: ErrnoName };

/** What the kernel refused to show, by what was asked for. They follow "Not visible:". */
export const NOT_SHOWN = {
  /** Processes of which nothing could be read. */
  processes: {
    en: ({ count, errno }) => `${plural(count, "process", "processes")} (${errno})`,
    fr: ({ count, errno }) => `${count} processus (${errno})`,
  },
  /** Processes with links that were refused. */
  links: {
    en: ({ count, errno }) => `the namespaces of ${plural(count, "process", "processes")} (${errno})`,
    fr: ({ count, errno }) => `les espaces de noms de ${count} processus (${errno})`,
  },
  identities: {
    en: ({ count, errno }) => `what ${plural(count, "link leads", "links lead")} to (${errno})`,
    fr: ({ count, errno }) => `ce que ${pluriel(count, "lien désigne", "liens désignent")} (${errno})`,
  },
  mounts: {
    en: ({ count, errno }) =>
      `the files of ${plural(count, "namespace that is mounted", "namespaces that are mounted")} (${errno})`,
    fr: ({ count, errno }) =>
      `les fichiers de ${pluriel(count, "espace de noms monté", "espaces de noms montés")} (${errno})`,
  },
  names: {
    en: ({ count, errno }) => `${plural(count, "name", "names")} under /run/netns (${errno})`,
    fr: ({ count, errno }) => `${pluriel(count, "nom", "noms")} sous /run/netns (${errno})`,
  },
  owners: {
    en: ({ count, errno }) =>
      `the ${count === 1 ? "owner" : "owners"} of ${plural(count, "namespace", "namespaces")} (${errno})`,
    fr: ({ count, errno }) =>
      `${count < 2 ? "le propriétaire" : "les propriétaires"} de ${pluriel(count, "espace de noms", "espaces de noms")} (${errno})`,
  },
  parents: {
    en: ({ count, errno }) =>
      `the ${count === 1 ? "parent" : "parents"} of ${plural(count, "namespace", "namespaces")} (${errno})`,
    fr: ({ count, errno }) =>
      `${count < 2 ? "le parent" : "les parents"} de ${pluriel(count, "espace de noms", "espaces de noms")} (${errno})`,
  },
  maps: {
    en: ({ count, errno }) => `the id maps of ${plural(count, "user namespace", "user namespaces")} (${errno})`,
    fr: ({ count, errno }) =>
      `les correspondances d'identifiants de ${pluriel(count, "espace de noms utilisateur", "espaces de noms utilisateur")} (${errno})`,
  },
  threads: {
    en: ({ count, errno }) => `the namespaces of ${plural(count, "thread", "threads")} (${errno})`,
    fr: ({ count, errno }) => `les espaces de noms de ${pluriel(count, "fil", "fils")} (${errno})`,
  },
  children: {
    en: ({ count, errno }) => `what ${plural(count, "task has", "tasks have")} for children (${errno})`,
    fr: ({ count, errno }) => `ce que ${pluriel(count, "tâche réserve", "tâches réservent")} à ses enfants (${errno})`,
  },
  descriptors: {
    en: ({ count, errno }) => `the open files of ${plural(count, "process", "processes")} (${errno})`,
    fr: ({ count, errno }) => `les fichiers ouverts de ${count} processus (${errno})`,
  },
  sockets: {
    en: ({ count, errno }) => `the network namespaces of ${plural(count, "socket", "sockets")} (${errno})`,
    fr: ({ count, errno }) => `les espaces de noms net de ${pluriel(count, "socket", "sockets")} (${errno})`,
  },
  pidfds: {
    en: ({ count, errno }) => `the processes of ${plural(count, "pidfd", "pidfds")} (${errno})`,
    fr: ({ count, errno }) => `les processus de ${pluriel(count, "pidfd", "pidfds")} (${errno})`,
  },
  "in-flight": {
    en: ({ count, errno }) => `${plural(count, "descriptor", "descriptors")} in flight (${errno})`,
    fr: ({ count, errno }) => `${pluriel(count, "descripteur", "descripteurs")} en transit (${errno})`,
  },
  "mount-tables": {
    en: ({ count, errno }) => `the mounts of ${plural(count, "mount namespace", "mount namespaces")} (${errno})`,
    fr: ({ count, errno }) =>
      `les montages de ${pluriel(count, "espace de noms mnt", "espaces de noms mnt")} (${errno})`,
  },
  "file-systems": {
    en: ({ count, errno }) =>
      `the namespace behind ${plural(count, "mount of proc or mqueue", "mounts of proc or mqueue")} (${errno})`,
    fr: ({ count, errno }) =>
      `l'espace de noms de ${pluriel(count, "proc ou mqueue monté", "proc ou mqueue montés")} (${errno})`,
  },
  hostnames: {
    en: ({ count, errno }) =>
      `the ${count === 1 ? "hostname" : "hostnames"} of ${plural(count, "uts namespace", "uts namespaces")} (${errno})`,
    fr: ({ count, errno }) =>
      `le nom d'hôte de ${pluriel(count, "espace de noms uts", "espaces de noms uts")} (${errno})`,
  },
  clocks: {
    en: ({ count, errno }) => `the clocks of ${plural(count, "time namespace", "time namespaces")} (${errno})`,
    fr: ({ count, errno }) =>
      `les horloges de ${pluriel(count, "espace de noms time", "espaces de noms time")} (${errno})`,
  },
  "cgroup-roots": {
    en: ({ count, errno }) =>
      `the ${count === 1 ? "root" : "roots"} of ${plural(count, "cgroup namespace", "cgroup namespaces")} (${errno})`,
    fr: ({ count, errno }) =>
      `la racine de ${pluriel(count, "espace de noms cgroup", "espaces de noms cgroup")} (${errno})`,
  },
  interfaces: {
    en: ({ count, errno }) =>
      `the interfaces of ${plural(count, "network namespace", "network namespaces")} (${errno})`,
    fr: ({ count, errno }) =>
      `les interfaces de ${pluriel(count, "espace de noms net", "espaces de noms net")} (${errno})`,
  },
  "user-limits": {
    en: ({ count, errno }) => `the limits of ${plural(count, "user namespace", "user namespaces")} (${errno})`,
    fr: ({ count, errno }) =>
      `les limites de ${pluriel(count, "espace de noms utilisateur", "espaces de noms utilisateur")} (${errno})`,
  },
  "ipc-use": {
    en: ({ count, errno }) => `what is in ${plural(count, "ipc namespace", "ipc namespaces")} (${errno})`,
    fr: ({ count, errno }) => `le contenu de ${pluriel(count, "espace de noms ipc", "espaces de noms ipc")} (${errno})`,
  },
  cgroups: {
    en: ({ count, errno }) => `the control groups of ${plural(count, "process", "processes")} (${errno})`,
    fr: ({ count, errno }) => `les groupes de contrôle de ${count} processus (${errno})`,
  },
  listing: {
    en: ({ count, errno }) =>
      `${plural(count, "namespace", "namespaces")} or more that the kernel would list (${errno}, by a filter of system calls)`,
    fr: ({ count, errno }) =>
      `${pluriel(count, "espace de noms", "espaces de noms")} ou plus que le noyau listerait (${errno}, d'un filtre d'appels système)`,
  },
} as const satisfies Record<string, Sentence<Refused>>;

/** What a refusal means and what would help, where there is one sentence for it. */
export const REFUSAL_MEANS = {
  EACCES: {
    en: "EACCES: these processes may only be looked into by who could trace them (ptrace(2)).",
    fr: "EACCES : pour regarder dans ces processus, il faut pouvoir les tracer (ptrace(2)).",
  },
  EPERM: {
    en: "EPERM: they lie outside your own user namespace, or outside your own pid namespace.",
    fr: "EPERM : ils sont hors de votre espace de noms utilisateur, ou hors de votre espace de noms pid.",
  },
} as const satisfies Partial<Record<ErrnoName, Text>>;

/** The same of all but owners and parents. */
export const EPERM_ELSEWHERE = {
  en: "EPERM from other calls: a capability is missing, or a filter of system calls refuses; nsatlas doctor says which.",
  fr: "EPERM d'autres appels : une capacité manque, ou un filtre d'appels système refuse ; nsatlas doctor dit ce que c'est.",
} as const;

/** Where the viewer is not root. */
export const ROOT_SEES_MORE = {
  en: "As root you would see more.",
  fr: "En tant que root vous en verriez plus.",
} as const;

/** Where evidence comes from, in words: for a source that is missing as a whole. */
export const SOURCE_NAMES = {
  processes: { en: "processes", fr: "les processus" },
  links: { en: "namespaces of processes", fr: "les espaces de noms des processus" },
  identities: { en: "device and inode of namespaces", fr: "le périphérique et l'inœud des espaces de noms" },
  mounts: { en: "mounted namespace files", fr: "les fichiers d'espaces de noms montés" },
  names: { en: "names under /run/netns", fr: "les noms sous /run/netns" },
  relations: { en: "owners and parents", fr: "les propriétaires et les parents" },
  maps: { en: "id maps", fr: "les correspondances d'identifiants" },
  threads: { en: "threads", fr: "les fils d'exécution" },
  children: { en: "what tasks have for their children", fr: "ce que les tâches réservent à leurs enfants" },
  descriptors: { en: "open files", fr: "les fichiers ouverts" },
  sockets: { en: "network namespaces of sockets", fr: "les espaces de noms net des sockets" },
  pidfds: { en: "pidfds", fr: "les pidfds" },
  "in-flight": { en: "descriptors in flight", fr: "les descripteurs en transit" },
  "mount-tables": { en: "mounts of other mount namespaces", fr: "les montages d'autres espaces de noms mnt" },
  "file-systems": {
    en: "the namespaces of mounted proc and mqueue",
    fr: "les espaces de noms des proc et mqueue montés",
  },
  hostnames: { en: "hostnames", fr: "les noms d'hôte" },
  clocks: { en: "offsets of clocks", fr: "les décalages des horloges" },
  "cgroup-roots": { en: "roots of cgroup namespaces", fr: "les racines des espaces de noms cgroup" },
  interfaces: { en: "network interfaces", fr: "les interfaces réseau" },
  "user-limits": { en: "limits of user namespaces", fr: "les limites des espaces de noms utilisateur" },
  "ipc-use": { en: "what ipc namespaces hold", fr: "le contenu des espaces de noms ipc" },
  cgroups: { en: "control groups", fr: "les groupes de contrôle" },
  listing: { en: "the kernel's own list of namespaces", fr: "la liste des espaces de noms que tient le noyau" },
} as const satisfies Record<string, Text>;

export const SOURCE_MISSING = {
  en: ({ source, errno, since }) => `${source}: not supported here (${errno})${since && `, since Linux ${since}`}`,
  fr: ({ source, errno, since }) =>
    `${source} : non pris en charge ici (${errno})${since && `, depuis Linux ${since}`}`,
} as const satisfies Sentence<{ source: string; errno: ErrnoName; since: string }>;

/** What was not even asked, by why. `count` is empty where nobody knows how much there would have been. */
export const SKIPPED = {
  unwanted: {
    en: ({ what }) => `Not looked at, as you wished: ${what}.`,
    fr: ({ what }) => `Non regardé, selon votre souhait : ${what}.`,
  },
  costly: {
    en: ({ what }) => `Not looked at, for there are many: ${what}. --all-sources looks at all.`,
    fr: ({ what }) => `Non regardé, car il y en a beaucoup : ${what}. --all-sources regarde tout.`,
  },
  "no-call": {
    en: ({ what }) => `Not looked at, for no call of this kernel shows them: ${what}.`,
    fr: ({ what }) => `Non regardé, car aucun appel de ce noyau ne le montre : ${what}.`,
  },
  "foreign-proc": {
    en: ({ what }) => `Not looked at, for this /proc is of another pid namespace: ${what}.`,
    fr: ({ what }) => `Non regardé, car ce /proc est d'un autre espace de noms pid : ${what}.`,
  },
  "older-format": {
    en: ({ what }) => `Not in this file, which is of an older format: ${what}.`,
    fr: ({ what }) => `Absent de ce fichier, qui est d'un format plus ancien : ${what}.`,
  },
  entering: {
    en: ({ what }) => `Not looked at, for it takes entering a namespace: ${what}. Without --no-enter it is done.`,
    fr: ({ what }) =>
      `Non regardé, car il faut entrer dans un espace de noms : ${what}. Sans --no-enter, cela se fait.`,
  },
  unasked: {
    en: ({ what }) => `Not read by this command: ${what}. nsatlas show and nsatlas snapshot read them.`,
    fr: ({ what }) => `Non lu par cette commande : ${what}. nsatlas show et nsatlas snapshot le lisent.`,
  },
} as const satisfies Record<string, Sentence<{ what: string }>>;

/** So much of a source. */
export const SKIPPED_SOURCE = {
  en: ({ count, source }) => (count === undefined ? source : `${count} (${source})`),
  fr: ({ count, source }) => (count === undefined ? source : `${count} (${source})`),
} as const satisfies Sentence<{ count: number | undefined; source: string }>;

export const VANISHED = {
  en: ({ count }) => `${plural(count, "process", "processes")} that ended meanwhile`,
  fr: ({ count }) => `${pluriel(count, "processus terminé", "processus terminés")} entre-temps`,
} as const satisfies Sentence<{ count: number }>;

export const NOT_VISIBLE = {
  en: ({ what }) => `Not visible: ${what}.`,
  fr: ({ what }) => `Non visible : ${what}.`,
} as const satisfies Sentence<{ what: string }>;

/** What else a reader should know about how the look was taken. */
export const COVERAGE_NOTE_TEXTS = {
  "several-devices": {
    en: "Namespace files lie on more than one device: an inode number alone may mean two namespaces.",
    fr: "Les fichiers d'espaces de noms sont sur plusieurs périphériques : un numéro d'inœud seul peut en désigner deux.",
  },
  "proc-of-another-pid-namespace": {
    en: "This /proc belongs to another pid namespace: pids are as that one counts them.",
    fr: "Ce /proc est celui d'un autre espace de noms pid : les pids sont ceux qu'il compte.",
  },
  hidepid: {
    en: "/proc is mounted with hidepid: processes of other users are not in it.",
    fr: "/proc est monté avec hidepid : les processus des autres utilisateurs n'y sont pas.",
  },
  "no-native-half": {
    en: "No native half for this machine: owners, parents and namespaces without a process were not asked for.",
    fr: "Pas de partie native pour cette machine : propriétaires, parents et espaces de noms sans processus n'ont pas été demandés.",
  },
  "pin-hides-another-file": {
    en: "Some mounts of namespaces are hidden below other files: these were not opened.",
    fr: "Des montages d'espaces de noms sont cachés sous d'autres fichiers : ceux-ci n'ont pas été ouverts.",
  },
  "mount-namespaces-not-listed": {
    en: "The kernel lists all mount namespaces only to root of the initial user and pid namespaces: there may be more.",
    fr: "Le noyau ne liste tous les espaces de noms mnt qu'à root dans les espaces de noms user et pid initiaux : il peut y en avoir d'autres.",
  },
  "namespaces-not-listed": {
    en: "The kernel lists all namespaces only to root of the initial user and pid namespaces: there may be more.",
    fr: "Le noyau ne liste tous les espaces de noms qu'à root dans les espaces de noms user et pid initiaux : il peut y en avoir d'autres.",
  },
  "chrooted-view": {
    en: "Of some mount namespaces only the part below a process's root was seen.",
    fr: "De certains espaces de noms mnt, seule la partie sous la racine d'un processus a été vue.",
  },
} as const satisfies Record<string, Text>;
