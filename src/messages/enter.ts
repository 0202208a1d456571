import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What each step on the way into namespaces does, for `enter --dry-run`. Values are safe to print. */
export const DEEDS = {
  "early-groups": {
    en: "give up supplementary groups, if that may be done here",
    fr: "abandonner les groupes supplémentaires, si c'est permis ici",
  } satisfies Text,
  join: {
    en: ({ what, call }) => `join ${what}: ${call}`,
    fr: ({ what, call }) => `rejoindre ${what} : ${call}`,
  } satisfies Sentence<{ what: string; call: string }>,
  root: {
    en: ({ dir }) => `make ${dir} the root: fchdir, chroot`,
    fr: ({ dir }) => `faire de ${dir} la racine : fchdir, chroot`,
  } satisfies Sentence<{ dir: string }>,
  folder: {
    en: ({ dir }) => `go to ${dir}, opened before: fchdir`,
    fr: ({ dir }) => `aller dans ${dir}, ouvert auparavant : fchdir`,
  } satisfies Sentence<{ dir: string }>,
  stay: {
    en: "go back to the working directory from before the change of root: fchdir",
    fr: "revenir au répertoire courant d'avant le changement de racine : fchdir",
  } satisfies Text,
  "folder-inside": {
    en: ({ dir }) => `go to ${dir}, as it is found there: chdir`,
    fr: ({ dir }) => `aller dans ${dir}, tel qu'il est là-bas : chdir`,
  } satisfies Sentence<{ dir: string }>,
  cgroup: {
    en: ({ dir }) => `move to the control group ${dir}: write cgroup.procs`,
    fr: ({ dir }) => `passer dans le groupe de contrôle ${dir} : écriture de cgroup.procs`,
  } satisfies Sentence<{ dir: string }>,
  fork: {
    en: "fork: the child is in the pid namespace, nsatlas waits and ends as it does",
    fr: "fork : l'enfant est dans l'espace de noms pid, nsatlas attend et se termine comme lui",
  } satisfies Text,
  "mount-proc": {
    en: ({ dir }) => `mount proc at ${dir}, in a mount namespace of the command's own: unshare, mount`,
    fr: ({ dir }) => `monter proc sur ${dir}, dans un espace de noms de montage propre à la commande : unshare, mount`,
  } satisfies Sentence<{ dir: string }>,
  groups: {
    en: ({ groups }) => `set supplementary groups to ${groups}: setgroups`,
    fr: ({ groups }) => `prendre pour groupes supplémentaires ${groups} : setgroups`,
  } satisfies Sentence<{ groups: string }>,
  gid: {
    en: ({ id }) => `take gid ${id}: setgid`,
    fr: ({ id }) => `prendre le gid ${id} : setgid`,
  } satisfies Sentence<{ id: string }>,
  uid: {
    en: ({ id }) => `take uid ${id}: setuid`,
    fr: ({ id }) => `prendre l'uid ${id} : setuid`,
  } satisfies Sentence<{ id: string }>,
  "keep-caps": {
    en: "keep the capabilities across the exec: ambient set",
    fr: "garder les capacités à travers l'exec : ensemble ambient",
  } satisfies Text,
  "no-new-privs": {
    en: "gain no privileges from now on: no_new_privs",
    fr: "ne plus gagner de privilèges dorénavant : no_new_privs",
  } satisfies Text,
} as const;

/** Why it cannot be told what a step will give. */
export const UNFORESEEN = {
  lineage: {
    en: "the kernel did not say who owns the namespace, or what is above it",
    fr: "le noyau n'a pas dit à qui est l'espace de noms, ni ce qu'il y a au-dessus",
  },
  "id-maps": {
    en: "the id maps of the user namespace are read through a process in it, and none is the target",
    fr: "les tables d'identifiants de l'espace de noms utilisateur se lisent par un processus qui y est, et la cible n'en est pas un",
  },
  "no-process-1": {
    en: "the pid namespace shows no process 1: if it had one, it is dead, and fork gives ENOMEM",
    fr: "l'espace de noms pid ne montre pas de processus 1 : s'il en a eu un, il est mort et fork donne ENOMEM",
  },
  "path-inside": {
    en: "the path is looked up inside, which is not done before",
    fr: "le chemin se cherche à l'intérieur, ce qui ne se fait pas avant",
  },
  mounts: {
    en: "what may be mounted where is decided by the mounts that are there",
    fr: "ce qui se monte, et où, dépend des montages qui y sont",
  },
  "subid-files": {
    en: "newuidmap and newgidmap decide by their own files",
    fr: "newuidmap et newgidmap décident d'après leurs propres fichiers",
  },
  clock: {
    en: "how far a clock may be moved depends on what it reads then",
    fr: "de combien une horloge peut être décalée dépend de ce qu'elle indique alors",
  },
  cgroup: {
    en: "who may move a process is decided when cgroup.procs is written",
    fr: "le droit de déplacer un processus se décide à l'écriture de cgroup.procs",
  },
  "proc-revealing": {
    en: "in a user namespace below the initial one, proc is mounted only where an uncovered one is to be seen",
    fr: "sous l'espace de noms utilisateur initial, proc ne se monte que là où l'on en voit un qui n'est pas recouvert",
  },
} as const satisfies Record<string, Text>;
export type Unforeseen = keyof typeof UNFORESEEN;

/** The answer of `enter --dry-run`, and the words around it. */
export const ENTER_DRY = {
  heading: { en: "What enter would do, in this order:", fr: "Ce que ferait enter, dans cet ordre :" },
  run: {
    en: ({ command }) => `run ${command}, looked for there: execve`,
    fr: ({ command }) => `lancer ${command}, cherché là-bas : execve`,
  } satisfies Sentence<{ command: string }>,
  yes: { en: "yes", fr: "oui" },
  no: { en: "no", fr: "non" },
  unknown: { en: "unknown", fr: "inconnu" },
  "all-yes": {
    en: "Yes: the rules refuse none of these steps.",
    fr: "Oui : les règles ne refusent aucune de ces étapes.",
  },
  "timed-out": {
    en: ({ seconds }) => `the command ran longer than ${seconds} s, and was ended.`,
    fr: ({ seconds }) => `la commande a duré plus de ${seconds} s ; elle a été arrêtée.`,
  } satisfies Sentence<{ seconds: number }>,
  "some-no": {
    en: ({ step }) => `No: step ${step} is refused.`,
    fr: ({ step }) => `Non : l'étape ${step} est refusée.`,
  } satisfies Sentence<{ step: number }>,
  "some-unknown": {
    en: ({ step }) => `Unknown: it hangs on step ${step}.`,
    fr: ({ step }) => `Inconnu : cela dépend de l'étape ${step}.`,
  } satisfies Sentence<{ step: number }>,
} as const;

/** What is wrong with the options of enter, taken together. */
export const ENTER_USAGE = {
  "no-namespace": {
    en: "No namespace is named: -t PID with -a or kinds (-n, -m, …), --ns REF, or a kind with =FILE.",
    fr: "Aucun espace de noms n'est nommé : -t PID avec -a ou des types (-n, -m, …), --ns REF, ou un type avec =FICHIER.",
  },
  "no-target": {
    en: ({ option }) => `${option} needs a process: --target PID.`,
    fr: ({ option }) => `${option} demande un processus : --target PID.`,
  } satisfies Sentence<{ option: string }>,
  "kind-twice": {
    en: ({ kind }) => `Two ${kind} namespaces are named; one process is in one of each kind.`,
    fr: ({ kind }) => `Deux espaces de noms ${kind} sont nommés ; un processus est dans un seul de chaque type.`,
  } satisfies Sentence<{ kind: NamespaceKind }>,
  "no-selinux": {
    en: "enter does not set SELinux contexts: --follow-context (-Z) is left out on purpose.",
    fr: "enter ne règle pas les contextes SELinux : --follow-context (-Z) n'est pas repris, à dessein.",
  },
  "selinux-instead": {
    en: '"runcon $(cat /proc/PID/attr/current) CMD" does that for a command.',
    fr: "« runcon $(cat /proc/PID/attr/current) CMD » fait cela pour une commande.",
  },
  "other-process": {
    en: ({ pid, inode }) => `Process ${pid} is not the one with pidfd inode ${inode}: that one has ended.`,
    fr: ({ pid, inode }) =>
      `Le processus ${pid} n'est pas celui dont le pidfd a l'inode ${inode} : celui-là est terminé.`,
  } satisfies Sentence<{ pid: number; inode: string }>,
  "no-pidfd-inode": {
    en: "PID:INODE needs a kernel whose pidfds have inodes of their own: Linux 6.9.",
    fr: "PID:INODE demande un noyau dont les pidfd ont leur propre inode : Linux 6.9.",
  },
  "no-cgroup2": {
    en: "--join-cgroup works with control groups of version 2, and /sys/fs/cgroup is none.",
    fr: "--join-cgroup demande les groupes de contrôle version 2, et /sys/fs/cgroup n'en est pas.",
  },
  "unknown-user": {
    en: ({ name }) => `There is no user "${name}" in /etc/passwd.`,
    fr: ({ name }) => `Il n'y a pas d'utilisateur « ${name} » dans /etc/passwd.`,
  } satisfies Sentence<{ name: string }>,
  "unknown-group": {
    en: ({ name }) => `There is no group "${name}" in /etc/group.`,
    fr: ({ name }) => `Il n'y a pas de groupe « ${name} » dans /etc/group.`,
  } satisfies Sentence<{ name: string }>,
  "follow-unmapped": {
    en: ({ id }) => `The target's ${id} has no number in the user namespace that is entered.`,
    fr: ({ id }) => `${id} de la cible n'a pas de numéro dans l'espace de noms utilisateur rejoint.`,
  } satisfies Sentence<{ id: string }>,
  "nothing-matches": {
    en: "No namespace passes the filter of --all-matching.",
    fr: "Aucun espace de noms ne passe le filtre de --all-matching.",
  },
} as const;

/** What an option's value should have been; completes "… is not …". */
export const ENTER_EXPECTED = {
  target: { en: "PID or PID:INODE", fr: "PID ou PID:INODE" },
  id: {
    en: 'an id from 0 to 4294967294, a name, or "follow"',
    fr: "un identifiant de 0 à 4294967294, un nom ou « follow »",
  },
  groups: {
    en: 'ids and names with commas between, "follow", "keep" or "none"',
    fr: "des identifiants et des noms séparés par des virgules, « follow », « keep » ou « none »",
  },
  descriptor: { en: "the number of a descriptor", fr: "le numéro d'un descripteur" },
} as const satisfies Record<string, Text>;

/** Lines of --all-matching. */
export const ENTER_MANY = {
  exit: {
    en: ({ code }) => `ended with exit status ${code}.`,
    fr: ({ code }) => `s'est terminée avec le code de retour ${code}.`,
  } satisfies Sentence<{ code: number }>,
  signal: {
    en: ({ signal }) => `was ended by ${signal}.`,
    fr: ({ signal }) => `a été arrêtée par ${signal}.`,
  } satisfies Sentence<{ signal: string }>,
  summary: {
    en: ({ ran, failed }) => `${ran} namespaces, ${failed} with another exit status than 0.`,
    fr: ({ ran, failed }) => `${ran} espaces de noms, ${failed} avec un autre code de retour que 0.`,
  } satisfies Sentence<{ ran: number; failed: number }>,
} as const;
