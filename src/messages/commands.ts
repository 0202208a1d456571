import type { Sentence, Text } from "./sentence.ts";

/** What is said where nsatlas itself is at fault. */
export const BUG = {
  reason: {
    en: ({ what }) => `this is a bug in nsatlas: ${what}`,
    fr: ({ what }) => `c'est un défaut de nsatlas : ${what}`,
  } satisfies Sentence<{ what: string }>,
  hint: {
    en: "NSATLAS_DEBUG=1 shows where it happened; please report it with that.",
    fr: "NSATLAS_DEBUG=1 montre où ; merci de le signaler avec cela.",
  } satisfies Text,
} as const;

/** Standard output, where it is the thing that could not be written. */
export const STANDARD_OUTPUT: Text = { en: "standard output", fr: "la sortie standard" };

/** While a look at the machine takes long. */
export const PROGRESS: Text = { en: "reading /proc …", fr: "lecture de /proc …" };

/** Why a list is empty. Values are safe to print. */
export const EMPTY_LIST = {
  "no-such-process": {
    en: ({ pid }) => `nothing to list: no process ${pid} can be seen.`,
    fr: ({ pid }) => `rien à lister : aucun processus ${pid} n'est visible.`,
  } satisfies Sentence<{ pid: number }>,
  "unreadable-process": {
    en: ({ pid, errno }) => `nothing to list: the namespaces of process ${pid} may not be read (${errno}).`,
    fr: ({ pid, errno }) => `rien à lister : les espaces de noms du processus ${pid} ne sont pas lisibles (${errno}).`,
  } satisfies Sentence<{ pid: number; errno: string }>,
  "no-such-kind": {
    en: ({ kinds }) => `nothing to list: no namespace of kind ${kinds.join(", ")} can be seen.`,
    fr: ({ kinds }) => `rien à lister : aucun espace de noms de type ${kinds.join(", ")} n'est visible.`,
  } satisfies Sentence<{ kinds: readonly string[] }>,
  "no-process-inside": {
    en: ({ text }) => `nothing to list: no process that can be seen is in ${text}.`,
    fr: ({ text }) => `rien à lister : aucun processus visible n'est dans ${text}.`,
  } satisfies Sentence<{ text: string }>,
  "none-persistent": {
    en: "nothing to list: every namespace that can be seen has a process.",
    fr: "rien à lister : tous les espaces de noms visibles ont un processus.",
  } satisfies Text,
  filtered: {
    en: "nothing to list: no row passes the filter.",
    fr: "rien à lister : aucune ligne ne passe le filtre.",
  } satisfies Text,
  nothing: {
    en: "nothing to list: no namespace can be seen.",
    fr: "rien à lister : aucun espace de noms n'est visible.",
  } satisfies Text,
} as const;

/** What stands above the commands to try next, and what each shows. */
export const NEXT_COMMANDS = {
  heading: { en: "Next, try:", fr: "Essayez maintenant :" },
  show: { en: "who owns it, who is in it, what keeps it alive", fr: "à qui il est, qui y est, ce qui le maintient" },
  list: { en: "the same as a table, as lsns has it", fr: "la même chose en tableau, comme lsns" },
  process: {
    en: "the namespaces of one process, as lsns has them",
    fr: "les espaces de noms d'un processus, comme lsns",
  },
  snapshot: {
    en: "keep what was seen, for tree --from and list --from",
    fr: "garder ce qui a été vu, pour tree --from et list --from",
  },
} as const satisfies Record<string, Text>;

/** What to do about a file that is no snapshot. */
export const FORMAT_HINT: Text = {
  en: 'Nothing was read from it; "nsatlas snapshot -o FILE" writes one that this nsatlas reads.',
  fr: "Rien n'en a été lu ; « nsatlas snapshot -o FICHIER » en écrit un que ce nsatlas sait lire.",
};

/** A field that this kernel has and a snapshot has not. */
export const NOT_RECORDED = {
  reason: {
    en: ({ call }) => `No snapshot has the answer of ${call}.`,
    fr: ({ call }) => `Aucun instantané n'a la réponse de ${call}.`,
  } satisfies Sentence<{ call: string }>,
  hint: {
    en: "With Linux 6.18 and later the same number is the 64-bit id, which is recorded.",
    fr: "À partir de Linux 6.18 le même numéro est l'identifiant de 64 bits, qui est enregistré.",
  } satisfies Text,
} as const;

/** A file that cannot be what was asked for by its size alone. */
export const TOO_LARGE = {
  en: ({ path, bytes }) => `${path} is larger than ${bytes} bytes, more than such a file has.`,
  fr: ({ path, bytes }) => `${path} dépasse ${bytes} octets, plus qu'un tel fichier n'en a.`,
} as const satisfies Sentence<{ path: string; bytes: number }>;

/** Below a list, where something was refused. */
export const MORE_THERE: Text = {
  en: "Not everything could be seen: nsatlas doctor says what is missing and what would show it.",
  fr: "Tout n'a pas pu être vu : nsatlas doctor dit ce qui manque et ce qui le montrerait.",
};
