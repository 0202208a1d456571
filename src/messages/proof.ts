import { FACT_FAILS, FACT_HOLDS, type FactName } from "./facts.ts";
import type { Sentence } from "./sentence.ts";

/**
 * The blanks of each step of a proof. `who` is a process; `at`, `parent` and the like are namespaces, as the user can type
 * them; uids are numbers of the viewer's user namespace.
 */
export interface StepValues {
  readonly "governed-by": { namespace: string; user: string };
  readonly "own-namespace": { who: string; at: string };
  readonly owner: { who: string; at: string; parent: string; uid: number };
  readonly "not-owner": { who: string; at: string; parent: string; creator: number; euid: number };
  readonly "owner-unknown": { who: string; at: string; parent: string };
  readonly "further-up": { who: string; at: string; parent: string };
  readonly "not-below": { who: string; at: string; own: string };
  readonly "parent-hidden": { at: string };
  readonly "own-hidden": { who: string; at: string };
  readonly "governor-hidden": { namespace: string };
  readonly "capability-held": { who: string; capability: string; at: string };
  readonly "capability-missing": { who: string; capability: string; at: string };
  readonly "capability-unknown": { who: string; capability: string; at: string };
  readonly "counts-in-own": { capability: string };
  readonly "counts-in-first": { capability: string };
  readonly "counts-above": { capability: string; at: string; parent: string };
  readonly "not-in-first": { who: string; own: string };
  readonly "file-unmapped": { file: string; at: string };
  readonly "file-mapped": { file: string; at: string };
  readonly "mount-seen": { path: string; at: string; type: string; namespace: string };
  readonly "device-seen": { name: string; namespace: string };
  readonly "superblock-first": { type: string; capability: string };
  readonly "superblock-hidden": { type: string; capability: string };
  readonly "file-owner-unmapped": { file: string; at: string };
  readonly "file-owner-mapped": { file: string; at: string };
  readonly "older-kernel": { since: string; release: string };
  readonly "fact-holds": { fact: FactName; who: string; what: string };
  readonly "fact-fails": { fact: FactName; who: string; what: string };
  readonly "fact-unknown": { fact: FactName; who: string; what: string };
}
export type StepRule = keyof StepValues;

/** What each step of a proof says. */
export const PROOF_STEPS: { readonly [Rule in StepRule]: Sentence<StepValues[Rule]> } = {
  "governed-by": {
    en: ({ namespace, user }) => `${namespace} belongs to ${user}: what a process can do there, it can do here.`,
    fr: ({ namespace, user }) =>
      `${namespace} appartient à ${user} : ce qu'un processus peut faire là, il le peut ici.`,
  },
  "own-namespace": {
    en: ({ who, at }) => `${who} is in ${at} itself: its effective set decides.`,
    fr: ({ who, at }) => `${who} est dans ${at} même : son jeu effectif décide.`,
  },
  owner: {
    en: ({ who, at, parent, uid }) =>
      `${who} is in ${parent}, the parent of ${at}, and has the effective uid ${uid}, which made ${at}: the owner ` +
      "has every capability there and below, whatever its sets say.",
    fr: ({ who, at, parent, uid }) =>
      `${who} est dans ${parent}, le parent de ${at}, et a l'uid effectif ${uid}, qui a créé ${at} : le propriétaire ` +
      "y a toutes les capacités, ainsi qu'en dessous, quoi que disent ses jeux.",
  },
  "not-owner": {
    en: ({ who, at, parent, creator, euid }) =>
      `${who} is in ${parent}, the parent of ${at}, but uid ${creator} made ${at}, and its effective uid is ${euid}: ` +
      "it does not own it.",
    fr: ({ who, at, parent, creator, euid }) =>
      `${who} est dans ${parent}, le parent de ${at}, mais c'est l'uid ${creator} qui a créé ${at}, et son uid ` +
      `effectif est ${euid} : il n'en est pas propriétaire.`,
  },
  "owner-unknown": {
    en: ({ who, at, parent }) => `${who} is in ${parent}, the parent of ${at}; whether it owns ${at} is unknown.`,
    fr: ({ who, at, parent }) => `${who} est dans ${parent}, le parent de ${at} ; s'il possède ${at} est inconnu.`,
  },
  "further-up": {
    en: ({ who, at, parent }) => `${who} is neither in ${at} nor in its parent, ${parent}: on from there.`,
    fr: ({ who, at, parent }) =>
      `${who} n'est ni dans ${at} ni dans son parent, ${parent} : la recherche continue à partir de là.`,
  },
  "not-below": {
    en: ({ who, at, own }) =>
      `${at} does not lie below ${own}, which ${who} is in: nobody has a capability upwards or sideways.`,
    fr: ({ who, at, own }) =>
      `${at} n'est pas sous ${own}, où est ${who} : personne n'a de capacité vers le haut ni de côté.`,
  },
  "parent-hidden": {
    en: ({ at }) => `What lies above ${at} was not shown to whoever looked.`,
    fr: ({ at }) => `Ce qui est au-dessus de ${at} n'a pas été montré à qui a regardé.`,
  },
  "own-hidden": {
    en: ({ who, at }) => `Which user namespace ${who} is in was not seen, so nothing relates it to ${at}.`,
    fr: ({ who, at }) => `On n'a pas vu l'espace utilisateur où est ${who} : rien ne le relie à ${at}.`,
  },
  "governor-hidden": {
    en: ({ namespace }) => `Which user namespace ${namespace} belongs to was not shown to whoever looked.`,
    fr: ({ namespace }) => `L'espace utilisateur auquel appartient ${namespace} n'a pas été montré à qui a regardé.`,
  },
  "capability-held": {
    en: ({ who, capability, at }) => `${who} has ${capability} in ${at}.`,
    fr: ({ who, capability, at }) => `${who} a ${capability} dans ${at}.`,
  },
  "capability-missing": {
    en: ({ who, capability, at }) => `${who} does not have ${capability} in ${at}.`,
    fr: ({ who, capability, at }) => `${who} n'a pas ${capability} dans ${at}.`,
  },
  "capability-unknown": {
    en: ({ who, capability, at }) => `Whether ${who} has ${capability} in ${at} is unknown.`,
    fr: ({ who, capability, at }) => `Si ${who} a ${capability} dans ${at} est inconnu.`,
  },
  "counts-in-own": {
    en: ({ capability }) => `${capability} counts in the process's own user namespace here.`,
    fr: ({ capability }) => `${capability} compte ici dans l'espace utilisateur du processus.`,
  },
  "counts-in-first": {
    en: ({ capability }) => `${capability} counts in the machine's first user namespace only: this concerns all of it.`,
    fr: ({ capability }) =>
      `${capability} ne compte que dans le premier espace utilisateur de la machine : cela la concerne toute.`,
  },
  "counts-above": {
    en: ({ capability, at, parent }) => `${capability} counts in ${parent}, the parent of ${at}.`,
    fr: ({ capability, at, parent }) => `${capability} compte dans ${parent}, le parent de ${at}.`,
  },
  "not-in-first": {
    en: ({ who, own }) =>
      `${who} is in ${own}, below the machine's first user namespace: nobody has a capability upwards.`,
    fr: ({ who, own }) =>
      `${who} est dans ${own}, sous le premier espace utilisateur de la machine : personne n'a de capacité vers le haut.`,
  },
  "file-unmapped": {
    en: ({ file, at }) => `The owner or group of ${file} has no number in ${at}: no capability there counts for it.`,
    fr: ({ file, at }) =>
      `Le propriétaire ou le groupe de ${file} n'a pas de numéro dans ${at} : aucune capacité n'y compte pour lui.`,
  },
  "file-mapped": {
    en: ({ file, at }) => `The owner and group of ${file} have numbers in ${at}: capabilities there count for it.`,
    fr: ({ file, at }) =>
      `Le propriétaire et le groupe de ${file} ont des numéros dans ${at} : les capacités y comptent pour lui.`,
  },
  "mount-seen": {
    en: ({ path, at, type, namespace }) => `${path} lies on the mount at ${at} (${type}) of ${namespace}.`,
    fr: ({ path, at, type, namespace }) => `${path} se trouve sur le montage ${at} (${type}) de ${namespace}.`,
  },
  "device-seen": {
    en: ({ name, namespace }) => `${namespace} has the device ${name}.`,
    fr: ({ name, namespace }) => `${namespace} a l'interface ${name}.`,
  },
  "superblock-first": {
    en: ({ type, capability }) =>
      `A file system of type ${type} is mounted from the machine's first user namespace only: ${capability} counts there.`,
    fr: ({ type, capability }) =>
      `Un système de fichiers ${type} ne se monte que du premier espace utilisateur de la machine : ${capability} y compte.`,
  },
  "superblock-hidden": {
    en: ({ type, capability }) =>
      `A file system of type ${type} may have been mounted from any user namespace: ${capability} counts in that one and above.`,
    fr: ({ type, capability }) =>
      `Un système de fichiers ${type} a pu être monté de tout espace utilisateur : ${capability} compte dans celui-là et au-dessus.`,
  },
  "file-owner-unmapped": {
    en: ({ file, at }) => `The owner of ${file} has no number in ${at}: no capability there counts for it.`,
    fr: ({ file, at }) =>
      `Le propriétaire de ${file} n'a pas de numéro dans ${at} : aucune capacité n'y compte pour lui.`,
  },
  "file-owner-mapped": {
    en: ({ file, at }) => `The owner of ${file} has a number in ${at}: capabilities there count for it.`,
    fr: ({ file, at }) => `Le propriétaire de ${file} a un numéro dans ${at} : les capacités y comptent pour lui.`,
  },
  "older-kernel": {
    en: ({ since, release }) => `Linux ${since} and later let more of them, or others; this is ${release}.`,
    fr: ({ since, release }) =>
      `Linux ${since} et les suivants en laissent davantage, ou d'autres ; ceci est ${release}.`,
  },
  "fact-holds": {
    en: ({ fact, who, what }) => FACT_HOLDS[fact].en({ who, what }),
    fr: ({ fact, who, what }) => FACT_HOLDS[fact].fr({ who, what }),
  },
  "fact-fails": {
    en: ({ fact, who, what }) => FACT_FAILS[fact].en({ who, what }),
    fr: ({ fact, who, what }) => FACT_FAILS[fact].fr({ who, what }),
  },
  "fact-unknown": {
    en: ({ fact, who, what }) => `Unknown whether this holds: ${FACT_HOLDS[fact].en({ who, what })}`,
    fr: ({ fact, who, what }) => `Inconnu si cela est vrai : ${FACT_HOLDS[fact].fr({ who, what })}`,
  },
};

/** Where a step was read; heads the list under it. */
export const READ_FROM: Sentence<{ list: string }> = {
  en: ({ list }) => `read from ${list}`,
  fr: ({ list }) => `lu dans ${list}`,
};
