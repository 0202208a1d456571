import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { plural } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What stands in pictures of a machine beside names and numbers. */
export const PICTURE_TEXTS = {
  own: { en: "your own", fr: "à vous" },
  shares: { en: "shares", fr: "partage" },
  nobody: { en: "no visible holder", fr: "aucun détenteur visible" },
  listed: { en: "the kernel lists it", fr: "listé par le noyau" },
  legend: { en: "Legend", fr: "Légende" },
  member: { en: "processes, and the namespaces they are in", fr: "des processus, et leurs espaces de noms" },
  holder: { en: "held by something else: mount, descriptor …", fr: "tenu par autre chose : montage, descripteur…" },
  elsewhere: { en: "in it, from another user namespace", fr: "dedans, depuis un autre espace user" },
  parent: { en: "its parent", fr: "son parent" },
} as const satisfies Record<string, Text>;

export const PICTURE_SENTENCES = {
  title: { en: ({ host }) => `Namespaces of ${host}`, fr: ({ host }) => `Espaces de noms de ${host}` },
  processes: {
    en: ({ count }) => plural(count, "process", "processes"),
    fr: ({ count }) => `${count} processus`,
  },
  others: { en: ({ count }) => `+${count} more`, fr: ({ count }) => `+${count} autres` },
  alike: { en: ({ count }) => `${count} alike; the first:`, fr: ({ count }) => `${count} pareils, dont :` },
} as const satisfies {
  title: Sentence<{ host: string }>;
  processes: Sentence<{ count: number }>;
  others: Sentence<{ count: number }>;
  alike: Sentence<{ count: number }>;
};

/** What each kind keeps apart, in a word or two. */
export const KIND_WORDS = {
  cgroup: { en: "control groups", fr: "groupes de contrôle" },
  ipc: { en: "System V IPC, message queues", fr: "IPC System V, files de messages" },
  mnt: { en: "mounts", fr: "montages" },
  net: { en: "network", fr: "réseau" },
  pid: { en: "process numbers", fr: "numéros de processus" },
  time: { en: "clocks", fr: "horloges" },
  user: { en: "users, capabilities", fr: "utilisateurs, capacités" },
  uts: { en: "host names", fr: "noms d'hôte" },
} as const satisfies Record<NamespaceKind, Text>;
