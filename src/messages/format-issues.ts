import type { Sentence, Text } from "./sentence.ts";

/** The values that JSON has, as an issue names them. */
export const JSON_TYPES = {
  string: { en: "a text", fr: "un texte" },
  whole: { en: "a whole number", fr: "un nombre entier" },
  boolean: { en: "true or false", fr: "true ou false" },
  null: { en: "null", fr: "null" },
  array: { en: "a list", fr: "une liste" },
  object: { en: "an object", fr: "un objet" },
} as const satisfies Record<string, Text>;
export type JsonType = keyof typeof JSON_TYPES;

/** What may be wrong at one place of a snapshot file. Values from the file were checked or made safe to print. */
export const FORMAT_ISSUES = {
  // The text.
  "json-unexpected": {
    en: ({ found }) => `This is not JSON: ${found} cannot stand here.`,
    fr: ({ found }) => `Ce n'est pas du JSON : ${found} n'a pas sa place ici.`,
  } satisfies Sentence<{ found: string }>,
  "json-ends-early": {
    en: () => "This is not JSON: the text ends too early.",
    fr: () => "Ce n'est pas du JSON : le texte s'arrête trop tôt.",
  } satisfies Sentence<object>,
  "json-too-deep": {
    en: ({ most }) => `Nested more than ${most} levels deep.`,
    fr: ({ most }) => `Plus de ${most} niveaux imbriqués.`,
  } satisfies Sentence<{ most: number }>,
  "json-too-many": {
    en: ({ most }) => `More than ${most} members in one list or object.`,
    fr: ({ most }) => `Plus de ${most} éléments dans une seule liste ou un seul objet.`,
  } satisfies Sentence<{ most: number }>,

  // The format.
  "not-a-snapshot": {
    en: ({ format }) => `A snapshot of nsatlas has "${format}" here.`,
    fr: ({ format }) => `Un instantané de nsatlas porte « ${format} » ici.`,
  } satisfies Sentence<{ format: string }>,
  "newer-format": {
    en: ({ version, reads, producer }) =>
      `Format ${version} is newer than this nsatlas reads (${reads}): ` +
      `take nsatlas ${producer === undefined ? "of a later version" : `${producer} or later`}.`,
    fr: ({ version, reads, producer }) =>
      `Le format ${version} est plus récent que ce que lit ce nsatlas (${reads}) : ` +
      `prenez nsatlas ${producer === undefined ? "dans une version ultérieure" : `${producer} ou plus récent`}.`,
  } satisfies Sentence<{ version: number; reads: number; producer: string | undefined }>,

  // One value.
  missing: {
    en: () => "Missing.",
    fr: () => "Absent.",
  } satisfies Sentence<object>,
  "unknown-field": {
    en: ({ version }) => `Format ${version} has no such field.`,
    fr: ({ version }) => `Le format ${version} n'a pas ce champ.`,
  } satisfies Sentence<{ version: number }>,
  "wrong-type": {
    en: ({ expected }) => `Must be ${JSON_TYPES[expected].en}.`,
    fr: ({ expected }) => `Doit être ${JSON_TYPES[expected].fr}.`,
  } satisfies Sentence<{ expected: JsonType }>,
  "not-one-of": {
    en: ({ allowed }) => `Must be one of: ${allowed}.`,
    fr: ({ allowed }) => `Valeurs possibles : ${allowed}.`,
  } satisfies Sentence<{ allowed: string }>,
  "too-small": {
    en: ({ least }) => `Must be ${least} at least.`,
    fr: ({ least }) => `Doit être au moins ${least}.`,
  } satisfies Sentence<{ least: string }>,
  "too-large": {
    en: ({ most }) => `Must be ${most} at most.`,
    fr: ({ most }) => `Doit être au plus ${most}.`,
  } satisfies Sentence<{ most: string }>,
  "too-long": {
    en: ({ most }) => `Longer than ${most}.`,
    fr: ({ most }) => `Plus long que ${most}.`,
  } satisfies Sentence<{ most: string }>,
  "bad-form": {
    en: ({ form }) => `Must have the form ${form}.`,
    fr: ({ form }) => `Doit avoir la forme ${form}.`,
  } satisfies Sentence<{ form: string }>,

  // Records among each other.
  "there-before": {
    en: ({ what }) => `${what} is there before.`,
    fr: ({ what }) => `${what} figure déjà plus haut.`,
  } satisfies Sentence<{ what: string }>,
  "out-of-order": {
    en: ({ previous }) => `Must stand before ${previous}: records are in order.`,
    fr: ({ previous }) => `Doit précéder ${previous} : les enregistrements sont triés.`,
  } satisfies Sentence<{ previous: string }>,
  "unknown-namespace": {
    en: ({ id }) => `The snapshot has no namespace ${id}.`,
    fr: ({ id }) => `L'instantané n'a pas d'espace de noms ${id}.`,
  } satisfies Sentence<{ id: string }>,
  "unknown-process": {
    en: ({ pid }) => `The snapshot has no process ${pid}.`,
    fr: ({ pid }) => `L'instantané n'a pas de processus ${pid}.`,
  } satisfies Sentence<{ pid: number }>,
  "leader-is-no-thread": {
    en: () => "The first thread of a process is the process.",
    fr: () => "Le premier fil d'un processus est le processus.",
  } satisfies Sentence<object>,
  "thread-like-its-process": {
    en: () => "The process is in the same: only what differs is here.",
    fr: () => "Le processus est dans le même : seul ce qui diffère figure ici.",
  } satisfies Sentence<object>,
  "socket-without-cause": {
    en: () => "A socket is here for its network namespace or for descriptors in flight, and this one has neither.",
    fr: () =>
      "Une socket figure ici pour son espace de noms net ou pour des descripteurs en transit, et celle-ci n'a ni l'un ni l'autre.",
  } satisfies Sentence<object>,
  "target-without-number": {
    en: () => "Of a process without a number nobody knows the pid namespace.",
    fr: () => "D'un processus sans numéro, nul ne connaît l'espace de noms pid.",
  } satisfies Sentence<object>,
  "wrong-kind": {
    en: ({ id, found, expected }) => `${id} is of kind ${found} and must be of kind ${expected}.`,
    fr: ({ id, found, expected }) => `${id} est de type ${found} et doit être de type ${expected}.`,
  } satisfies Sentence<{ id: string; found: string; expected: string }>,
  "kind-does-not-nest": {
    en: ({ kind }) => `A namespace of kind ${kind} has no parent.`,
    fr: ({ kind }) => `Un espace de noms de type ${kind} n'a pas de parent.`,
  } satisfies Sentence<{ kind: string }>,
  "mnt-only": {
    en: () => "Only mount namespaces have this.",
    fr: () => "Seuls les espaces de noms mnt ont cela.",
  } satisfies Sentence<object>,
  "pid-only": {
    en: () => "Only pid namespaces have this.",
    fr: () => "Seuls les espaces de noms pid ont cela.",
  } satisfies Sentence<object>,
  "net-only": {
    en: () => "Only network namespaces have this.",
    fr: () => "Seuls les espaces de noms net ont cela.",
  } satisfies Sentence<object>,
  "place-of-nothing": {
    en: () => "Missing: of an unknown mount namespace at least a process is known that is in it.",
    fr: () => "Absent : d'un espace de noms mnt inconnu, on connaît au moins un processus qui y est.",
  } satisfies Sentence<object>,
  "user-only": {
    en: () => "Only user namespaces have this.",
    fr: () => "Seuls les espaces de noms utilisateur ont cela.",
  } satisfies Sentence<object>,
  "owner-is-not-parent": {
    en: ({ parent }) => `A user namespace is owned by its parent, ${parent}.`,
    fr: ({ parent }) => `Un espace de noms utilisateur appartient à son parent, ${parent}.`,
  } satisfies Sentence<{ parent: string }>,
  circle: {
    en: ({ id }) => `Following this from one namespace to the next leads back to ${id}.`,
    fr: ({ id }) => `De proche en proche, cette relation ramène à ${id}.`,
  } satisfies Sentence<{ id: string }>,
  "seen-and-refused": {
    en: () => "It was read, so it was not refused.",
    fr: () => "Il a été lu, donc il n'a pas été refusé.",
  } satisfies Sentence<object>,
  sum: {
    en: ({ sum }) => `Must be ${sum}: seen + vanished + all refused.`,
    fr: ({ sum }) => `Doit être ${sum} : seen + vanished + tous les refus.`,
  } satisfies Sentence<{ sum: number }>,
  "source-missing": {
    en: ({ source }) => `The source ${source} has no row.`,
    fr: ({ source }) => `La source ${source} n'a pas de ligne.`,
  } satisfies Sentence<{ source: string }>,
  "not-redacted": {
    en: () => "A redacted snapshot does not have this.",
    fr: () => "Un instantané expurgé ne contient pas cela.",
  } satisfies Sentence<object>,
} as const;
export type FormatIssueKey = keyof typeof FORMAT_ISSUES;

/** Where an issue is, when it is not at a field: a line and a column of the text, or the text as a whole. */
export const FORMAT_PLACES = {
  text: {
    en: ({ line, column }) => `line ${line}, column ${column}`,
    fr: ({ line, column }) => `ligne ${line}, colonne ${column}`,
  } satisfies Sentence<{ line: number; column: number }>,
  whole: {
    en: () => "the whole file",
    fr: () => "tout le fichier",
  } satisfies Sentence<object>,
} as const;

/** The first line about a file that cannot be read. */
export const FORMAT_SUMMARY = {
  en: ({ issues, more }) => {
    if (issues === 1) return "The snapshot is damaged.";
    return `The snapshot is damaged at ${issues} places${more ? " or more" : ""}.`;
  },
  fr: ({ issues, more }) => {
    if (issues === 1) return "L'instantané est endommagé.";
    return `L'instantané est endommagé à ${issues} endroits${more ? " ou plus" : ""}.`;
  },
} as const satisfies Sentence<{ issues: number; more: boolean }>;
export const NEWER_FORMAT_SUMMARY = {
  en: "The snapshot was written by a newer nsatlas.",
  fr: "L'instantané a été écrit par un nsatlas plus récent.",
} as const satisfies Text;
