import type { Sentence } from "./sentence.ts";

/** What a rule's sentence may speak of: the part of the name that broke it, and what would have been right. */
interface Broken {
  /** Already made safe to print. */
  readonly part: string;
  readonly known: readonly string[];
}

/** The rules of a REF or a WHO, each as the sentence for a name that broke it. One row for each check in `refs/`. */
export const REF_RULES = {
  empty: {
    en: () => "It is empty.",
    fr: () => "Il est vide.",
  },
  "no-known-form": {
    en: ({ part }) =>
      `"${part}" is no path (it would begin with /, ./ or ../), no kind:…, no PID/kind, no fd:N and no inode.`,
    fr: ({ part }) =>
      `« ${part} » n'est ni un chemin (il commencerait par /, ./ ou ../), ni kind:…, ni PID/kind, ni fd:N, ni un inode.`,
  },
  "path-too-long": {
    en: () => "A path has at most 4095 bytes, and 255 between two slashes.",
    fr: () => "Un chemin a au plus 4095 octets, et 255 entre deux barres.",
  },
  "path-with-nul": {
    en: () => "A path has no NUL byte.",
    fr: () => "Un chemin ne contient pas d'octet NUL.",
  },
  "unknown-kind": {
    en: ({ part, known }) => `"${part}" is no kind of namespace: they are ${known.join(", ")}.`,
    fr: ({ part, known }) => `« ${part} » n'est pas un type d'espace de noms : ce sont ${known.join(", ")}.`,
  },
  "kind-names-nothing": {
    en: ({ part }) => `"${part}:" is followed by nothing: a path, [inode], id:N or, for net, a name is missing.`,
    fr: ({ part }) => `« ${part}: » n'est suivi de rien : il manque un chemin, [inode], id:N ou, pour net, un nom.`,
  },
  "bad-inode": {
    en: ({ part }) => `"${part}" is no inode: it is a whole number from 1 to 18446744073709551615.`,
    fr: ({ part }) => `« ${part} » n'est pas un inode : c'est un entier de 1 à 18446744073709551615.`,
  },
  "bad-device": {
    en: ({ part }) => `"${part}" is no MAJ:MIN/INODE in decimal with MAJ and MIN below 4294967296.`,
    fr: ({ part }) => `« ${part} » n'est pas MAJ:MIN/INODE en décimal, avec MAJ et MIN inférieurs à 4294967296.`,
  },
  "bracket-not-closed": {
    en: ({ part }) => `"${part}" has a bracket that is not closed, or text after it.`,
    fr: ({ part }) => `« ${part} » a un crochet qui n'est pas fermé, ou du texte après lui.`,
  },
  "bad-unique-id": {
    en: ({ part }) => `"${part}" is no 64-bit id: it is a whole number from 1 to 18446744073709551615.`,
    fr: ({ part }) => `« ${part} » n'est pas un identifiant de 64 bits : c'est un entier de 1 à 18446744073709551615.`,
  },
  "name-is-for-net": {
    en: ({ part }) =>
      `Only network namespaces have names (under /run/netns), so "${part}" needs a path, [inode] or id:N.`,
    fr: ({ part }) =>
      `Seuls les espaces de noms réseau ont des noms (sous /run/netns) : « ${part} » exige un chemin, [inode] ou id:N.`,
  },
  "bad-name": {
    en: ({ part }) =>
      `"${part}" is no name under /run/netns: one has no slash, no control character, is not . or .., and has at most 255 bytes.`,
    fr: ({ part }) =>
      `« ${part} » n'est pas un nom sous /run/netns : il n'a ni barre, ni caractère de contrôle, n'est ni . ni .., et a au plus 255 octets.`,
  },
  "bad-pid": {
    en: ({ part }) => `"${part}" is no process id: it is "self" or a whole number from 1 to 4194304.`,
    fr: ({ part }) => `« ${part} » n'est pas un numéro de processus : c'est « self » ou un entier de 1 à 4194304.`,
  },
  "bad-thread": {
    en: ({ part }) => `"${part}" is no thread id: it is a whole number from 1 to 4194304.`,
    fr: ({ part }) => `« ${part} » n'est pas un numéro de thread : c'est un entier de 1 à 4194304.`,
  },
  "unknown-link": {
    en: ({ part, known }) => `"${part}" is no file of /proc/PID/ns: they are ${known.join(", ")}.`,
    fr: ({ part, known }) => `« ${part} » n'est pas un fichier de /proc/PID/ns : ce sont ${known.join(", ")}.`,
  },
  "too-many-parts": {
    en: ({ part }) => `"${part}" has more parts than PID/TID/kind.`,
    fr: ({ part }) => `« ${part} » a plus de parties que PID/TID/kind.`,
  },
  "bad-fd": {
    en: ({ part }) => `"${part}" is no file descriptor: it is a whole number from 0 to 1073741816.`,
    fr: ({ part }) => `« ${part} » n'est pas un descripteur de fichier : c'est un entier de 0 à 1073741816.`,
  },
  "who-needs-pid-namespace": {
    en: ({ part }) => `After @ stands a pid namespace, as in 42@pid:[4026532201]; "${part}" names none.`,
    fr: ({ part }) =>
      `Après @ vient un espace de noms pid, comme dans 42@pid:[4026532201] ; « ${part} » n'en désigne pas.`,
  },
} as const satisfies Record<string, Sentence<Broken>>;

export type RefRule = keyof typeof REF_RULES;
