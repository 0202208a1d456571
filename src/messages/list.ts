import type { Text } from "./sentence.ts";

/** What each column of `nsatlas list` holds. */
export const LIST_COLUMN_HELP = {
  NS: { en: "namespace identifier (inode number)", fr: "identifiant de l'espace de noms (numéro d'inœud)" },
  TYPE: { en: "kind of namespace", fr: "type d'espace de noms" },
  PATH: { en: "path to the namespace", fr: "chemin vers l'espace de noms" },
  NPROCS: { en: "number of processes in the namespace", fr: "nombre de processus dans l'espace de noms" },
  PID: { en: "lowest PID in the namespace", fr: "plus petit PID dans l'espace de noms" },
  PPID: { en: "PPID of the PID", fr: "PPID de ce PID" },
  COMMAND: { en: "command line of the PID", fr: "ligne de commande de ce PID" },
  UID: {
    en: "UID of the PID; without one, of who made the user namespace that it belongs to",
    fr: "UID de ce PID ; sans PID, de qui a créé l'espace de noms user auquel il appartient",
  },
  USER: { en: "username of the PID, or of that UID", fr: "nom d'utilisateur de ce PID, ou de cet UID" },
  NETNSID: {
    en: "number of the network namespace in yours, as ip netns has it",
    fr: "numéro de l'espace de noms net dans le vôtre, comme dans ip netns",
  },
  NSFS: { en: "nsfs mount points in your mount namespace", fr: "points de montage nsfs dans votre espace de noms mnt" },
  PNS: {
    en: "parent namespace identifier (inode number)",
    fr: "identifiant de l'espace de noms parent (numéro d'inœud)",
  },
  ONS: {
    en: "owner namespace identifier (inode number)",
    fr: "identifiant de l'espace de noms propriétaire (numéro d'inœud)",
  },
  ID: {
    en: "64-bit identifier, never reused before the next boot",
    fr: "identifiant sur 64 bits, jamais réutilisé avant le prochain démarrage",
  },
  DEV: { en: "device number of the namespace file", fr: "numéro de périphérique du fichier de l'espace de noms" },
  HOLDERS: {
    en: "what keeps it alive, and how many of each; listed: only the kernel knows",
    fr: "ce qui le maintient en vie, et combien de chaque sorte ; listed : seul le noyau le sait",
  },
  NAME: {
    en: "its names under /run/netns, and the container, unit or pod it belongs to",
    fr: "ses noms sous /run/netns, et le conteneur, l'unité ou le pod auquel il appartient",
  },
  HOSTNAME: { en: "what uname -n says in a uts namespace", fr: "ce que uname -n dit dans un espace de noms uts" },
  INTERFACES: {
    en: "network interfaces of a network namespace",
    fr: "interfaces réseau d'un espace de noms net",
  },
  LINK: { en: "the namespace as links show it", fr: "l'espace de noms tel que les liens le montrent" },
} as const satisfies Record<string, Text>;
