import type { Sentence, Text } from "./sentence.ts";

/** What `nsatlas pid` says where it has no number to print. Values are safe to print. */
export const PID_WORDS = {
  "no-process": {
    en: ({ who }) => `No process that nsatlas can see is ${who}.`,
    fr: ({ who }) => `Aucun processus visible pour nsatlas n'est ${who}.`,
  } satisfies Sentence<{ who: string }>,
  "no-number-there": {
    en: ({ who, namespace }) => `${who} has no number in ${namespace}: it is neither in it nor in one below.`,
    fr: ({ who, namespace }) =>
      `${who} n'a pas de numéro dans ${namespace} : il n'est ni dedans ni dans un espace de noms inférieur.`,
  } satisfies Sentence<{ who: string; namespace: string }>,
  "not-read": {
    en: ({ who }) => `Nobody has read which numbers ${who} has.`,
    fr: ({ who }) => `Personne n'a lu quels numéros ${who} a.`,
  } satisfies Sentence<{ who: string }>,
  "namespace-not-read": {
    en: ({ who }) => `Which pid namespace ${who} is in could not be read.`,
    fr: ({ who }) => `L'espace de noms pid où est ${who} n'a pas pu être lu.`,
  } satisfies Sentence<{ who: string }>,
  "not-read-hint": {
    en: "It takes the status of the process (NSpid, since Linux 4.1); a snapshot has it of processes, not of threads.",
    fr: "Il faut le status du processus (NSpid, depuis Linux 4.1) ; un instantané l'a des processus, pas des fils.",
  } satisfies Text,
  "namespace-hint": {
    en: "Its link ns/pid shows to its owner and to root.",
    fr: "Son lien ns/pid se montre à son propriétaire et à root.",
  } satisfies Text,
  "in-and-of": {
    en: "--of says whose number N is, and WHO@REF says the same.",
    fr: "--of dit de qui est le numéro N, et QUI@REF dit la même chose.",
  } satisfies Text,
  namespace: { en: "NAMESPACE", fr: "ESPACE DE NOMS" },
  unseen: { en: "not seen", fr: "non vu" },
} as const;
