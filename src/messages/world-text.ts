import type { Sentence } from "./sentence.ts";

/**
 * What can be wrong with a line behind a drawing. `name` is what the line is about, such as "task shell"; `text` is as it
 * was written; `near` is what may stand there.
 */
export const WORLD_TEXT_ERRORS = {
  "no-word": {
    en: ({ text, near }) => `"${text}" begins no line of a world; there are ${near}, and namespaces such as net:blue.`,
    fr: ({ text, near }) =>
      `« ${text} » n'ouvre aucune ligne d'un monde ; il y a ${near}, et des espaces de noms tels que net:blue.`,
  },
  "no-subject": {
    en: ({ name }) => `"${name}" must be followed by what it is about.`,
    fr: ({ name }) => `« ${name} » doit être suivi de ce dont il s'agit.`,
  },
  "no-key": {
    en: ({ name, text, near }) => `${name}: "${text}" is nothing that can be said here; there are ${near}.`,
    fr: ({ name, text, near }) => `${name} : « ${text} » n'est rien qui puisse être dit ici ; il y a ${near}.`,
  },
  "no-value": {
    en: ({ name, text, near }) => `${name}: "${text}" takes ${near}.`,
    fr: ({ name, text, near }) => `${name} : « ${text} » attend ${near}.`,
  },
  "said-twice": {
    en: ({ name, text }) => `${name}: ${text} is said twice.`,
    fr: ({ name, text }) => `${name} : ${text} est dit deux fois.`,
  },
  "is-missing": {
    en: ({ name, near }) => `${name}: ${near} is missing.`,
    fr: ({ name, near }) => `${name} : il manque ${near}.`,
  },
  "is-nowhere": {
    en: ({ name, text }) => `${name}: ${text} is nowhere in this world.`,
    fr: ({ name, text }) => `${name} : ${text} n'existe pas dans ce monde.`,
  },
  "other-kind": {
    en: ({ name, text, near }) => `${name}: ${text} is not of kind ${near}.`,
    fr: ({ name, text, near }) => `${name} : ${text} n'est pas de type ${near}.`,
  },
  "number-taken": {
    en: ({ name, text }) => `${name}: number ${text} is taken already.`,
    fr: ({ name, text }) => `${name} : le numéro ${text} est déjà pris.`,
  },
  "number-for-each-level": {
    en: ({ name, near }) => `${name}: it has a number in its pid namespace and in each one above: "pid" takes ${near}.`,
    fr: ({ name, near }) =>
      `${name} : il a un numéro dans son espace de PID et dans chacun au-dessus : « pid » en attend ${near}.`,
  },
  "above-itself": {
    en: ({ name }) => `${name} is its own ancestor.`,
    fr: ({ name }) => `${name} est son propre ancêtre.`,
  },
  "nothing-keeps-it": {
    en: ({ name }) => `${name}: no task is in it, and nothing else keeps it.`,
    fr: ({ name }) => `${name} : aucune tâche n'y est, et rien d'autre ne le retient.`,
  },
  "drawing-only": {
    en: ({ name }) => `${name}: where a world has lines of tasks, "empty" and "pin" are said by "task" and "mount".`,
    fr: ({ name }) =>
      `${name} : dans un monde qui a des lignes de tâches, « empty » et « pin » se disent par « task » et « mount ».`,
  },
} as const satisfies Record<string, Sentence<{ name: string; text: string; near: string }>>;

/** Which rule a line behind a drawing breaks. */
export type WorldTextRule = keyof typeof WORLD_TEXT_ERRORS;
