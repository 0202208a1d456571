import type { Sentence, Text } from "./sentence.ts";

/** What is wrong with a filter of `list -Q`. `text` is safe to print. */
export const FILTER_FAULTS = {
  "unknown-character": {
    en: ({ text }) => `${text} means nothing here.`,
    fr: ({ text }) => `${text} n'a pas de sens ici.`,
  },
  "text-not-closed": {
    en: ({ text }) => `the text that ${text} begins does not end.`,
    fr: ({ text }) => `le texte que ${text} commence ne finit pas.`,
  },
  "number-too-large": {
    en: ({ text }) => `${text} does not fit 64 bits.`,
    fr: ({ text }) => `${text} dépasse 64 bits.`,
  },
  "needs-value": {
    en: ({ text }) => `a column or a value is missing before ${text || "the end"}.`,
    fr: ({ text }) => `il manque une colonne ou une valeur avant ${text || "la fin"}.`,
  },
  "needs-operator": {
    en: ({ text }) => `an operator is missing before ${text}.`,
    fr: ({ text }) => `il manque un opérateur avant ${text}.`,
  },
  "group-not-closed": {
    en: ({ text }) => `${text} is not closed.`,
    fr: ({ text }) => `${text} n'est pas fermée.`,
  },
  "group-not-opened": {
    en: ({ text }) => `${text} closes nothing.`,
    fr: ({ text }) => `${text} ne ferme rien.`,
  },
  "unknown-column": {
    en: ({ text }) => `there is no column ${text}.`,
    fr: ({ text }) => `il n'y a pas de colonne ${text}.`,
  },
  "pattern-not-text": {
    en: () => "a pattern is a text between quotes.",
    fr: () => "un motif est un texte entre guillemets.",
  },
  "pattern-too-long": {
    en: () => "a pattern has at most 256 bytes.",
    fr: () => "un motif a au plus 256 octets.",
  },
  "bad-pattern": {
    en: ({ text }) => `the pattern ${text} is wrong`,
    fr: ({ text }) => `le motif ${text} est faux`,
  },
  "too-long": {
    en: () => "a filter has at most 1024 bytes.",
    fr: () => "un filtre a au plus 1024 octets.",
  },
  "too-many-parts": {
    en: () => "a filter has at most 256 values and operators.",
    fr: () => "un filtre a au plus 256 valeurs et opérateurs.",
  },
  "not-a-number": {
    en: ({ text }) => `${text || "an empty text"} is no number, and is compared with one.`,
    fr: ({ text }) => `${text || "un texte vide"} n'est pas un nombre, et est comparé à un nombre.`,
  },
} as const satisfies Record<string, Sentence<{ text: string }>>;

/** What is wrong with a pattern: what regcomp(3) refuses. */
export const PATTERN_FAULTS = {
  "nothing-to-repeat": {
    en: "there is nothing that *, +, ? or { could repeat.",
    fr: "il n'y a rien que *, +, ? ou { puisse répéter.",
  },
  "bad-interval": {
    en: "between { and } stand one or two numbers up to 32767, the smaller one first.",
    fr: "entre { et } vont un ou deux nombres jusqu'à 32767, le plus petit d'abord.",
  },
  "group-not-closed": { en: "a ( is not closed.", fr: "une ( n'est pas fermée." },
  "bracket-not-closed": { en: "a [ is not closed.", fr: "un [ n'est pas fermé." },
  "bad-range": { en: "a range ends before it begins.", fr: "un intervalle finit avant de commencer." },
  "unknown-class": { en: "there is no such [:class:].", fr: "cette [:classe:] n'existe pas." },
  "unknown-element": {
    en: "[. .] and [= =] take one character.",
    fr: "[. .] et [= =] prennent un seul caractère.",
  },
  "ends-in-backslash": { en: "it ends in a backslash.", fr: "il finit par une barre oblique inverse." },
  "no-such-group": { en: "it refers to a group that it has not.", fr: "il renvoie à un groupe qu'il n'a pas." },
} as const satisfies Record<string, Text>;

/** Where it is, and the way out. */
export const FILTER_WORDS = {
  place: {
    en: ({ at }) => `The filter is wrong at character ${at}`,
    fr: ({ at }) => `Le filtre est faux au caractère ${at}`,
  } satisfies Sentence<{ at: number }>,
  "quote-texts": {
    en: ({ text }) => `Texts stand between quotes, as '${text}'. "nsatlas list -H" lists the columns.`,
    fr: ({ text }) => `Les textes vont entre guillemets, comme « '${text}' » ; « nsatlas list -H » donne les colonnes.`,
  } satisfies Sentence<{ text: string }>,
} as const;
