import { pluriel, plural } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What stands before what a namespace says of itself, in `nsatlas show`. */
export const ATTRIBUTE_LABELS = {
  hostname: { en: "hostname", fr: "nom d'hôte" },
  domainname: { en: "domain", fr: "domaine" },
  clocks: { en: "clocks", fr: "horloges" },
  root: { en: "root", fr: "racine" },
  interfaces: { en: "interfaces", fr: "réseau" },
  limits: { en: "limits", fr: "limites" },
  inUse: { en: "in use", fr: "en usage" },
  ipc: { en: "in it", fr: "contenu" },
} as const satisfies Record<string, Text>;

export const ATTRIBUTE_TEXTS = {
  noInterfaces: { en: "none", fr: "aucune" },
  emptyName: { en: "empty", fr: "vide" },
  unlimited: {
    en: "no limit of its own on how many namespaces users make",
    fr: "aucune limite propre au nombre d'espaces de noms",
  },
  unknownCreator: { en: "made in it, by whom is not told", fr: "créés dedans, par qui, rien ne le dit" },
  redacted: { en: "left out of this snapshot", fr: "omis de cet instantané" },
} as const satisfies Record<string, Text>;

export const ATTRIBUTE_SENTENCES = {
  clock: {
    en: ({ clock, offset }) => `${clock} ${offset} s from that of the first time namespace`,
    fr: ({ clock, offset }) => `${clock} ${offset} s par rapport à celle du premier espace de noms time`,
  },
  port: { en: ({ of }) => `port of ${of}`, fr: ({ of }) => `port de ${of}` },
  tied: { en: ({ to }) => `tied to ${to}`, fr: ({ to }) => `relié à ${to}` },
  /** An interface in another namespace. */
  elsewhere: { en: ({ name, where }) => `${name} in ${where}`, fr: ({ name, where }) => `${name} dans ${where}` },
  unseen: {
    en: ({ index, netnsid }) => `interface ${index} of a namespace that was not seen (number ${netnsid} in this one)`,
    fr: ({ index, netnsid }) => `l'interface ${index} d'un espace de noms non vu (numéro ${netnsid} dans celui-ci)`,
  },
  number: { en: ({ index }) => `interface ${index}`, fr: ({ index }) => `l'interface ${index}` },
  limits: {
    en: ({ limits }) => `a user may have ${limits}`,
    fr: ({ limits }) => `un utilisateur peut avoir ${limits}`,
  },
  inUse: {
    en: ({ who, counts }) => `${who}: at least ${counts}`,
    fr: ({ who, counts }) => `${who} : au moins ${counts}`,
  },
  segments: {
    en: ({ count, pages }) =>
      `${plural(count, "segment", "segments")} of shared memory (${plural(pages, "page", "pages")})`,
    fr: ({ count, pages }) =>
      `${pluriel(count, "segment", "segments")} de mémoire partagée (${pluriel(pages, "page", "pages")})`,
  },
  semaphores: {
    en: ({ count, sets }) => `${plural(count, "semaphore", "semaphores")} in ${plural(sets, "set", "sets")}`,
    fr: ({ count, sets }) => `${pluriel(count, "sémaphore", "sémaphores")} dans ${pluriel(sets, "groupe", "groupes")}`,
  },
  messages: {
    en: ({ count, bytes, queues }) =>
      `${plural(count, "message", "messages")} (${plural(bytes, "byte", "bytes")}) in ${plural(queues, "queue", "queues")}`,
    fr: ({ count, bytes, queues }) =>
      `${pluriel(count, "message", "messages")} (${pluriel(bytes, "octet", "octets")}) dans ${pluriel(queues, "file", "files")}`,
  },
  /** After a refusal to enter. */
  whoMay: {
    en: ({ owner }) => `Who has CAP_SYS_ADMIN in ${owner} may enter and ask.`,
    fr: ({ owner }) => `Qui a CAP_SYS_ADMIN dans ${owner} peut y entrer et demander.`,
  },
  notRead: {
    en: ({ shownBy }) => `not read; what shows it: ${shownBy}`,
    fr: ({ shownBy }) => `non lu ; ce qui le montre : ${shownBy}`,
  },
} as const satisfies {
  clock: Sentence<{ clock: string; offset: string }>;
  port: Sentence<{ of: string }>;
  tied: Sentence<{ to: string }>;
  elsewhere: Sentence<{ name: string; where: string }>;
  unseen: Sentence<{ index: number; netnsid: number }>;
  number: Sentence<{ index: number }>;
  limits: Sentence<{ limits: string }>;
  inUse: Sentence<{ who: string; counts: string }>;
  segments: Sentence<{ count: number; pages: number }>;
  semaphores: Sentence<{ count: number; sets: number }>;
  messages: Sentence<{ count: number; bytes: number; queues: number }>;
  whoMay: Sentence<{ owner: string }>;
  notRead: Sentence<{ shownBy: string }>;
};
