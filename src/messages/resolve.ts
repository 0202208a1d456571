import type { Sentence, Text } from "./sentence.ts";

/** What a file is that should have been a namespace; completes "It is …". */
export const FILE_TYPES = {
  file: { en: "a regular file", fr: "un fichier ordinaire" },
  directory: { en: "a directory", fr: "un dossier" },
  fifo: { en: "a FIFO", fr: "un FIFO" },
  socket: { en: "a socket", fr: "un socket" },
  device: { en: "a device", fr: "un périphérique" },
  other: { en: "something else", fr: "autre chose" },
} as const satisfies Record<string, Text>;

/** Why a name that is well formed leads to no namespace. Values are safe to print. */
export const RESOLVE = {
  "not-a-namespace": {
    en: ({ type }) => `It is ${type}, not a namespace file.`,
    fr: ({ type }) => `C'est ${type}, pas un fichier d'espace de noms.`,
  } satisfies Sentence<{ type: string }>,
  "other-kind": {
    en: ({ text, found, wanted }) => `${text} is ${found}, not of kind ${wanted}.`,
    fr: ({ text, found, wanted }) => `${text} est ${found}, pas du type ${wanted}.`,
  } satisfies Sentence<{ text: string; found: string; wanted: string }>,
  "not-seen": {
    en: ({ text }) => `No namespace that nsatlas can see is ${text}.`,
    fr: ({ text }) => `Aucun espace de noms visible pour nsatlas n'est ${text}.`,
  } satisfies Sentence<{ text: string }>,
  ambiguous: {
    en: ({ text, count }) => `${text} fits ${count} namespaces:`,
    fr: ({ text, count }) => `${text} convient à ${count} espaces de noms :`,
  } satisfies Sentence<{ text: string; count: number }>,
  "not-in-a-snapshot": {
    en: ({ text }) => `${text} means something on the running machine, and the snapshot does not hold it.`,
    fr: ({ text }) => `${text} a un sens sur la machine en marche, et l'instantané ne le contient pas.`,
  } satisfies Sentence<{ text: string }>,
} as const;

/** What to do next about it. */
export const RESOLVE_HINTS = {
  "other-kind": {
    en: "Leave the kind out, or give the one that it has.",
    fr: "Omettez le type, ou donnez celui qu'il a.",
  } satisfies Text,
  "not-seen": {
    en: '"nsatlas tree" shows what can be seen; more shows as root.',
    fr: "« nsatlas tree » montre ce qui est visible ; root en voit davantage.",
  } satisfies Text,
  ambiguous: {
    en: "Name the device too, as above.",
    fr: "Donnez aussi le périphérique, comme ci-dessus.",
  } satisfies Text,
  "not-in-a-snapshot": {
    en: '"nsatlas list --from FILE" shows what it holds: name one by its inode, as in net:[4026531833].',
    fr: "« nsatlas list --from FICHIER » montre son contenu : désignez-en un par son inode, comme net:[4026531833].",
  } satisfies Text,
} as const;
