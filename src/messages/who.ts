import { plural, pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** Why processes have a capability over something that `governor` governs. `user` is where they are. */
export const HOLD_REASONS = {
  "own-namespace": {
    en: ({ user }) => `in ${user} itself, by their effective set:`,
    fr: ({ user }) => `dans ${user} même, par leur jeu effectif :`,
  },
  ancestor: {
    en: ({ user }) => `in ${user}, above it, by their effective set:`,
    fr: ({ user }) => `dans ${user}, au-dessus, par leur jeu effectif :`,
  },
  owner: {
    en: ({ user, owns }) => `in ${user}, as owners of ${owns}, whatever their sets say:`,
    fr: ({ user, owns }) => `dans ${user}, comme propriétaires de ${owns}, quoi que disent leurs jeux :`,
  },
} as const satisfies Record<"own-namespace" | "ancestor" | "owner", Sentence<{ user: string; owns: string }>>;

/** What `who` says around it. */
export const WHO = {
  have: {
    en: ({ count, capability, namespace }) =>
      `${plural(count, "process has", "processes have")} ${capability} over ${namespace}.`,
    fr: ({ count, capability, namespace }) =>
      `${pluriel(count, "processus a", "processus ont")} ${capability} sur ${namespace}.`,
  } satisfies Sentence<{ count: number; capability: string; namespace: string }>,
  nobody: {
    en: ({ capability, namespace }) => `No process that was seen has ${capability} over ${namespace}.`,
    fr: ({ capability, namespace }) => `Aucun processus vu n'a ${capability} sur ${namespace}.`,
  } satisfies Sentence<{ capability: string; namespace: string }>,
  counts: {
    en: ({ governor }) => `It counts in ${governor}.`,
    fr: ({ governor }) => `Elle compte dans ${governor}.`,
  } satisfies Sentence<{ governor: string }>,
  unknown: {
    en: ({ count }) => `Unknown for ${plural(count, "process", "processes")}, of which too little was seen:`,
    fr: ({ count }) => `Inconnu pour ${count} processus, dont on a trop peu vu :`,
  } satisfies Sentence<{ count: number }>,
  gaps: {
    en: "There may be others. Not looked into, and what would show it:",
    fr: "Il y en a peut-être d'autres. Non regardé, et ce qui le montrerait :",
  } satisfies Text,
  more: {
    en: ({ count }) => `and ${count} more`,
    fr: ({ count }) => `et ${count} de plus`,
  } satisfies Sentence<{ count: number }>,
  unseen: { en: "a user namespace that was not seen", fr: "un espace utilisateur non vu" } satisfies Text,
} as const;

/** A capability that is none, on the command line. */
export const NO_CAPABILITY = {
  reason: {
    en: ({ word }) => `${word} is no capability.`,
    fr: ({ word }) => `${word} n'est pas une capacité.`,
  } satisfies Sentence<{ word: string }>,
  hint: {
    en: "They are named as in capabilities(7), CAP_ and case left to you: sys_admin.",
    fr: "Elles se nomment comme dans capabilities(7), CAP_ et la casse à votre gré : sys_admin.",
  } satisfies Text,
} as const;
