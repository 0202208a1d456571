import { plural, pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** One step of a path; `who` takes it, `what` is a namespace or a process. */
export const REACH_STEPS = {
  raise: {
    en: ({ who }) => `${who} raises the capabilities it is permitted (capset)`,
    fr: ({ who }) => `${who} active les capacités qui lui sont permises (capset)`,
  },
  become: {
    en: ({ who, what }) => `${who} becomes ${what} and keeps its capabilities (setresuid, setresgid)`,
    fr: ({ who, what }) => `${who} devient ${what} et garde ses capacités (setresuid, setresgid)`,
  },
  execute: {
    en: ({ who }) => `${who} starts a program and has what its bounding set leaves (execve)`,
    fr: ({ who }) => `${who} lance un programme et a ce que laisse son jeu limite (execve)`,
  },
  "take-over": {
    en: ({ who, what }) => `${who} attaches to ${what} (ptrace) and acts as it`,
    fr: ({ who, what }) => `${who} s'attache à ${what} (ptrace) et agit à sa place`,
  },
  link: {
    en: ({ who, what, through }) => `${who} joins ${what} through ${through} (setns)`,
    fr: ({ who, what, through }) => `${who} rejoint ${what} par ${through} (setns)`,
  },
  taken: {
    en: ({ who, what, through }) => `${who} takes ${through} (pidfd_getfd) and joins ${what} by it (setns)`,
    fr: ({ who, what, through }) => `${who} prend ${through} (pidfd_getfd) et rejoint ${what} par là (setns)`,
  },
  look: {
    en: ({ who, what, through }) => `${who} sees the files of ${what} under ${through}`,
    fr: ({ who, what, through }) => `${who} voit les fichiers de ${what} sous ${through}`,
  },
  unshare: {
    en: ({ who }) => `${who} makes a user namespace, in which it has every capability (unshare)`,
    fr: ({ who }) => `${who} crée un espace utilisateur, où il a toutes les capacités (unshare)`,
  },
} as const satisfies Record<string, Sentence<{ who: string; what: string; through: string }>>;

/** What lets it; completes the sentence of the step. */
export const REACH_REASONS = {
  "same-ids": {
    en: () => "it has the same ids, and no capability less",
    fr: () => "il a les mêmes identifiants, et aucune capacité de moins",
  },
  capability: {
    en: ({ user }) => `by its capabilities in ${user}`,
    fr: ({ user }) => `par ses capacités dans ${user}`,
  },
  owner: {
    en: ({ user }) => `as owner of ${user}`,
    fr: ({ user }) => `comme propriétaire de ${user}`,
  },
  root: {
    en: ({ user }) => `as root of ${user}`,
    fr: ({ user }) => `comme root de ${user}`,
  },
  itself: { en: () => "it needs no leave for that", fr: () => "il n'y faut aucune permission" },
} as const satisfies Record<string, Sentence<{ user: string }>>;

/** What `reach` says around the paths. */
export const REACH = {
  initial: {
    yes: {
      en: ({ who, count }) =>
        count === 0
          ? `${who} has CAP_SYS_ADMIN in the initial user namespace.`
          : `${who} reaches the initial user namespace with CAP_SYS_ADMIN, in ${plural(count, "step", "steps")}.`,
      fr: ({ who, count }) =>
        count === 0
          ? `${who} a CAP_SYS_ADMIN dans l'espace utilisateur initial.`
          : `${who} atteint l'espace utilisateur initial avec CAP_SYS_ADMIN, en ${pluriel(count, "pas", "pas")}.`,
    },
    no: {
      en: ({ who }) => `${who} does not reach CAP_SYS_ADMIN in the initial user namespace.`,
      fr: ({ who }) => `${who} n'atteint pas CAP_SYS_ADMIN dans l'espace utilisateur initial.`,
    },
    unknown: {
      en: ({ who }) => `Whether ${who} reaches CAP_SYS_ADMIN in the initial user namespace is unknown.`,
      fr: ({ who }) => `Si ${who} atteint CAP_SYS_ADMIN dans l'espace utilisateur initial est inconnu.`,
    },
  } satisfies Record<"yes" | "no" | "unknown", Sentence<{ who: string; count: number }>>,
  unshare: {
    yes: {
      en: "It may make a user namespace of its own, and namespaces of each kind in it (unshare).",
      fr: "Il peut créer son propre espace utilisateur, et y créer des espaces de chaque type (unshare).",
    },
    // One of pid hangs from its own, whose owner has to be its user namespace or lie above that.
    withoutPid: {
      en: "It may make a user namespace of its own, and namespaces of each kind but pid in it (unshare).",
      fr: "Il peut créer son propre espace utilisateur, et y créer des espaces de chaque type sauf pid (unshare).",
    },
    no: {
      en: "It may not make a user namespace of its own (unshare).",
      fr: "Il ne peut pas créer son propre espace utilisateur (unshare).",
    },
    unknown: {
      en: "Whether it may make a user namespace of its own is unknown (unshare).",
      fr: "S'il peut créer son propre espace utilisateur est inconnu (unshare).",
    },
  } satisfies Record<"yes" | "withoutPid" | "no" | "unknown", Text>,
  has: {
    en: ({ count }) => `Without a step (${plural(count, "namespace", "namespaces")}):`,
    fr: ({ count }) => `Sans aucun pas (${pluriel(count, "espace", "espaces")}) :`,
  } satisfies Sentence<{ count: number }>,
  paths: {
    en: ({ count, length }) => `In ${plural(length, "step", "steps")} (${plural(count, "namespace", "namespaces")}):`,
    fr: ({ count, length }) => `En ${length} pas (${pluriel(count, "espace", "espaces")}) :`,
  } satisfies Sentence<{ count: number; length: number }>,
  inside: { en: "in it", fr: "dedans" } satisfies Text,
  admin: { en: "with CAP_SYS_ADMIN over it", fr: "avec CAP_SYS_ADMIN dessus" } satisfies Text,
  look: { en: "its files", fr: "ses fichiers" } satisfies Text,
  nothing: {
    en: "It reaches no further namespace.",
    fr: "Il n'atteint aucun autre espace.",
  } satisfies Text,
  cut: {
    en: "There may be more: longer paths were not looked for (--depth).",
    fr: "Il y en a peut-être d'autres : les chemins plus longs n'ont pas été cherchés (--depth).",
  } satisfies Text,
  untaken: {
    en: ({ count }) => `Not taken, since evidence is missing (${plural(count, "step", "steps")}):`,
    fr: ({ count }) => `Pas tentés, faute de preuves (${count} pas) :`,
  } satisfies Sentence<{ count: number }>,
  times: {
    en: ({ count }) => `(${count} steps)`,
    fr: ({ count }) => `(${count} pas)`,
  } satisfies Sentence<{ count: number }>,
  untakenBy: { en: ({ who }) => `${who}:`, fr: ({ who }) => `${who} :` } satisfies Sentence<{ who: string }>,
  more: { en: ({ count }) => `and ${count} more`, fr: ({ count }) => `et ${count} de plus` } satisfies Sentence<{
    count: number;
  }>,
  beyond: {
    en: "Not looked for: programs with set-id bits or file capabilities, other /proc mounts, sockets over which descriptors come, and whatever a process does when it is asked to.",
    fr: "Non cherché : programmes à bits set-id ou à capacités de fichier, autres montages de /proc, sockets par où viennent des descripteurs, et ce qu'un processus fait quand on le lui demande.",
  } satisfies Text,
} as const;
