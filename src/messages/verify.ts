import type { Sentence, Text } from "./sentence.ts";

/** Why a call was not made on the running kernel; completes "not verified: …". */
export const NOT_MADE = {
  unknown: { en: "there is no answer to verify", fr: "il n'y a pas de réponse à vérifier" },
  before: {
    en: "a call before was not verified, or came out otherwise",
    fr: "un appel précédent n'a pas été vérifié, ou a donné autre chose",
  },
  "not-built": { en: "this world could not be built", fr: "ce monde n'a pas pu être construit" },
  unlike: {
    en: "no copy that is like enough can be built",
    fr: "aucune copie assez ressemblante ne peut être construite",
  },
  descriptor: {
    en: "what it works on has no counterpart there",
    fr: "ce sur quoi il porte n'a pas d'équivalent là-bas",
  },
  "real-process": {
    en: "it could reach a process that is not ours",
    fr: "il pourrait atteindre un processus qui n'est pas à nous",
  },
  raw: { en: "what such a request does is not known", fr: "on ne sait pas ce que fait une telle requête" },
  machine: { en: "it could change this machine", fr: "il pourrait changer cette machine" },
} as const satisfies Record<string, Text>;
export type NotMade = keyof typeof NOT_MADE;

/** What is said of each call that was to be verified. */
export const VERIFY = {
  same: { en: "verified: this kernel says the same", fr: "vérifié : ce noyau dit la même chose" } satisfies Text,
  "same-place": {
    en: "verified in place: this kernel says the same",
    fr: "vérifié sur place : ce noyau dit la même chose",
  } satisfies Text,
  "same-copy": {
    en: "verified in a copy: this kernel says the same",
    fr: "vérifié dans une copie : ce noyau dit la même chose",
  } satisfies Text,
  told: {
    en: ({ answered }) => `asked in place, this kernel says ${answered}`,
    fr: ({ answered }) => `interrogé sur place, ce noyau dit ${answered}`,
  } satisfies Sentence<{ answered: string }>,
  differs: {
    en: ({ answered }) => `DIFFERS: this kernel says ${answered}`,
    fr: ({ answered }) => `DIFFÈRE : ce noyau dit ${answered}`,
  } satisfies Sentence<{ answered: string }>,
  "not-made": {
    en: ({ why }) => `not verified: ${why}`,
    fr: ({ why }) => `non vérifié : ${why}`,
  } satisfies Sentence<{ why: string }>,
  "no-kernel": {
    en: ({ why }) => `--verify: ${why}`,
    fr: ({ why }) => `--verify : ${why}`,
  } satisfies Sentence<{ why: string }>,
} as const;
