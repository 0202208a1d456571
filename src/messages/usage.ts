import type { Sentence, Text } from "./sentence.ts";

/** What is wrong with the words of a command line, and the way out. `option` is as it was written: `--depht`, `-x`. */
export const USAGE = {
  "unknown-option": {
    en: ({ option, command }) => `${command} has no option ${option}.`,
    fr: ({ option, command }) => `${command} n'a pas d'option ${option}.`,
  } satisfies Sentence<{ option: string; command: string }>,
  "ambiguous-option": {
    en: ({ option, candidates }) => `${option} could be any of ${candidates.join(", ")}.`,
    fr: ({ option, candidates }) => `${option} peut désigner ${candidates.join(", ")}.`,
  } satisfies Sentence<{ option: string; candidates: readonly string[] }>,
  "option-needs-value": {
    en: ({ option, takes }) => `${option} needs a value, ${takes}.`,
    fr: ({ option, takes }) => `${option} exige une valeur, ${takes}.`,
  } satisfies Sentence<{ option: string; takes: string }>,
  "option-takes-no-value": {
    en: ({ option }) => `${option} takes no value.`,
    fr: ({ option }) => `${option} n'accepte pas de valeur.`,
  } satisfies Sentence<{ option: string }>,
  "option-repeated": {
    en: ({ option, first }) => `${option} is given twice (first as ${first}); it takes one value.`,
    fr: ({ option, first }) => `${option} est donnée deux fois (d'abord ${first}) ; elle n'accepte qu'une valeur.`,
  } satisfies Sentence<{ option: string; first: string }>,
  "bad-value": {
    en: ({ option, value, expected }) => `${option}: "${value}" is not ${expected}.`,
    fr: ({ option, value, expected }) => `${option} : « ${value} » n'est pas ${expected}.`,
  } satisfies Sentence<{ option: string; value: string; expected: string }>,
  "options-exclude": {
    en: ({ one, other }) => `${one} and ${other} exclude each other.`,
    fr: ({ one, other }) => `${one} et ${other} s'excluent.`,
  } satisfies Sentence<{ one: string; other: string }>,
  "missing-operand": {
    en: ({ command, operand }) => `${command} needs ${operand}.`,
    fr: ({ command, operand }) => `${command} exige ${operand}.`,
  } satisfies Sentence<{ command: string; operand: string }>,
  "missing-option": {
    en: ({ command, option }) => `${command} needs the option ${option}.`,
    fr: ({ command, option }) => `${command} exige l'option ${option}.`,
  } satisfies Sentence<{ command: string; option: string }>,
  "extra-operand": {
    en: ({ command, operand }) => `${command} does not know what to do with "${operand}".`,
    fr: ({ command, operand }) => `${command} ne sait que faire de « ${operand} ».`,
  } satisfies Sentence<{ command: string; operand: string }>,
  "unknown-command": {
    en: ({ word }) => `There is no command "${word}".`,
    fr: ({ word }) => `Il n'y a pas de commande « ${word} ».`,
  } satisfies Sentence<{ word: string }>,
  "unknown-name": {
    en: ({ what, word }) => `There is no ${what} "${word}".`,
    fr: ({ what, word }) => `« ${word} » : ${what} inconnu.`,
  } satisfies Sentence<{ what: string; word: string }>,
} as const;

/** The ways out of a misspelt command line. */
export const USAGE_HINTS = {
  "did-you-mean": {
    en: ({ nearest }) => `Did you mean ${nearest}?`,
    fr: ({ nearest }) => `Vouliez-vous dire ${nearest} ?`,
  } satisfies Sentence<{ nearest: string }>,
  "see-help": {
    en: ({ command }) => `"nsatlas help${command === "" ? "" : ` ${command}`}" lists what there is.`,
    fr: ({ command }) => `« nsatlas help${command === "" ? "" : ` ${command}`} » en donne la liste.`,
  } satisfies Sentence<{ command: string }>,
  "one-of": {
    en: ({ names }) => `One of: ${names.join(", ")}.`,
    fr: ({ names }) => `Au choix : ${names.join(", ")}.`,
  } satisfies Sentence<{ names: readonly string[] }>,
  "command-first": {
    en: ({ command }) => `Put the command first: nsatlas ${command} …`,
    fr: ({ command }) => `Mettez la commande en premier : nsatlas ${command} …`,
  } satisfies Sentence<{ command: string }>,
} as const;

/** What an option's value should have been; completes "… is not …". */
export const EXPECTED = {
  count: { en: "a whole number", fr: "un nombre entier" },
  pid: { en: "a process id, a whole number from 1 to 4194304", fr: "un numéro de processus, un entier de 1 à 4194304" },
  kind: { en: "a kind of namespace", fr: "un type d'espace de noms" },
  kinds: {
    en: "a kind of namespace, or several with commas between",
    fr: "un type d'espace de noms, ou plusieurs séparés par des virgules",
  },
  columns: {
    en: "a list of columns with commas between",
    fr: "une liste de colonnes séparées par des virgules",
  },
  path: { en: "a path", fr: "un chemin" },
  duration: {
    en: "a span of time: a whole number and s, m, h, d or w",
    fr: "une durée : un nombre entier suivi de s, m, h, d ou w",
  },
  "one-of": { en: "one of the values known here", fr: "l'une des valeurs possibles" },
} as const satisfies Record<string, Text>;
