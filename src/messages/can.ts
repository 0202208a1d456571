import type { Sentence, Text } from "./sentence.ts";

/** The verdict of `can` on a capability. */
export const CAN_CAPABILITY = {
  yes: {
    en: ({ who, capability, of }) => `Yes: ${who} has ${capability} over ${of}.`,
    fr: ({ who, capability, of }) => `Oui : ${who} a ${capability} sur ${of}.`,
  },
  no: {
    en: ({ who, capability, of }) => `No: ${who} does not have ${capability} over ${of}.`,
    fr: ({ who, capability, of }) => `Non : ${who} n'a pas ${capability} sur ${of}.`,
  },
  unknown: {
    en: ({ who, capability, of }) => `Unknown: whether ${who} has ${capability} over ${of}.`,
    fr: ({ who, capability, of }) => `Inconnu : si ${who} a ${capability} sur ${of}.`,
  },
} as const satisfies Record<string, Sentence<{ who: string; capability: string; of: string }>>;

/** The verdict of `can` on an operation; `what` completes "can it …". */
export const CAN_OPERATION = {
  yes: {
    en: ({ who, what, of }) => `Yes: ${who} can ${what} (${of}).`,
    fr: ({ who, what, of }) => `Oui : ${who} peut ${what} (${of}).`,
  },
  no: {
    en: ({ who, what, of }) => `No: ${who} cannot ${what} (${of}).`,
    fr: ({ who, what, of }) => `Non : ${who} ne peut pas ${what} (${of}).`,
  },
  unknown: {
    en: ({ who, what, of }) => `Unknown: whether ${who} can ${what} (${of}).`,
    fr: ({ who, what, of }) => `Inconnu : si ${who} peut ${what} (${of}).`,
  },
} as const satisfies Record<string, Sentence<{ who: string; what: string; of: string }>>;

/** The verdict of `can WHO enter`. */
export const CAN_ENTER = {
  yes: {
    en: ({ who, list }) => `Yes: ${who} can enter ${list}, in this order.`,
    fr: ({ who, list }) => `Oui : ${who} peut entrer dans ${list}, dans cet ordre.`,
  },
  no: {
    en: ({ who, list }) => `No: ${who} cannot enter ${list}.`,
    fr: ({ who, list }) => `Non : ${who} ne peut pas entrer dans ${list}.`,
  },
  unknown: {
    en: ({ who, list }) => `Unknown: whether ${who} can enter ${list}.`,
    fr: ({ who, list }) => `Inconnu : si ${who} peut entrer dans ${list}.`,
  },
} as const satisfies Record<string, Sentence<{ who: string; list: string }>>;

/** What would make a refused setns succeed. `user` and `first` are user namespaces; without a `first` it is empty. */
export const NEAREST_CHANGES = {
  "as-child": {
    en: () => "in a child of it, which has one thread when it is made",
    fr: () => "dans un enfant de lui, qui n'a qu'un fil à sa naissance",
  },
  "enter-first": {
    en: ({ user }) => `after entering ${user} by the same means: name it as well`,
    fr: ({ user }) => `après être entré dans ${user} de la même façon : nommez-le aussi`,
  },
  capability: {
    en: ({ user, list }) => `with ${enumerate(list, "and")} in ${user}`,
    fr: ({ user, list }) => `avec ${enumerate(list, "et")} dans ${user}`,
  },
  "as-owner": {
    en: ({ user, uid, first }) => `as uid ${uid} in ${user}${first === "" ? "" : `, which may enter ${first} first`}`,
    fr: ({ user, uid, first }) =>
      `comme uid ${uid} dans ${user}${first === "" ? "" : `, qui peut d'abord entrer dans ${first}`}`,
  },
} as const satisfies Record<string, Sentence<{ user: string; uid: string; first: string; list: readonly string[] }>>;

const enumerate = (list: readonly string[], and: string): string => list.join(` ${and} `);

/** Headings and what is off about the words. */
export const CAN_WORDS = {
  assumed: { en: "Provided that:", fr: "Pourvu que :" } satisfies Text,
  changes: { en: "It would succeed:", fr: "Cela réussirait :" } satisfies Text,
  decidedBy: {
    en: ({ source, since, shown }) => `The kernel decides it in ${source}, so since Linux ${since} (${shown}).`,
    fr: ({ source, since, shown }) => `Le noyau en décide dans ${source}, ainsi depuis Linux ${since} (${shown}).`,
  } satisfies Sentence<{ source: string; since: string; shown: string }>,
  /** Nothing was found that says since when. */
  triedSince: {
    en: ({ source, since }) => `The kernel decides it in ${source}, so on Linux ${since}, the oldest tried, and later.`,
    fr: ({ source, since }) =>
      `Le noyau en décide dans ${source}, ainsi sous Linux ${since}, le plus ancien essayé, et depuis.`,
  } satisfies Sentence<{ source: string; since: string }>,
  neither: {
    en: ({ word }) => `${word} is neither a capability nor an operation.`,
    fr: ({ word }) => `${word} n'est ni une capacité ni une opération.`,
  } satisfies Sentence<{ word: string }>,
  needs: {
    en: ({ operation, wanted }) => `${operation} is done to ${wanted}.`,
    fr: ({ operation, wanted }) => `${operation} se fait à ${wanted}.`,
  } satisfies Sentence<{ operation: string; wanted: string }>,
  resource: {
    en: ({ word }) => `${word} names no resource.`,
    fr: ({ word }) => `${word} ne désigne aucune ressource.`,
  } satisfies Sentence<{ word: string }>,
  device: {
    en: ({ name, of }) => `${of} has no network device ${name}.`,
    fr: ({ name, of }) => `${of} n'a pas d'interface réseau ${name}.`,
  } satisfies Sentence<{ name: string; of: string }>,
  noSocket: {
    en: ({ word }) => `${word} is no socket.`,
    fr: ({ word }) => `${word} n'est pas une socket.`,
  } satisfies Sentence<{ word: string }>,
  sysctl: {
    en: ({ name }) => `There is no sysctl ${name} here.`,
    fr: ({ name }) => `Il n'y a pas de sysctl ${name} ici.`,
  } satisfies Sentence<{ name: string }>,
  socket: {
    en: ({ word }) => `The network namespace of ${word} was not seen.`,
    fr: ({ word }) => `L'espace réseau de ${word} n'a pas été vu.`,
  } satisfies Sentence<{ word: string }>,
} as const;

/** To what an operation is done. */
export const AIMS: Readonly<Record<"namespace" | "process" | "host" | "own" | "file" | "sysctl", Text>> = {
  namespace: {
    en: "a namespace of that kind (a REF, pid:N or host)",
    fr: "un espace de noms de ce genre (REF, pid:N ou host)",
  },
  process: { en: "a process (pid:N)", fr: "un processus (pid:N)" },
  host: { en: "the whole machine (host, or nothing)", fr: "toute la machine (host, ou rien)" },
  own: { en: "the process itself: name nothing", fr: "le processus même : ne nommez rien" },
  file: { en: "a file (file:PATH)", fr: "un fichier (file:CHEMIN)" },
  sysctl: { en: "a sysctl (sysctl:NAME)", fr: "un sysctl (sysctl:NOM)" },
};

/** A verdict in one word. */
export const VERDICTS = {
  yes: { en: "yes", fr: "oui" },
  no: { en: "no", fr: "non" },
  unknown: { en: "unknown", fr: "inconnu" },
} as const satisfies Record<string, Text>;
