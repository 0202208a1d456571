import type { Sentence, Text } from "./sentence.ts";

/** What `ids` prints around its tables. */
export const IDS = {
  namespace: { en: "NAMESPACE", fr: "ESPACE DE NOMS" },
  which: { en: "ID", fr: "ID" },
  inside: { en: "INSIDE", fr: "DEDANS" },
  parent: { en: "IN THE PARENT", fr: "DANS LE PARENT" },
  viewers: { en: "HERE", fr: "ICI" },
  count: { en: "COUNT", fr: "NOMBRE" },
  both: { en: "uid gid", fr: "uid gid" },
  none: { en: "none mapped", fr: "aucun" } satisfies Text,
  unread: { en: "not seen", fr: "non vu" } satisfies Text,
  here: {
    en: ({ viewer }) => `HERE: in ${viewer}, the user namespace of whoever looked.`,
    fr: ({ viewer }) => `ICI : dans ${viewer}, l'espace utilisateur de qui a regardé.`,
  } satisfies Sentence<{ viewer: string }>,
  noOverlap: {
    en: "No two user namespaces, none above the other, share an id.",
    fr: "Il n'y a pas deux espaces utilisateur, sans lien d'ascendance, qui partagent un identifiant.",
  } satisfies Text,
  overlap: {
    en: ({ which, range, namespaces, parent }) => `${which} ${range} here: ${namespaces}, below ${parent}`,
    fr: ({ which, range, namespaces, parent }) => `${which} ${range} ici : ${namespaces}, sous ${parent}`,
  } satisfies Sentence<{ which: string; range: string; namespaces: string; parent: string }>,
  more: {
    en: ({ namespaces, count }) => `${namespaces} and ${count} more`,
    fr: ({ namespaces, count }) => `${namespaces} et ${count} de plus`,
  } satisfies Sentence<{ namespaces: string; count: number }>,
} as const;

/** Why an id has no number to print. */
export const ID_ANSWERS = {
  "unmapped-there": {
    en: ({ which, id, from, to }) =>
      `${which} ${id} of ${from} has no number in ${to}: there it shows as overflow${which}, 65534 unless it was changed.`,
    fr: ({ which, id, from, to }) =>
      `Le ${which} ${id} de ${from} n'a pas de numéro dans ${to} : il y apparaît comme overflow${which}, 65534 s'il ` +
      "n'a pas été changé.",
  },
  "unmapped-here": {
    en: ({ which, id, from }) => `${from} maps no ${which} ${id}: nobody in it can have it.`,
    fr: ({ which, id, from }) => `${from} n'a pas de ${which} ${id} : personne n'y peut l'avoir.`,
  },
  overflow: {
    en: ({ which, id, from }) =>
      `${from} does not map ${which} ${id}: it is what ids without a number there look like, and may stand for any of them.`,
    fr: ({ which, id, from }) =>
      `${from} n'a pas de ${which} ${id} : c'est l'apparence des identifiants qui n'y ont pas de numéro, et il peut ` +
      "désigner n'importe lequel.",
  },
  unknown: {
    en: ({ which, id, from, to }) => `What ${which} ${id} of ${from} is in ${to} is unknown.`,
    fr: ({ which, id, from, to }) => `On ne sait pas ce que le ${which} ${id} de ${from} est dans ${to}.`,
  },
} as const satisfies Record<string, Sentence<{ which: string; id: number; from: string; to: string }>>;

/** What is off about the words of `ids`. */
export const IDS_USAGE = {
  what: {
    en: ({ word }) => `ids takes translate N FROM TO, overlaps, or nothing, and not ${word}.`,
    fr: ({ word }) => `ids prend translate N DE VERS, overlaps, ou rien, et non ${word}.`,
  } satisfies Sentence<{ word: string }>,
  number: {
    en: ({ word }) => `An id is a whole number from 0 to 4294967294, and not ${word}.`,
    fr: ({ word }) => `Un identifiant est un nombre entier de 0 à 4294967294, et non ${word}.`,
  } satisfies Sentence<{ word: string }>,
  gid: {
    en: "--gid is for translate.",
    fr: "--gid est pour translate.",
  } satisfies Text,
} as const;
