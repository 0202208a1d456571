import type { Sentence } from "./sentence.ts";

/** The first line about an image or a hand-written topology that cannot be read. */
export const TOPOLOGY_SUMMARY: Sentence<{ issues: number; more: boolean }> = {
  en: ({ issues, more }) =>
    issues === 1 ? "The topology is wrong." : `The topology is wrong at ${issues} places${more ? " or more" : ""}.`,
  fr: ({ issues, more }) =>
    issues === 1
      ? "La topologie est fausse."
      : `La topologie est fausse à ${issues} endroits${more ? " ou plus" : ""}.`,
};
export const NEWER_TOPOLOGY: Sentence<object> = {
  en: () => "The topology was written by a newer nsatlas.",
  fr: () => "La topologie a été écrite par un nsatlas plus récent.",
};
export const TOPOLOGY_HINT: Sentence<object> = {
  en: () => 'Nothing was read from it; "nsatlas checkpoint" writes an image, "nsatlas schema topology" has its shape.',
  fr: () =>
    "Rien n'en a été lu ; « nsatlas checkpoint » écrit une image, « nsatlas schema topology » en donne la forme.",
};

/** What may be wrong between the records of a topology, whose every field is right. Labels are safe to print. */
export const TOPOLOGY_ISSUES = {
  "not-an-image": {
    en: ({ format }) => `An image of nsatlas has "${format}" here.`,
    fr: ({ format }) => `Une image de nsatlas porte « ${format} » ici.`,
  } satisfies Sentence<{ format: string }>,
  "not-yaml": {
    en: ({ code }) => `This is neither YAML nor JSON (${code}).`,
    fr: ({ code }) => `Ce n'est ni du YAML ni du JSON (${code}).`,
  } satisfies Sentence<{ code: string }>,
  "label-twice": {
    en: ({ label }) => `The label ${label} is there before.`,
    fr: ({ label }) => `Le nom ${label} figure déjà plus haut.`,
  } satisfies Sentence<{ label: string }>,
  "no-such-label": {
    en: ({ label, kind }) => `There is no ${kind} ${label}.`,
    fr: ({ label, kind }) => `Il n'y a pas de ${kind} ${label}.`,
  } satisfies Sentence<{ label: string; kind: string }>,
  "leader-by-number": {
    en: ({ label }) => `A process that has numbers has one here too, of its own pid namespace, and not ${label}.`,
    fr: ({ label }) =>
      `Un processus qui a des numéros en porte un ici aussi, de son propre espace pid, et non ${label}.`,
  } satisfies Sentence<{ label: string }>,
  "other-kind": {
    en: ({ label, found, kind }) => `${label} is of kind ${found} and must be of kind ${kind}.`,
    fr: ({ label, found, kind }) => `${label} est de type ${found} et doit être de type ${kind}.`,
  } satisfies Sentence<{ label: string; found: string; kind: string }>,
  "stands-later": {
    en: ({ label }) => `${label} must stand before it: owners and parents come first, and nothing lies below itself.`,
    fr: ({ label }) =>
      `${label} doit la précéder : propriétaires et parents viennent d'abord, et rien n'est sous soi-même.`,
  } satisfies Sentence<{ label: string }>,
  "too-deep": {
    en: ({ level, most }) => `It lies ${level} levels deep; the kernel allows ${most}.`,
    fr: ({ level, most }) => `Il est à une profondeur de ${level} niveaux ; le noyau en permet ${most}.`,
  } satisfies Sentence<{ level: number; most: number }>,
  "owner-beside-parents": {
    en: ({ owner, above }) => `Its owner ${owner} must be that of its parent, ${above}, or lie below it.`,
    fr: ({ owner, above }) => `Son propriétaire ${owner} doit être celui de son parent, ${above}, ou être en dessous.`,
  } satisfies Sentence<{ owner: string; above: string }>,

  // Maps.
  "extent-too-long": {
    en: () => "The ids go beyond 4294967294.",
    fr: () => "Les identifiants dépassent 4294967294.",
  } satisfies Sentence<object>,
  "extents-overlap": {
    en: ({ side, first }) => `Its ids ${side} overlap those of the extent that begins at ${first}.`,
    fr: ({ side, first }) => `Ses identifiants ${side} recouvrent ceux de l'étendue qui commence à ${first}.`,
  } satisfies Sentence<{ side: "inside" | "outside"; first: number }>,
  "extent-outside-parent": {
    en: ({ parent }) => `No one extent of ${parent} has all of the ids outside: the kernel refuses such a map (EPERM).`,
    fr: ({ parent }) =>
      `Aucune étendue de ${parent} n'a tous les identifiants du dehors : le noyau refuse une telle correspondance (EPERM).`,
  } satisfies Sentence<{ parent: string }>,
  "id-outside-map": {
    en: ({ what, id, of }) => `${what} ${id} has no number in ${of}.`,
    fr: ({ what, id, of }) => `Le ${what} ${id} n'a pas de numéro dans ${of}.`,
  } satisfies Sentence<{ what: string; id: number; of: string }>,
  "deny-is-inherited": {
    en: ({ parent }) => `Must be deny: ${parent} denies it, which what is below inherits.`,
    fr: ({ parent }) => `Doit être deny : ${parent} le refuse, ce dont hérite ce qui est en dessous.`,
  } satisfies Sentence<{ parent: string }>,

  // Processes.
  "count-of-numbers": {
    en: ({ count, namespaces }) => `Must have ${count}: one for each of ${namespaces}.`,
    fr: ({ count, namespaces }) => `Doit en avoir ${count} : un pour chacun de ${namespaces}.`,
  } satisfies Sentence<{ count: number; namespaces: string }>,
  "number-taken": {
    en: ({ number, namespace, by }) => `${by} has number ${number} in ${namespace}.`,
    fr: ({ number, namespace, by }) => `${by} a le numéro ${number} dans ${namespace}.`,
  } satisfies Sentence<{ number: number; namespace: string; by: string }>,
  "no-first-process": {
    en: ({ label }) => `No process has number 1 in ${label}, which is alive.`,
    fr: ({ label }) => `Aucun processus n'a le numéro 1 dans ${label}, qui est vivant.`,
  } satisfies Sentence<{ label: string }>,
  "nobody-can-be-in-it": {
    en: ({ label, state }) => `No process can be in ${label}, which is ${state}.`,
    fr: ({ label, state }) => `Aucun processus ne peut être dans ${label}, qui est ${state}.`,
  } satisfies Sentence<{ label: string; state: string }>,
  "parent-not-above": {
    en: ({ parent }) => `The pid namespace of its parent ${parent} must be its own or one above.`,
    fr: ({ parent }) => `L'espace de noms pid de son parent ${parent} doit être le sien ou un au-dessus.`,
  } satisfies Sentence<{ parent: string }>,
  "children-not-below": {
    en: ({ label }) => `${label} must be its own pid namespace or one below.`,
    fr: ({ label }) => `${label} doit être son propre espace de noms pid ou un en dessous.`,
  } satisfies Sentence<{ label: string }>,
  "descriptor-twice": {
    en: ({ fd }) => `Descriptor ${fd} is there before.`,
    fr: ({ fd }) => `Le descripteur ${fd} figure déjà plus haut.`,
  } satisfies Sentence<{ fd: number }>,

  // What hangs from them.
  "pin-in-itself": {
    en: ({ label }) =>
      `A mount namespace cannot be mounted in itself, nor in one that is mounted in it, as ${label} would be (EINVAL).`,
    fr: ({ label }) =>
      `Un espace de noms mnt ne peut être monté en lui-même, ni dans un autre qui y est monté, comme le serait ${label} (EINVAL).`,
  } satisfies Sentence<{ label: string }>,
  "pin-twice": {
    en: () => "The same bind mount is there before.",
    fr: () => "Le même montage figure déjà plus haut.",
  } satisfies Sentence<object>,
  "path-not-plain": {
    en: () => "Must be a path without . and .. and doubled slashes.",
    fr: () => "Doit être un chemin sans . ni .. ni barres doublées.",
  } satisfies Sentence<object>,
  "device-twice": {
    en: ({ what }) => `A device ${what} is there before.`,
    fr: ({ what }) => `Une interface ${what} figure déjà plus haut.`,
  } satisfies Sentence<{ what: string }>,
  "no-such-device": {
    en: ({ index, namespace }) => `${namespace} has no device ${index}.`,
    fr: ({ index, namespace }) => `${namespace} n'a pas d'interface ${index}.`,
  } satisfies Sentence<{ index: number; namespace: string }>,
  "device-lacks": {
    en: ({ sort, what }) => `A ${sort} needs a ${what}.`,
    fr: ({ sort, what }) => `Une interface ${sort} exige un champ ${what}.`,
  } satisfies Sentence<{ sort: string; what: string }>,
  "vlans-too-many": {
    en: ({ most }) => `It lies on more than ${most} others, or in the end on itself.`,
    fr: ({ most }) => `Elle repose sur plus de ${most} autres, ou finalement sur elle-même.`,
  } satisfies Sentence<{ most: number }>,
  "number-twice": {
    en: ({ id }) => `The number ${id} is there before.`,
    fr: ({ id }) => `Le numéro ${id} figure déjà plus haut.`,
  } satisfies Sentence<{ id: number }>,
  "class-of-finding": {
    en: ({ expected }) => `Findings of this code are of class ${expected}.`,
    fr: ({ expected }) => `Les constats de ce code sont de classe ${expected}.`,
  } satisfies Sentence<{ expected: string }>,
} as const;
