import type { Sentence, Text } from "./sentence.ts";

/** What `caps` says at last. `who` is a process, `namespace` what was asked about. */
export const CAPS = {
  all: {
    en: ({ who, namespace }) => `${who} has every capability over ${namespace}.`,
    fr: ({ who, namespace }) => `${who} a toutes les capacités sur ${namespace}.`,
  },
  effective: {
    en: ({ who, namespace }) => `${who} has the capabilities of its effective set over ${namespace}.`,
    fr: ({ who, namespace }) => `${who} a les capacités de son jeu effectif sur ${namespace}.`,
  },
  none: {
    en: ({ who, namespace }) => `${who} has no capability over ${namespace}.`,
    fr: ({ who, namespace }) => `${who} n'a aucune capacité sur ${namespace}.`,
  },
  "at-least-effective": {
    en: ({ who, namespace }) =>
      `${who} has the capabilities of its effective set over ${namespace}; whether it has the others is unknown.`,
    fr: ({ who, namespace }) =>
      `${who} a les capacités de son jeu effectif sur ${namespace} ; s'il a les autres est inconnu.`,
  },
  "at-most-effective": {
    en: ({ who, namespace }) =>
      `Whether ${who} has the capabilities of its effective set over ${namespace} is unknown; it has no others.`,
    fr: ({ who, namespace }) =>
      `Si ${who} a les capacités de son jeu effectif sur ${namespace} est inconnu ; il n'en a pas d'autres.`,
  },
  unknown: {
    en: ({ who, namespace }) => `Which capabilities ${who} has over ${namespace} is unknown.`,
    fr: ({ who, namespace }) => `On ne sait pas quelles capacités ${who} a sur ${namespace}.`,
  },
} as const satisfies Record<string, Sentence<{ who: string; namespace: string }>>;

/** Headings and remarks around it. */
export const CAPS_WORDS = {
  proof: { en: "How the kernel comes to that:", fr: "Comment le noyau en arrive là :" } satisfies Text,
  missing: { en: "What is missing for more:", fr: "Ce qui manque pour en savoir plus :" } satisfies Text,
  sets: {
    en: "Its sets, which count in its own user namespace and in those below:",
    fr: "Ses jeux, qui comptent dans son espace utilisateur et dans ceux d'en dessous :",
  } satisfies Text,
  unreadSets: {
    en: "Its capability sets were not read.",
    fr: "Ses jeux de capacités n'ont pas été lus.",
  } satisfies Text,
  effective: { en: "EFFECTIVE", fr: "EFFECTIF" },
  permitted: { en: "PERMITTED", fr: "PERMIS" },
  inheritable: { en: "INHERITABLE", fr: "HÉRITABLE" },
  bounding: { en: "BOUNDING", fr: "LIMITE" },
  ambient: { en: "AMBIENT", fr: "AMBIANT" },
  capabilities: { en: "CAPABILITIES", fr: "CAPACITÉS" },
  yes: { en: "yes", fr: "oui" },
  others: {
    en: ({ count }) => `the other ${count}`,
    fr: ({ count }) => `les ${count} autres`,
  } satisfies Sentence<{ count: number }>,
  everyOne: {
    en: ({ count }) => `all ${count}`,
    fr: ({ count }) => `toutes les ${count}`,
  } satisfies Sentence<{ count: number }>,
  later: {
    en: ({ bits }) => `bits that this nsatlas has no name for: ${bits}`,
    fr: ({ bits }) => `bits pour lesquels ce nsatlas n'a pas de nom : ${bits}`,
  } satisfies Sentence<{ bits: string }>,
  mayDeny: {
    en: "May still deny, or take away at the next execve:",
    fr: "Peut encore refuser, ou retirer au prochain execve :",
  },
} as const;

/** What else the kernel asks, whatever the capabilities. */
export const RESTRAINTS = {
  ended: {
    en: () => "the process has ended: it does nothing any more",
    fr: () => "le processus est terminé : il ne fait plus rien",
  },
  "no-new-privs": {
    en: ({ value }) => (value === "1" ? "no_new_privs is set: execve gives it no more" : "no_new_privs is not set"),
    fr: ({ value }) =>
      value === "1" ? "no_new_privs est mis : execve ne lui donne rien de plus" : "no_new_privs n'est pas mis",
  },
  "no-new-privs-unread": {
    en: () => "whether no_new_privs is set was not read",
    fr: () => "si no_new_privs est mis n'a pas été lu",
  },
  seccomp: {
    en: ({ value }) =>
      value === "0"
        ? "seccomp is off"
        : value === "1"
          ? "seccomp is strict: it may read, write and exit, nothing else"
          : "seccomp filters its calls: any of them may be refused",
    fr: ({ value }) =>
      value === "0"
        ? "seccomp n'est pas actif"
        : value === "1"
          ? "seccomp est strict : il peut lire, écrire et finir, rien d'autre"
          : "seccomp filtre ses appels : chacun peut être refusé",
  },
  "seccomp-unread": {
    en: () => "whether seccomp filters its calls was not read",
    fr: () => "si seccomp filtre ses appels n'a pas été lu",
  },
  label: {
    en: ({ value }) => `a security module calls it ${value}, and has rules of its own`,
    fr: ({ value }) => `un module de sécurité l'appelle ${value}, et a ses propres règles`,
  },
  "yama-unread": {
    en: () => "whether Yama (kernel.yama.ptrace_scope) keeps it from attaching was not read",
    fr: () => "si Yama (kernel.yama.ptrace_scope) l'empêche de s'attacher n'a pas été lu",
  },
  securebits: {
    en: () => "no file tells its securebits; they matter when it changes its ids or calls execve",
    fr: () => "aucun fichier ne donne ses securebits ; ils comptent quand il change d'identité ou appelle execve",
  },
} as const satisfies Record<string, Sentence<{ value: string }>>;
export type RestraintName = keyof typeof RESTRAINTS;
