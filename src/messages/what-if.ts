import type { Sentence, Text } from "./sentence.ts";

/** What is wrong with the words of `what-if`. `word` is as it was typed. */
export const WHAT_IF_FAULTS = {
  "no-calls": {
    en: () => "No call is given.",
    fr: () => "Aucun appel n'est donné.",
  },
  "open-quote": {
    en: ({ word }) => `The quotation that ${word} begins has no end.`,
    fr: ({ word }) => `La citation que ${word} ouvre n'a pas de fin.`,
  },
  missing: {
    en: ({ word, expected }) => `After "${word}", ${expected} is missing.`,
    fr: ({ word, expected }) => `Après « ${word} » il manque ${expected}.`,
  },
  extra: {
    en: ({ word }) => `"${word}" is one word too many.`,
    fr: ({ word }) => `« ${word} » est un mot de trop.`,
  },
  unlike: {
    en: ({ word, expected }) => `"${word}" is not ${expected}.`,
    fr: ({ word, expected }) => `« ${word} » n'est pas ${expected}.`,
  },
  taken: {
    en: ({ word }) => `There is a process "${word}" already.`,
    fr: ({ word }) => `Il y a déjà un processus « ${word} ».`,
  },
  ended: {
    en: ({ word }) => `"${word}" has ended by then, and makes no calls.`,
    fr: ({ word }) => `« ${word} » est alors terminé et ne fait plus d'appels.`,
  },
  waiting: {
    en: ({ word }) => `"${word}" waits for its child of CLONE_VFORK by then, and makes no calls.`,
    fr: ({ word }) => `« ${word} » attend alors son enfant de CLONE_VFORK et ne fait pas d'appels.`,
  },
  "kernel-thread": {
    en: ({ word }) => `"${word}" is a thread of the kernel, which makes no calls.`,
    fr: ({ word }) => `« ${word} » est un fil du noyau, qui ne fait pas d'appels.`,
  },
  outside: {
    en: ({ word }) => `"${word}" is the machine's first process, which makes no calls.`,
    fr: ({ word }) => `« ${word} » est le premier processus de la machine, qui ne fait pas d'appels.`,
  },
} as const satisfies Record<string, Sentence<{ word: string; expected: string }>>;
export type WhatIfFault = keyof typeof WHAT_IF_FAULTS;

/** What a word should have been; completes "… is not …" and "… is missing". */
export const WHAT_IF_EXPECTED = {
  call: { en: "a call", fr: "un appel" },
  file: {
    en: "a namespace, a link of a process (NAME/net) or a descriptor (fd:3)",
    fr: "un espace de noms, un lien d'un processus (NOM/net) ou un descripteur (fd:3)",
  },
  "file-to-open": {
    en: "a link or a map file of a process (NAME/net, NAME/uid_map)",
    fr: "un lien ou un fichier de correspondance d'un processus (NOM/net, NOM/uid_map)",
  },
  descriptor: { en: "a descriptor (fd:3)", fr: "un descripteur (fd:3)" },
  "file-to-read": {
    en: "a descriptor (fd:3), NAME/status or NAME/timens_offsets",
    fr: "un descripteur (fd:3), NOM/status ou NOM/timens_offsets",
  },
  "open-flag": { en: "a flag of open (O_PATH)", fr: "un drapeau de open (O_PATH)" },
  family: { en: "AF_UNIX or AF_INET", fr: "AF_UNIX ou AF_INET" },
  "socket-option": { en: "SO_PEERPIDFD or SO_NETNS_COOKIE", fr: "SO_PEERPIDFD ou SO_NETNS_COOKIE" },
  "handle-root": {
    en: "a descriptor, FD_NSFS_ROOT, FD_PIDFS_ROOT or AT_FDCWD",
    fr: "un descripteur, FD_NSFS_ROOT, FD_PIDFS_ROOT ou AT_FDCWD",
  },
  "clone-setting": { en: "set_tid=N,… or exit_signal=N", fr: "set_tid=N,… ou exit_signal=N" },
  signal: { en: "SIGKILL or 0", fr: "SIGKILL ou 0" },
  link: { en: "a link under /proc/PID/ns", fr: "un lien de /proc/PID/ns" },
  access: { en: "one of read, write, both", fr: "l'un de read, write, both" },
  "map-file": { en: "a map file (uid_map, NAME/uid_map)", fr: "un fichier de correspondance (uid_map, NOM/uid_map)" },
  number: { en: "a whole number of 32 bits", fr: "un entier de 32 bits" },
  id: { en: "an id, a whole number of 32 bits", fr: "un identifiant, un entier de 32 bits" },
  text: { en: "a text", fr: "un texte" },
  path: { en: "a path", fr: "un chemin" },
  kind: { en: "a kind of namespace", fr: "un type d'espace de noms" },
  "clone-flag": { en: "a kind of namespace or a CLONE_ flag", fr: "un type d'espace de noms ou un drapeau CLONE_" },
  "pidfd-flag": { en: "a flag of pidfd_open", fr: "un drapeau de pidfd_open" },
  "fcntl-command": { en: "F_GETFD or F_GETFL", fr: "F_GETFD ou F_GETFL" },
  request: { en: "an ioctl of namespaces or pidfds", fr: "un ioctl d'espaces de noms ou de pidfd" },
  capability: { en: "a capability, all or none", fr: "une capacité, all ou none" },
  prctl: { en: "an operation of prctl that is known here", fr: "une opération de prctl connue ici" },
  sysctl: { en: "a limit (max_net_namespaces) or pid_max", fr: "une limite (max_net_namespaces) ou pid_max" },
  as: { en: '"as NAME"', fr: "« as NOM »" },
  "new-name": {
    en: "a name of letters, digits, dots, dashes and underscores",
    fr: "un nom fait de lettres, chiffres, points, tirets et soulignés",
  },
  process: { en: "a process of this world at that point", fr: "un processus de ce monde à ce moment" },
  namespace: { en: "a namespace of this world at that point", fr: "un espace de noms de ce monde à ce moment" },
} as const satisfies Record<string, Text>;
export type WhatIfExpected = keyof typeof WHAT_IF_EXPECTED;

/** Where in the calls a fault is. */
export const WHAT_IF_HINTS = {
  form: {
    en: ({ form }) => `It is written: ${form}`,
    fr: ({ form }) => `Cela s'écrit : ${form}`,
  } satisfies Sentence<{ form: string }>,
} as const;

/** What `--kernel` takes. */
export const WHAT_IF_KERNEL: Text = {
  en: "a kernel release like 6.1, or a kernel that was posted",
  fr: "une version du noyau comme 6.1, ou un noyau proposé",
};

/** What is said of each call. Names are safe to print. */
export const WHAT_IF = {
  returns: { en: ({ value }) => `returns ${value}`, fr: ({ value }) => `renvoie ${value}` } satisfies Sentence<{
    value: string;
  }>,
  unknown: {
    en: ({ why }) => `unknown, because ${why}`,
    fr: ({ why }) => `inconnu, car ${why}`,
  } satisfies Sentence<{ why: string }>,
  provided: {
    en: ({ that }) => `provided that ${that}`,
    fr: ({ that }) => `pourvu que ceci soit vrai : ${that}`,
  } satisfies Sentence<{ that: string }>,
  "new-descriptor": {
    en: ({ fd, target }) => `a descriptor, here fd:${fd} (${target})`,
    fr: ({ fd, target }) => `un descripteur, ici fd:${fd} (${target})`,
  } satisfies Sentence<{ fd: string; target: string }>,
  "new-number": { en: "a new number", fr: "un nouveau numéro" } satisfies Text,
  "not-opened": {
    en: ({ link }) => `the link ${link} could not be opened`,
    fr: ({ link }) => `le lien ${link} n'a pas pu être ouvert`,
  } satisfies Sentence<{ link: string }>,
  "no-reason": { en: "no reason is known", fr: "aucune raison n'est connue" } satisfies Text,
  pidfd: { en: ({ name }) => `the process ${name}`, fr: ({ name }) => `le processus ${name}` } satisfies Sentence<{
    name: string;
  }>,
  "map-file": {
    en: ({ namespace }) => `a map file of ${namespace}`,
    fr: ({ namespace }) => `un fichier de correspondance de ${namespace}`,
  } satisfies Sentence<{ namespace: string }>,
  "other-file": { en: "no namespace's file", fr: "un fichier sans espace de noms" } satisfies Text,
  appeared: {
    en: ({ name, owner }) => `${name} appears, owned by ${owner}`,
    fr: ({ name, owner }) => `${name} apparaît, propriété de ${owner}`,
  } satisfies Sentence<{ name: string; owner: string }>,
  "appeared-below": {
    en: ({ name, parent, owner }) =>
      parent === owner
        ? `${name} appears, child of ${parent}`
        : `${name} appears, child of ${parent}, owned by ${owner}`,
    fr: ({ name, parent, owner }) =>
      parent === owner
        ? `${name} apparaît, enfant de ${parent}`
        : `${name} apparaît, enfant de ${parent}, propriété de ${owner}`,
  } satisfies Sentence<{ name: string; parent: string; owner: string }>,
  started: {
    en: ({ process }) => `${process} starts`,
    fr: ({ process }) => `${process} démarre`,
  } satisfies Sentence<{ process: string }>,
  link: {
    en: ({ link, to }) => `${link} leads to ${to}`,
    fr: ({ link, to }) => `${link} mène à ${to}`,
  } satisfies Sentence<{ link: string; to: string }>,
  "link-moved": {
    en: ({ link, from, to }) => `${link} leads to ${to}, no longer to ${from}`,
    fr: ({ link, from, to }) => `${link} mène à ${to}, et non plus à ${from}`,
  } satisfies Sentence<{ link: string; from: string; to: string }>,
  uid: {
    en: ({ process, from, to }) => `${process} has the effective uid ${to}, before ${from}`,
    fr: ({ process, from, to }) => `${process} a l'uid effectif ${to}, avant ${from}`,
  } satisfies Sentence<{ process: string; from: number; to: number }>,
  capabilities: {
    en: ({ process, set }) => `${process} has ${set} effective`,
    fr: ({ process, set }) => `${process} a effectivement ${set}`,
  } satisfies Sentence<{ process: string; set: string }>,
  "all-capabilities": { en: "all capabilities", fr: "toutes les capacités" } satisfies Text,
  "no-capability": { en: "no capability", fr: "aucune capacité" } satisfies Text,
  "some-capabilities": {
    en: ({ count }) => `${count} capabilities`,
    fr: ({ count }) => `${count} capacités`,
  } satisfies Sentence<{ count: number }>,
  map: {
    en: ({ namespace, file }) => `${namespace} has its ${file}`,
    fr: ({ namespace, file }) => `${namespace} a son ${file}`,
  } satisfies Sentence<{ namespace: string; file: string }>,
  exited: {
    en: ({ process }) => `${process} ends`,
    fr: ({ process }) => `${process} se termine`,
  } satisfies Sentence<{ process: string }>,
  ended: {
    en: ({ name }) => `${name} ends: nothing holds it any more`,
    fr: ({ name }) => `${name} prend fin : plus rien ne le retient`,
  } satisfies Sentence<{ name: string }>,
} as const;

/** Of this machine, or of a snapshot. */
export const SEEN_WORLD = {
  "no-such-process": {
    en: ({ name }) => `--as: "${name}" is no process that was seen.`,
    fr: ({ name }) => `--as : « ${name} » n'est aucun processus qui ait été vu.`,
  } satisfies Sentence<{ name: string }>,
} as const;
