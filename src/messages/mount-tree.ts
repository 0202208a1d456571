import { plural, pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What `tree --mounts` says. */
export const MOUNT_TREE = {
  titles: [
    { en: "MOUNTED ON", fr: "MONTÉ SUR" },
    { en: "ID", fr: "ID" },
    { en: "TYPE", fr: "TYPE" },
    { en: "WHAT", fr: "QUOI" },
    { en: "PROPAGATION", fr: "PROPAGATION" },
  ] satisfies readonly Text[],
  hidden: {
    en: ({ by }) => `hidden by ${by}`,
    fr: ({ by }) => `caché par ${by}`,
  } satisfies Sentence<{ by: number }>,
  total: {
    en: ({ count, hidden }) => `${plural(count, "mount", "mounts")}${hidden > 0 ? `, ${hidden} hidden` : ""}`,
    fr: ({ count, hidden }) =>
      `${pluriel(count, "montage", "montages")}${hidden > 0 ? `, dont ${pluriel(hidden, "caché", "cachés")}` : ""}`,
  } satisfies Sentence<{ count: number; hidden: number }>,
  outOfReach: {
    en: ({ count }) => `${plural(count, "more mount is", "more mounts are")} out of reach from where it was looked at.`,
    fr: ({ count }) =>
      `${pluriel(count, "autre montage est", "autres montages sont")} hors d'atteinte d'où l'on a regardé.`,
  } satisfies Sentence<{ count: number }>,
  through: {
    en: ({ pid }) => `as process ${pid} sees it, whose root is another`,
    fr: ({ pid }) => `tel que le voit le processus ${pid}, dont la racine est autre`,
  } satisfies Sentence<{ pid: number }>,
  "other-kind": {
    en: "Only mount namespaces have mounts.",
    fr: "Seuls les espaces de noms mnt ont des montages.",
  } satisfies Text,
  unknown: {
    en: "The mounts of this namespace could not be read.",
    fr: "Les montages de cet espace de noms n'ont pas pu être lus.",
  } satisfies Text,
  "not-in-the-snapshot": {
    en: "This snapshot says how many mounts the namespace has, and not which.",
    fr: "Cet instantané dit combien de montages a l'espace de noms, et non lesquels.",
  } satisfies Text,
  redacted: {
    en: "This snapshot is redacted: it has no mounts.",
    fr: "Cet instantané est expurgé : il n'a pas de montages.",
  } satisfies Text,
  "not-read": {
    en: "Nobody has read the mounts of this namespace for this snapshot.",
    fr: "Personne n'a lu les montages de cet espace de noms pour cet instantané.",
  } satisfies Text,
  "snapshot-hint": {
    en: '"nsatlas snapshot --mount-trees -o FILE" keeps them.',
    fr: "« nsatlas snapshot --mount-trees -o FICHIER » les garde.",
  } satisfies Text,
} as const;
