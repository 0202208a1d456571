import type { Sentence } from "./sentence.ts";

/** What a snapshot would have to say for an answer; completes "unknown, because …". `of`: a process or a namespace. */
export const MISSING_EVIDENCE = {
  status: {
    en: ({ of }) => `the status of process ${of} was not read`,
    fr: ({ of }) => `l'état (status) du processus ${of} n'a pas été lu`,
  },
  id: {
    en: ({ of }) => `an id of process ${of} has no number for whoever looked`,
    fr: ({ of }) => `un identifiant du processus ${of} n'a pas de numéro pour qui a regardé`,
  },
  link: {
    en: ({ of }) => `the link ${of} was not read`,
    fr: ({ of }) => `le lien ${of} n'a pas été lu`,
  },
  owner: {
    en: ({ of }) => `the owner of ${of} was not shown to whoever looked`,
    fr: ({ of }) => `le propriétaire de ${of} n'a pas été montré à qui a regardé`,
  },
  parent: {
    en: ({ of }) => `the parent of ${of} was not shown to whoever looked`,
    fr: ({ of }) => `le parent de ${of} n'a pas été montré à qui a regardé`,
  },
  creator: {
    en: ({ of }) => `the uid that made ${of} was not shown to whoever looked`,
    fr: ({ of }) => `l'uid qui a créé ${of} n'a pas été montré à qui a regardé`,
  },
  maps: {
    en: ({ of }) => `the id maps of ${of} were not read, or not whole`,
    fr: ({ of }) => `les correspondances d'identifiants de ${of} n'ont pas été lues, ou pas entières`,
  },
  "not-recorded": {
    en: ({ of }) => `no snapshot records ${of}`,
    fr: ({ of }) => `aucun instantané ne contient ${of}`,
  },
  namespace: {
    en: ({ of }) => `nothing was seen of ${of}`,
    fr: ({ of }) => `rien n'a été vu de ${of}`,
  },
  descriptor: {
    en: ({ of }) => `it was not seen what ${of} is`,
    fr: ({ of }) => `on n'a pas vu ce qu'est ${of}`,
  },
  mounts: {
    en: ({ of }) => `it was not seen what is mounted for ${of}`,
    fr: ({ of }) => `on n'a pas vu ce qui est monté pour ${of}`,
  },
  process: {
    en: ({ of }) => `not every process was seen, and ${of} may be one`,
    fr: ({ of }) => `tous les processus n'ont pas été vus, et ${of} peut en être un`,
  },
  listing: {
    en: () => "a snapshot may lack namespaces that the kernel would list",
    fr: () => "il peut manquer à un instantané des espaces de noms que le noyau listerait",
  },
  sysctl: {
    en: ({ of }) => `the sysctl ${of} of that namespace was not read`,
    fr: ({ of }) => `le sysctl ${of} de cet espace de noms n'a pas été lu`,
  },
  rlimit: {
    en: ({ of }) => `the resource limits of process ${of} were not read`,
    fr: ({ of }) => `les limites de ressources du processus ${of} n'ont pas été lues`,
  },
  file: {
    en: ({ of }) => `the owner and group of ${of} were not read, or have no number for whoever looked`,
    fr: ({ of }) =>
      `le propriétaire et le groupe de ${of} n'ont pas été lus, ou n'ont pas de numéro pour qui a regardé`,
  },
  superblock: {
    en: ({ of }) =>
      `no call tells from which user namespace the file system of ${of} was mounted: only trying does (EPERM)`,
    fr: ({ of }) =>
      `aucun appel ne dit de quel espace utilisateur vient le système de fichiers de ${of} : seul l'essai le dit (EPERM)`,
  },
  locked: {
    en: ({ of }) => `no call tells whether ${of} is locked: only trying does (umount EINVAL, mount EPERM)`,
    fr: ({ of }) => `aucun appel ne dit si ${of} est verrouillé : seul l'essai le dit (umount EINVAL, mount EPERM)`,
  },
  acl: {
    en: ({ of }) => `whether ${of} has an access control list was not read`,
    fr: ({ of }) => `si ${of} a une liste de contrôle d'accès n'a pas été lu`,
  },
  ancestors: {
    en: ({ of }) => `not every process above ${of} was seen`,
    fr: ({ of }) => `tous les processus au-dessus de ${of} n'ont pas été vus`,
  },
  ptracer: {
    en: ({ of }) => `no file tells whether process ${of} has named who may attach to it (PR_SET_PTRACER)`,
    fr: ({ of }) => `aucun fichier ne dit si le processus ${of} a nommé qui peut s'y attacher (PR_SET_PTRACER)`,
  },
  "perf-patch": {
    en: ({ of }) => `above 2, ${of} says nothing to Linux itself, and to Debian's that CAP_PERFMON will not do`,
    fr: ({ of }) => `au-delà de 2, ${of} ne dit rien à Linux même, et à celui de Debian que CAP_PERFMON ne suffit pas`,
  },
  before: {
    en: ({ of }) => `what call ${of} changed is unknown`,
    fr: ({ of }) => `ce que l'appel ${of} a changé est inconnu`,
  },
} as const satisfies Record<string, Sentence<{ of: string }>>;
export type MissingEvidence = keyof typeof MISSING_EVIDENCE;

/** What is taken for granted where nothing under /proc tells it; completes "provided that …". */
export const ASSUMED = {
  dumpable: {
    en: ({ of }) => `process ${of} is dumpable, and was started in the user namespace it is in`,
    fr: ({ of }) => `le processus ${of} est « dumpable », et a démarré dans son espace utilisateur actuel`,
  },
  ptracer: {
    en: ({ of }) => `process ${of} has named nobody who may attach to it (PR_SET_PTRACER)`,
    fr: ({ of }) => `le processus ${of} n'a nommé personne qui puisse s'y attacher (PR_SET_PTRACER)`,
  },
  root: {
    en: ({ of }) => `the root of process ${of} is that of its mount namespace`,
    fr: ({ of }) => `la racine du processus ${of} est celle de son espace de montage`,
  },
  unshared: {
    en: ({ of }) => `process ${of} shares neither memory nor root and working directory with another`,
    fr: ({ of }) => `le processus ${of} ne partage ni mémoire ni racine et répertoire avec un autre`,
  },
  securebits: {
    en: ({ of }) => `the securebits of process ${of} are 0, and its ambient set is empty`,
    fr: ({ of }) => `les securebits du processus ${of} valent 0, et son jeu ambiant est vide`,
  },
  limit: {
    en: ({ of }) => `the limits of ${of} leave room for one more`,
    fr: ({ of }) => `les limites de ${of} permettent un espace de plus`,
  },
  nesting: {
    en: ({ of }) => `${of} does not lie so deep that no more can be nested in it`,
    fr: ({ of }) => `${of} n'est pas imbriqué au point de ne plus pouvoir en contenir`,
  },
  unlocked: {
    en: ({ of }) => `${of} did not come from a container's mount namespace`,
    fr: ({ of }) => `${of} ne vient pas de l'espace de montage d'un conteneur`,
  },
  device: {
    en: ({ of }) => `there is a device ${of}`,
    fr: ({ of }) => `il y a une interface ${of}`,
  },
  acl: {
    en: ({ of }) => `${of} has no access control list (getfacl tells)`,
    fr: ({ of }) => `${of} n'a pas de liste de contrôle d'accès (getfacl le dit)`,
  },
  sysctl: {
    en: ({ of }) => `there is a sysctl ${of}, its file can be written, and /proc/sys is not mounted read-only`,
    fr: ({ of }) =>
      `il y a un sysctl ${of}, son fichier peut être écrit, et /proc/sys n'est pas monté en lecture seule`,
  },
  thread: {
    en: ({ of }) => `thread ${of} has the ids and capabilities of its process`,
    fr: ({ of }) => `le fil ${of} a les identifiants et les capacités de son processus`,
  },
  folders: {
    en: ({ of }) => `the folders above ${of} let it pass`,
    fr: ({ of }) => `les dossiers au-dessus de ${of} le laissent passer`,
  },
  path: {
    en: ({ of }) => `${of} is a file that can be mounted over`,
    fr: ({ of }) => `${of} est un fichier sur lequel on peut monter`,
  },
  opened: {
    en: ({ of }) => `${of} was opened without special flags (O_PATH, PIDFD_THREAD)`,
    fr: ({ of }) => `${of} a été ouvert sans drapeau particulier (O_PATH, PIDFD_THREAD)`,
  },
  number: {
    en: ({ of }) => `pid_max allows the number ${of}, and no thread has it`,
    fr: ({ of }) => `pid_max permet le numéro ${of}, qu'aucun fil n'a déjà`,
  },
} as const satisfies Record<string, Sentence<{ of: string }>>;
export type Assumed = keyof typeof ASSUMED;
