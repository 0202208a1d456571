import { plural, pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** The words of `nsatlas leaks`. */
export const LEAKS = {
  headings: {
    namespace: { en: "NAMESPACE", fr: "ESPACE DE NOMS" },
    age: { en: "AT LEAST", fr: "AU MOINS" },
    holder: { en: "HELD, FOR", fr: "TENU, CAR" },
  } satisfies Record<string, Text>,
  total: {
    en: ({ count }) =>
      `${plural(count, "namespace", "namespaces")} without a process. "nsatlas why REF" says what would let one go.`,
    fr: ({ count }) =>
      `${pluriel(count, "espace de noms", "espaces de noms")} sans processus. « nsatlas why REF » dit ce qui le lâcherait.`,
  } satisfies Sentence<{ count: number }>,
  none: { en: "No leak: no namespace without a process.", fr: "Pas de fuite : aucun espace de noms sans processus." },
  "none-seen": {
    en: "No namespace without a process was seen; not everything was looked into.",
    fr: "Aucun espace de noms sans processus n'a été vu ; tout n'a pas été regardé.",
  },
  unknown: {
    en: "No process was seen in these, but not every process could be looked into:",
    fr: "Aucun processus n'a été vu dans ceux-ci, mais tous n'ont pas pu être regardés :",
  },
  "used-below": {
    en: "Without a process of their own, but needed by one below them (no leaks):",
    fr: "Sans processus à eux, mais nécessaires à un processus plus bas (pas de fuites) :",
  },
  listed: {
    en: "the kernel lists it; nobody visible holds it",
    fr: "le noyau le liste ; rien de visible ne le tient",
  },
  nobody: { en: "nobody visible holds it", fr: "rien de visible ne le tient" },
  younger: {
    en: ({ count, age }) => `${count} more ${count === 1 ? "is" : "are"} not known to have been there for ${age}.`,
    fr: ({ count, age }) => `Pour ${pluriel(count, "autre", "autres")}, rien ne montre ${age} d'existence.`,
  } satisfies Sentence<{ count: number; age: string }>,
  undated: {
    en: ({ count }) => `Of ${count} more nothing tells the age.`,
    fr: ({ count }) => `Pour ${pluriel(count, "autre", "autres")}, rien ne dit l'âge.`,
  } satisfies Sentence<{ count: number }>,
  "cannot-tell": {
    en: "it cannot be told whether there are leaks, for not everything was seen; --as-seen judges by what was.",
    fr: "impossible de dire s'il y a des fuites, car tout n'a pas été vu ; --as-seen juge d'après ce qui l'a été.",
  },
} as const;

/** Units of time, the longest first; their letters are those that options take. */
export const TIME_UNITS = {
  w: { seconds: 604_800, text: { en: ({ count }) => `${count} w`, fr: ({ count }) => `${count} sem.` } },
  d: { seconds: 86_400, text: { en: ({ count }) => `${count} d`, fr: ({ count }) => `${count} j` } },
  h: { seconds: 3600, text: { en: ({ count }) => `${count} h`, fr: ({ count }) => pluriel(count, "heure", "heures") } },
  m: {
    seconds: 60,
    text: { en: ({ count }) => `${count} min`, fr: ({ count }) => pluriel(count, "minute", "minutes") },
  },
  s: {
    seconds: 1,
    text: { en: ({ count }) => `${count} s`, fr: ({ count }) => pluriel(count, "seconde", "secondes") },
  },
} as const satisfies Record<string, { seconds: number; text: Sentence<{ count: number }> }>;
