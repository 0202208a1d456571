import type { ErrnoName } from "../abi/errnos.ts";
import type { Sentence, Text } from "./sentence.ts";

/** Something that was not looked into, and what would show it. */
export const GAP: Sentence<{ what: string; shownBy: string }> = {
  en: ({ what, shownBy }) => `${what}: ${shownBy}`,
  fr: ({ what, shownBy }) => `${what} : ${shownBy}`,
};

/** Of files on paths that were closed (EACCES): by their folders, or by whose root they lie below. */
export const SHOWN_ON_PATH = {
  en: "CAP_DAC_READ_SEARCH where a folder is closed, CAP_SYS_PTRACE where they lie below another process's root",
  fr: "CAP_DAC_READ_SEARCH où un dossier est fermé, CAP_SYS_PTRACE où ils sont sous la racine d'un autre processus",
} as const satisfies Text;

/** What would show what was refused, by errno. */
export const SHOWN_TO = {
  EACCES: {
    en: "CAP_SYS_PTRACE over these processes, as root has it outside of containers",
    fr: "CAP_SYS_PTRACE sur ces processus, comme root l'a hors des conteneurs",
  },
  EPERM: {
    en: "root, in a user and a pid namespace that all of them lie in",
    fr: "root, dans un espace de noms utilisateur et pid où ils se trouvent tous",
  },
} as const satisfies Partial<Record<ErrnoName, Text>>;

export const SHOWN_OTHERWISE: Text = {
  en: "root, outside of containers",
  fr: "root, hors des conteneurs",
};

/** What would show what was not asked for, by why it was not. */
export const SHOWN_WHEN = {
  unwanted: {
    en: ({ option }) => (option === "" ? "asking for it" : `a run without ${option}`),
    fr: ({ option }) => (option === "" ? "le demander" : `le demander sans ${option}`),
  } satisfies Sentence<{ option: string }>,
  costly: { en: "--all-sources", fr: "l'option --all-sources" } satisfies Text,
  "no-call": {
    en: "nothing; whoever receives them has them as open files then",
    fr: "rien ; qui les reçoit les aura comme fichiers ouverts",
  } satisfies Text,
  "foreign-proc": {
    en: "a /proc of your own pid namespace (--proc DIR)",
    fr: "un /proc de votre propre espace de noms pid (--proc DIR)",
  } satisfies Text,
  "older-format": {
    en: "a snapshot written by this nsatlas",
    fr: "un instantané écrit par ce nsatlas",
  } satisfies Text,
  unasked: { en: "nsatlas show, or nsatlas snapshot", fr: "nsatlas show, ou nsatlas snapshot" } satisfies Text,
  entering: { en: "a run without --no-enter", fr: "une exécution sans --no-enter" } satisfies Text,
} as const;

export const SHOWN_SINCE = {
  since: {
    en: ({ errno, since }) => `Linux ${since} or later (${errno} here)`,
    fr: ({ errno, since }) => `Linux ${since} ou plus récent (ici ${errno})`,
  } satisfies Sentence<{ errno: ErrnoName; since: string }>,
  never: {
    en: ({ errno }) => `another kernel or machine (${errno} here)`,
    fr: ({ errno }) => `un autre noyau ou une autre machine (ici ${errno})`,
  } satisfies Sentence<{ errno: ErrnoName }>,
} as const;

/** What is hidden, by the note on its source; and pidfds of processes that were waited for. */
export const OTHER_GAPS = {
  hidepid: {
    what: { en: "processes of other users", fr: "les processus des autres utilisateurs" } satisfies Text,
    shownBy: { en: "a /proc that is mounted without hidepid", fr: "un /proc monté sans hidepid" } satisfies Text,
  },
  "mount-namespaces-not-listed": {
    what: { en: "mount namespaces without a process", fr: "les espaces de noms mnt sans processus" } satisfies Text,
    shownBy: {
      en: "root of the initial user and pid namespaces",
      fr: "root dans les espaces de noms user et pid initiaux",
    } satisfies Text,
  },
  "namespaces-not-listed": {
    what: {
      en: "namespaces that only the kernel's own list shows",
      fr: "les espaces de noms que seule la liste du noyau montre",
    } satisfies Text,
    shownBy: {
      en: "root of the initial user and pid namespaces",
      fr: "root dans les espaces de noms user et pid initiaux",
    } satisfies Text,
  },
  "chrooted-view": {
    what: {
      en: "mounts that lie above the roots of processes",
      fr: "les montages au-dessus des racines des processus",
    } satisfies Text,
    shownBy: {
      en: "CAP_SYS_ADMIN over their mount namespaces",
      fr: "CAP_SYS_ADMIN sur leurs espaces de noms mnt",
    } satisfies Text,
  },
  untold: {
    what: {
      en: ({ count }) =>
        `the pid ${count === 1 ? "namespace" : "namespaces"} behind pidfds of ended processes: ${count}`,
      fr: ({ count }) => `les espaces de noms pid derrière les pidfds de processus terminés (${count})`,
    } satisfies Sentence<{ count: number }>,
    shownBy: { en: "no call tells it any more", fr: "plus aucun appel ne le dit" } satisfies Text,
  },
} as const;
