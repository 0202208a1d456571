import type { Sentence, Text } from "./sentence.ts";

/** What is wrong with the options of `run`, taken together, or with what they name. */
export const RUN_USAGE = {
  "no-load-interp": {
    en: "run does not load binfmt_misc definitions: --load-interp (-l) is left out on purpose.",
    fr: "run ne charge pas de définitions binfmt_misc : --load-interp (-l) n'est pas repris, à dessein.",
  },
  "load-interp-instead": {
    en: 'With --mount-binfmt, "echo DEFINITION > /proc/sys/fs/binfmt_misc/register" inside does it.',
    fr: "Avec --mount-binfmt, « echo DÉFINITION > /proc/sys/fs/binfmt_misc/register » à l'intérieur le fait.",
  },
  "offsets-need-time": {
    en: "--monotonic and --boottime need a time namespace of their own: --time (-T).",
    fr: "--monotonic et --boottime exigent un espace de noms temporel à eux : --time (-T).",
  },
  "groups-and-map": {
    en: "--setgroups allow and a map of one own group exclude each other: the kernel takes such a map only where setgroups is denied.",
    fr: "--setgroups allow et la correspondance d'un seul groupe à soi s'excluent : le noyau n'accepte celle-ci que si setgroups est refusé.",
  },
  "no-subids": {
    en: ({ user, file }) => `${file} gives ${user} no range of ids.`,
    fr: ({ user, file }) => `${file} ne donne à ${user} aucune plage d'identifiants.`,
  } satisfies Sentence<{ user: string; file: string }>,
  "subids-next": {
    en: ({ file, user }) =>
      `A line there, "${user}:100000:65536", gives one; only root may write it (usermod --add-subuids). See ${file}.`,
    fr: ({ file, user }) =>
      `Une ligne « ${user}:100000:65536 » en donne une ; seul root peut l'écrire (usermod --add-subuids). Voir ${file}.`,
  } satisfies Sentence<{ file: string; user: string }>,
  "map-too-long": {
    en: ({ file }) => `The lines for ${file} are longer than the 4 KiB that the kernel takes.`,
    fr: ({ file }) => `Les lignes de ${file} dépassent les 4 Kio que le noyau accepte.`,
  } satisfies Sentence<{ file: string }>,
} as const;

/** What an option's value should have been; completes "… is not …". */
export const RUN_EXPECTED = {
  id: { en: "an id from 0 to 4294967294, or a name", fr: "un identifiant de 0 à 4294967294 ou un nom" },
  range: {
    en: "INSIDE:OUTSIDE:COUNT, auto, subids or all",
    fr: "INTÉRIEUR:EXTÉRIEUR:NOMBRE, auto, subids ou all",
  },
  owner: { en: "UID:GID, two numbers", fr: "UID:GID, deux nombres" },
  signal: { en: "a signal: TERM, SIGTERM, 15, RTMIN+1", fr: "un signal : TERM, SIGTERM, 15, RTMIN+1" },
  offset: {
    en: "a number of seconds, with at most nine decimals",
    fr: "un nombre de secondes, avec neuf décimales au plus",
  },
} as const satisfies Record<string, Text>;

/** Why a step of `run` is refused, and what to do. */
export const RUN_HINTS = {
  "needs-user": {
    en: "Add --user, or --map-root-user (-r): in a user namespace of its own anybody may make the others.",
    fr: "Ajoutez --user, ou --map-root-user (-r) : dans son propre espace de noms utilisateur, chacun peut créer les autres.",
  },
  "user-forbidden": {
    en: "Making a user namespace is refused to a process that is chrooted or has an unmapped id, and where an administrator forbids it (kernel.unprivileged_userns_clone, AppArmor, a seccomp filter). nsatlas doctor says more.",
    fr: "Créer un espace de noms utilisateur est refusé à un processus sous chroot ou dont un identifiant n'a pas de correspondance, et là où l'administrateur l'interdit (kernel.unprivileged_userns_clone, AppArmor, un filtre seccomp). nsatlas doctor en dit plus.",
  },
  limit: {
    en: "A limit is reached: /proc/sys/user/max_*_namespaces of this user namespace or of one above it.",
    fr: "Une limite est atteinte : /proc/sys/user/max_*_namespaces de cet espace de noms utilisateur ou d'un autre au-dessus.",
  },
  "kind-unknown": {
    en: "This kernel does not have that kind of namespace, or a pid namespace is waiting for its first process already.",
    fr: "Ce noyau n'a pas ce type d'espace de noms, ou un espace de noms pid attend déjà son premier processus.",
  },
  "own-map": {
    en: "Without privileges only the caller's own uid and gid can be mapped. More takes --map-auto, and a line in /etc/subuid.",
    fr: "Sans privilèges, seuls l'uid et le gid de l'appelant peuvent recevoir une correspondance. Pour plus : --map-auto et une ligne dans /etc/subuid.",
  },
  "range-map": {
    en: "The ranges have to be mapped in the caller's user namespace, must not overlap, and a map with its uid 0 takes CAP_SETFCAP there.",
    fr: "Les plages doivent avoir une correspondance dans l'espace de noms utilisateur de l'appelant, ne pas se chevaucher, et son uid 0 exige CAP_SETFCAP.",
  },
  newidmap: {
    en: "newuidmap and newgidmap write ranges for whoever is not root. Debian has them in the package uidmap.",
    fr: "newuidmap et newgidmap écrivent les plages de qui n'est pas root. Debian les fournit dans le paquet uidmap.",
  },
  "newidmap-refused": {
    en: "newuidmap and newgidmap say why: they map what /etc/subuid and /etc/subgid list for the caller, and its own ids.",
    fr: "newuidmap et newgidmap disent pourquoi : ils donnent ce que /etc/subuid et /etc/subgid accordent à l'appelant, et ses propres identifiants.",
  },
  bind: {
    en: "FILE has to be there (touch FILE), and mounting on it takes CAP_SYS_ADMIN where nsatlas is started.",
    fr: "FICHIER doit exister (touch FICHIER), et le montage exige CAP_SYS_ADMIN là où nsatlas est lancé.",
  },
  "bind-mnt": {
    en: "FILE for a mount namespace must not lie on a shared mount: mount --bind DIR DIR; mount --make-private DIR; then DIR/FILE. Linux 6.18 also refuses where the caller's mount namespace has the higher id, as ids go by CPU: try taskset -c 0, -c 1, ….",
    fr: "FICHIER d'un espace de noms de montage ne doit pas être sur un montage partagé : mount --bind RÉP RÉP ; mount --make-private RÉP ; puis RÉP/FICHIER. Linux 6.18 refuse aussi quand l'espace de noms de montage de l'appelant a l'identifiant le plus grand, car ils dépendent du processeur : essayez taskset -c 0, -c 1, …",
  },
  "bind-pid": {
    en: "A pid namespace can be bound once it has a process: add --fork.",
    fr: "Un espace de noms pid peut être lié une fois qu'il a un processus : ajoutez --fork.",
  },
  offsets: {
    en: "An offset takes CAP_SYS_TIME over the new time namespace, and no clock may read below 0 or beyond 146 years.",
    fr: "Un décalage exige CAP_SYS_TIME sur le nouvel espace de noms temporel, et aucune horloge ne peut passer sous 0 ni au-delà de 146 ans.",
  },
  "setgroups-set": {
    en: "Whether setgroups(2) works is settled where gid_map is written, and what was denied stays denied, below as well. Leave --setgroups out, or deny it in a new user namespace without a map of groups (--user).",
    fr: "L'usage de setgroups(2) est fixé dès que gid_map est écrit, et ce qui est refusé le reste, plus bas aussi. Omettez --setgroups, ou refusez-le dans un nouvel espace de noms utilisateur sans correspondance de groupes (--user).",
  },
  "own-files": {
    en: "Its files in /proc are the process's own only as long as it changes no id, as --owner does. Without --owner, as that user from the start: setpriv --reuid UID --regid GID --clear-groups nsatlas run …",
    fr: "Ses fichiers dans /proc ne sont au processus que tant qu'il ne change pas d'identifiant, comme le fait --owner. Sans --owner, en étant cet utilisateur dès le départ : setpriv --reuid UID --regid GID --clear-groups nsatlas run …",
  },
  proc: {
    en: "A proc is mounted with power over the pid namespace it shows: add --pid and --fork. In a user namespace it takes a proc that nothing covers, besides.",
    fr: "Un proc se monte avec les droits sur l'espace de noms pid qu'il montre : ajoutez --pid et --fork. Dans un espace de noms utilisateur, il faut en plus un proc que rien ne recouvre.",
  },
  groups: {
    en: "In a user namespace setgroups(2) works once gid_map is written by a helper (--map-groups, --map-auto): a map of one own group gives it up.",
    fr: "Dans un espace de noms utilisateur, setgroups(2) fonctionne quand gid_map est écrit par une aide (--map-groups, --map-auto) : la correspondance d'un seul groupe y renonce.",
  },
  owner: {
    en: "To make another the owner takes CAP_SETUID and CAP_SETGID, and both ids have to be mapped in the caller's user namespace.",
    fr: "Désigner un autre propriétaire exige CAP_SETUID et CAP_SETGID, et les deux identifiants doivent avoir une correspondance dans l'espace de noms utilisateur de l'appelant.",
  },
  ids: {
    en: "The id has to be mapped inside: --map-users, --map-groups or --map-auto.",
    fr: "L'identifiant doit avoir une correspondance à l'intérieur : --map-users, --map-groups ou --map-auto.",
  },
  "fork-dead": {
    en: "The first process of the new pid namespace has ended; no other can be made in it.",
    fr: "Le premier processus du nouvel espace de noms pid est terminé ; aucun autre ne peut y être créé.",
  },
} as const satisfies Record<string, Text>;
export type RunHint = keyof typeof RUN_HINTS;

/** The same for `createNamespaces`, where there are no options to name. */
export const CREATE_HINTS: Partial<Record<RunHint, Text>> = {
  "needs-user": {
    en: 'With "user" among the kinds anybody may make the others.',
    fr: "Avec « user » parmi les types, chacun peut créer les autres.",
  },
  "own-map": {
    en: "Without privileges only the caller's own uid and gid can be mapped. More takes newuidmap(1), and a line in /etc/subuid.",
    fr: "Sans privilèges, seuls l'uid et le gid de l'appelant peuvent recevoir une correspondance. Pour plus : newuidmap(1) et une ligne dans /etc/subuid.",
  },
};

/** What is said of the command itself. */
export const RUN_EXEC = {
  "cannot-execute": {
    en: ({ command }) => `failed to execute ${command}`,
    fr: ({ command }) => `échec d'exécution de ${command}`,
  } satisfies Sentence<{ command: string }>,
} as const;

/** The words around the steps of `run --dry-run`; those of enter's do for the rest. */
export const RUN_DRY = {
  heading: { en: "What run would do, in this order:", fr: "Ce que ferait run, dans cet ordre :" },
  outside: { en: "in a helper that stays outside", fr: "dans une aide qui reste à l'extérieur" },
  parent: { en: "in the process that waits", fr: "dans le processus qui attend" },
  run: {
    en: ({ command }) => `run ${command}`,
    fr: ({ command }) => `lancer ${command}`,
  } satisfies Sentence<{ command: string }>,
} as const;
