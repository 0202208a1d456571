import { plural, pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What stands on the page of `tree --format html` beside names, numbers and the words of other commands. */
export const PAGE_TEXTS = {
  search: { en: "Search", fr: "Chercher" },
  searchWhat: { en: "number, name or program", fr: "numéro, nom ou programme" },
  kinds: { en: "Kinds shown", fr: "Types affichés" },
  namespaces: { en: "Namespaces", fr: "Espaces de noms" },
  processes: { en: "Processes", fr: "Processus" },
  details: { en: "Details", fr: "Détails" },
  choose: {
    en: "Choose a namespace or a process: what it is, what it belongs to, who is in it, and what keeps it.",
    fr: "Choisissez un espace de noms ou un processus : ce que c'est, à qui il appartient, qui y est et ce qui le garde.",
  },
  gone: {
    en: "What the address names is not in this picture of the machine.",
    fr: "Ce que l'adresse désigne n'est pas dans cette image de la machine.",
  },
  keys: {
    en: "Keys: / searches, arrows move, Enter chooses, Escape goes back.",
    fr: "Touches : / cherche, les flèches déplacent, Entrée choisit, Échap revient.",
  },
  keeps: { en: "What keeps it", fr: "Ce qui le garde" },
  members: { en: "Members", fr: "Membres" },
  isIn: { en: "It is in", fr: "Il est dans" },
  notRead: { en: "not read", fr: "non lu" },
  ask: { en: "Ask", fr: "Demander" },
  question: { en: "What to ask", fr: "Que demander" },
  why: { en: "why: what keeps a namespace", fr: "why : ce qui garde un espace de noms" },
  can: { en: "can: may a process do something", fr: "can : un processus peut-il faire quelque chose" },
  who: { en: "who: which processes have a capability", fr: "who : quels processus ont une capacité" },
  whoField: { en: "Process (WHO)", fr: "Processus (WHO)" },
  whatField: { en: "Capability, operation or enter", fr: "Capacité, opération ou enter" },
  capabilityField: { en: "Capability", fr: "Capacité" },
  refField: { en: "Namespace or resource (REF)", fr: "Espace de noms ou ressource (REF)" },
  answer: { en: "Answer", fr: "Répondre" },
  terminal: { en: "In a terminal:", fr: "Dans un terminal :" },
  picture: { en: "Picture", fr: "Image" },
  pictureHow: {
    en: "User namespaces as boxes; a click on anything shows its details above.",
    fr: "Les espaces user en boîtes ; un clic montre les détails au-dessus.",
  },
  save: { en: "Save the snapshot", fr: "Enregistrer l'instantané" },
  noScript: {
    en: "Searching and asking take JavaScript, which is off here. The picture is whole without it.",
    fr: "Chercher et demander exigent JavaScript, désactivé ici. L'image est complète sans lui.",
  },
  redacted: {
    en: "Redacted: without command lines, paths, names and addresses.",
    fr: "Caviardé : sans lignes de commande, chemins, noms ni adresses.",
  },
  holdsAll: {
    en: "It holds all that was seen, command lines too.",
    fr: "Elle contient tout ce qui a été vu, lignes de commande comprises.",
  },
  fault: { en: "The page could not be shown:", fr: "La page n'a pas pu être affichée :" },
} as const satisfies Record<string, Text>;

export const PAGE_SENTENCES = {
  seen: {
    en: ({ at, uid, version }) => `Seen ${at} by uid ${uid}, with nsatlas ${version}.`,
    fr: ({ at, uid, version }) => `Vu le ${at} par l'uid ${uid}, avec nsatlas ${version}.`,
  },
  found: {
    en: ({ namespaces, processes }) =>
      `${plural(namespaces, "namespace", "namespaces")}, ${plural(processes, "process", "processes")}`,
    fr: ({ namespaces, processes }) =>
      `${pluriel(namespaces, "espace de noms", "espaces de noms")}, ${processes} processus`,
  },
  all: { en: ({ count }) => `Show all ${count}`, fr: ({ count }) => `Montrer les ${count}` },
} as const satisfies {
  seen: Sentence<{ at: string; uid: number; version: string }>;
  found: Sentence<{ namespaces: number; processes: number }>;
  all: Sentence<{ count: number }>;
};

/** Why `tree --format html` does not print to a terminal, and what to do. */
export const PAGE_ON_TERMINAL = {
  reason: {
    en: "A page is for a browser, not for a terminal.",
    fr: "Une page est pour un navigateur, pas un terminal.",
  },
  hint: { en: "Give a file: -o atlas.html.", fr: "Donnez un fichier : -o atlas.html." },
} as const satisfies Record<string, Text>;

/** What stands before each part of what is known of a process. */
export const PROCESS_LABELS = {
  pid: { en: "number", fr: "numéro" },
  parent: { en: "parent", fr: "père" },
  name: { en: "name", fr: "nom" },
  state: { en: "state", fr: "état" },
  zombie: { en: "has ended, and was not waited for", fr: "terminé, pas encore attendu" },
  kernel: { en: "a thread of the kernel", fr: "un fil du noyau" },
  command: { en: "command", fr: "commande" },
  uid: { en: "uid", fr: "uid" },
  gid: { en: "gid", fr: "gid" },
  effective: { en: "effective capabilities", fr: "capacités effectives" },
  permitted: { en: "permitted capabilities", fr: "capacités permises" },
  cgroup: { en: "control group", fr: "groupe de contrôle" },
} as const satisfies Record<string, Text>;
