import type { Sentence, Text } from "./sentence.ts";

/** What a namespace can be asked for that is another namespace: the owner (NS_GET_USERNS), the parent (NS_GET_PARENT). */
export type Relation = "owner" | "parent";

/** How an answer of ns_show begins. */
export const RELATIONS = {
  owner: { en: "owning user namespace", fr: "espace de noms utilisateur propriétaire" },
  parent: { en: "parent namespace", fr: "espace de noms parent" },
} as const satisfies Record<Relation, Text>;

/** A relation and what was found out about it, as one line. French sets a blank before the colon. */
export const RELATION_LINE = {
  en: ({ relation, answer }) => `${RELATIONS[relation].en}: ${answer}`,
  fr: ({ relation, answer }) => `${RELATIONS[relation].fr} : ${answer}`,
} satisfies Sentence<{ relation: Relation; answer: string }>;

/** Refusals that are answers: they say something about the namespace and who asks, not that something went wrong. */
export const REFUSALS = {
  EPERM: { en: "outside your namespace scope", fr: "hors de portée de vos espaces de noms" },
  EINVAL: { en: "none, this kind does not nest", fr: "aucun, ce type n'est pas hiérarchique" },
} as const satisfies Record<string, Text>;

/** What ns_show says where it is called without a file, or with --help. */
export const NS_SHOW_USAGE: Text = {
  en: `Usage: ns_show /proc/PID/ns/FILE [p|u]

Prints device and inode of the namespace that a namespace belongs to:
  u   its owning user namespace (NS_GET_USERNS); also where nothing is said
  p   its parent (NS_GET_PARENT), of user and pid namespaces
  pu  both, the owner first
`,
  fr: `Utilisation : ns_show /proc/PID/ns/FICHIER [p|u]

Affiche le périphérique et l'inœud de l'espace de noms dont un espace dépend :
  u   son espace de noms utilisateur propriétaire (NS_GET_USERNS) ; par défaut
  p   son parent (NS_GET_PARENT), pour les types utilisateur et pid
  pu  les deux, le propriétaire d'abord
`,
};
