import type { Sentence, Text } from "./sentence.ts";

/** What CRIU would refuse, in sentences; the process or namespace stands before each. */
export const CRIU_REFUSALS = {
  "several-trees": {
    en: "It is not below the first process: CRIU dumps one tree of processes at a time.",
    fr: "Il n'est pas sous le premier processus : CRIU ne saisit qu'un arbre de processus à la fois.",
  } satisfies Text,
  nested: {
    en: ({ namespace, kind, root }) =>
      `It is in ${namespace} and the first process is not (${root}): CRIU takes further ${kind} namespaces of none but it.`,
    fr: ({ namespace, kind, root }) =>
      `Il est dans ${namespace} et le premier processus non (${root}) : d'espaces ${kind}, CRIU n'admet que le sien.`,
  } satisfies Sentence<{ namespace: string; kind: string; root: string }>,
  init: {
    en: ({ namespace }) => `It is not the first process of ${namespace}, of which CRIU can dump that one's tree alone.`,
    fr: ({ namespace }) =>
      `Il n'est pas le premier processus de ${namespace}, dont CRIU ne saisit que l'arbre de celui-là.`,
  } satisfies Sentence<{ namespace: string }>,
  session: {
    en: "Its session began outside of its pid namespace, which CRIU refuses.",
    fr: "Sa session a commencé hors de son espace de noms pid, ce que CRIU refuse.",
  } satisfies Text,
  owner: {
    en: ({ namespace, owner, user }) =>
      `It is in ${namespace} of ${owner}: CRIU wants all to belong to ${user} or below.`,
    fr: ({ namespace, owner, user }) =>
      `Il est dans ${namespace}, qui est à ${owner} : pour CRIU tout doit être à ${user} ou en dessous.`,
  } satisfies Sentence<{ namespace: string; owner: string; user: string }>,
  descriptor: {
    en: ({ fd, namespace }) => `Its descriptor ${fd} is open on ${namespace}, which no process of the tree is in.`,
    fr: ({ fd, namespace }) =>
      `Son descripteur ${fd} est ouvert sur ${namespace}, où n'est aucun processus de l'arbre.`,
  } satisfies Sentence<{ fd: number; namespace: string }>,
} as const;

export const CRIU_WORDS = {
  refuses: { en: "What CRIU would refuse:", fr: "Ce que CRIU refuserait :" },
  nothing: {
    en: "CRIU would refuse nothing of this for its namespaces, as far as is known here.",
    fr: "CRIU n'en refuserait rien pour ses espaces de noms, autant qu'on le sache ici.",
  },
} as const satisfies Record<string, Text>;
