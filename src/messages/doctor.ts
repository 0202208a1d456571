import type { ErrnoName } from "../abi/errnos.ts";
import type { Language, Sentence, Text } from "./sentence.ts";
import { COVERAGE_NOTE_TEXTS, NOT_SHOWN, SKIPPED_SOURCE, SOURCE_MISSING, SOURCE_NAMES } from "./not-seen.ts";

/** Something that was not seen: refused, not had by this kernel, not asked, or hidden by where the caller is. */
export type NotShown =
  | {
      readonly kind: "refused";
      readonly what: keyof typeof NOT_SHOWN;
      readonly count: number;
      readonly errno: ErrnoName;
    }
  | {
      readonly kind: "unsupported";
      readonly source: keyof typeof SOURCE_NAMES;
      readonly errno: ErrnoName;
      readonly since?: string;
    }
  | { readonly kind: "skipped"; readonly source: keyof typeof SOURCE_NAMES; readonly count?: number }
  | { readonly kind: "note"; readonly note: keyof typeof COVERAGE_NOTE_TEXTS }
  | { readonly kind: "place"; readonly place: keyof typeof PLACES };

/** What where the caller is hides as a whole. */
export const PLACES = {
  "no-proc": {
    en: "There is no /proc here: no process, and no namespace, can be seen.",
    fr: "Il n'y a pas de /proc ici : aucun processus, ni espace de noms, n'est visible.",
  },
  "inside-pid": {
    en: "Your pid namespace is not the machine's first: processes outside it are not in its /proc.",
    fr: "Votre espace pid n'est pas le premier de la machine : les processus hors de lui ne sont pas dans son /proc.",
  },
  "inside-user": {
    en: "Your user namespace is not the machine's first: your capabilities do not reach what lies above it.",
    fr: "Votre espace user n'est pas le premier de la machine : vos capacités n'atteignent pas ce qui est au-dessus.",
  },
  filter: {
    en: "Something, most likely a seccomp filter, answers calls in the kernel's place.",
    fr: "Quelque chose, sans doute un filtre seccomp, répond à des appels à la place du noyau.",
  },
  untried: {
    en: "No process could be started to try the calls.",
    fr: "Aucun processus n'a pu être lancé pour essayer les appels.",
  },
} as const satisfies Record<string, Text>;

/** What would show it: a capability, an option, a mount, a newer kernel, or another place to look from. */
export const REMEDIES = {
  CAP_SYS_PTRACE: {
    by: "capability",
    en: "CAP_SYS_PTRACE over their user namespaces shows them; root of the machine has it.",
    fr: "CAP_SYS_PTRACE sur leurs espaces user les montre ; root de la machine l'a.",
  },
  CAP_NET_ADMIN: {
    by: "capability",
    en: "CAP_NET_ADMIN over the network namespaces shows them; Linux 6.18 tells their ids without.",
    fr: "CAP_NET_ADMIN sur les espaces net les montre ; Linux 6.18 en dit les numéros sans elle.",
  },
  CAP_DAC_READ_SEARCH: {
    by: "capability",
    en: "CAP_DAC_READ_SEARCH opens paths that are closed to you.",
    fr: "CAP_DAC_READ_SEARCH ouvre les chemins qui vous sont fermés.",
  },
  CAP_SYS_ADMIN: {
    by: "capability",
    en: "CAP_SYS_ADMIN in the machine's first user and pid namespace walks them all (NS_MNT_GET_NEXT, Linux 6.12).",
    fr: "CAP_SYS_ADMIN dans les premiers espaces user et pid de la machine les parcourt tous (NS_MNT_GET_NEXT, Linux 6.12).",
  },
  "security-module": {
    by: "place",
    en: "You have CAP_SYS_PTRACE here, and may look unless a security module refuses (SELinux, AppArmor, Landlock, BPF).",
    fr: "Vous avez CAP_SYS_PTRACE ici et pouvez regarder, sauf refus d'un module de sécurité (SELinux, AppArmor, Landlock, BPF).",
  },
  "user-namespace": {
    by: "place",
    en: "They are told to who is in that user (or pid) namespace, or above: look from outside.",
    fr: "Ils sont dits à qui est dans cet espace user (ou pid), ou au-dessus : regardez de l'extérieur.",
  },
  outside: {
    by: "place",
    en: "Run nsatlas in the machine's first pid and user namespace.",
    fr: "Lancez nsatlas dans les premiers espaces pid et user de la machine.",
  },
  hidepid: {
    by: "mount",
    en: 'As root: "mount -o remount,hidepid=0 /proc"; or be in the group of its gid=, or have CAP_SYS_PTRACE.',
    fr: "En tant que root : « mount -o remount,hidepid=0 /proc » ; ou soyez du groupe de son gid=, ou ayez CAP_SYS_PTRACE.",
  },
  "own-proc": {
    by: "mount",
    en: 'Mount a proc of your own pid namespace: "mount -t proc proc DIR", then --proc DIR.',
    fr: "Montez un proc de votre espace pid : « mount -t proc proc DIR », puis --proc DIR.",
  },
  unmount: {
    by: "mount",
    en: "Unmount what is mounted over it.",
    fr: "Démontez ce qui est monté par-dessus.",
  },
  "whole-root": {
    by: "place",
    en: "Look from outside that chroot.",
    fr: "Regardez de l'extérieur de ce chroot.",
  },
  "--all-sources": {
    by: "option",
    en: "--all-sources of list, tree and show looks at all of it.",
    fr: "--all-sources de list, tree et show regarde tout.",
  },
  "--no-enter": {
    by: "option",
    en: "Without --no-enter the namespace is entered, and read.",
    fr: "Sans --no-enter, on entre dans l'espace de noms pour lire.",
  },
  "left-out": {
    by: "option",
    en: "A look without the option that left it out (--no-threads, --no-fds, --no-sockets, --no-mounts, --no-attributes).",
    fr: "Un regard sans l'option qui l'a omis (--no-threads, --no-fds, --no-sockets, --no-mounts, --no-attributes).",
  },
  "newer-snapshot": {
    by: "option",
    en: "A snapshot written by this nsatlas has it.",
    fr: "Un instantané écrit par ce nsatlas l'a.",
  },
  kernel: {
    by: "kernel",
    en: "A newer kernel has it.",
    fr: "Un noyau plus récent l'a.",
  },
  listns: {
    by: "kernel",
    en: "Linux 6.19 lists every namespace (listns), to who may see them all.",
    fr: "Linux 6.19 liste tous les espaces de noms (listns), à qui peut tous les voir.",
  },
  filter: {
    by: "option",
    en: 'Run outside of it: "--security-opt seccomp=unconfined" of docker and podman, a unit without SystemCallFilter=.',
    fr: "Lancez hors de lui : « --security-opt seccomp=unconfined » de docker et podman, une unité sans SystemCallFilter=.",
  },
  native: {
    by: "option",
    en: '"npm run build:native" makes the native half.',
    fr: "« npm run build:native » produit la partie native.",
  },
} as const satisfies Record<string, Text & { by: "capability" | "option" | "mount" | "kernel" | "place" }>;
export type Remedy = keyof typeof REMEDIES;

/** Something that was not seen, as a sentence. */
export function notShownText(missing: NotShown, language: Language): string {
  switch (missing.kind) {
    case "refused":
      return sentence(NOT_SHOWN[missing.what][language](missing));
    case "unsupported": {
      const { source, errno, since = "" } = missing;
      return sentence(SOURCE_MISSING[language]({ source: SOURCE_NAMES[source][language], errno, since }));
    }
    case "skipped": {
      const { source, count } = missing;
      const what = SKIPPED_SOURCE[language]({ count, source: SOURCE_NAMES[source][language] });
      return sentence(DOCTOR_SENTENCES["not-asked"][language]({ what }));
    }
    case "note":
      return COVERAGE_NOTE_TEXTS[missing.note][language];
    case "place":
      return PLACES[missing.place][language];
  }
}
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** What stands before the parts of the page. */
export const DOCTOR_LABELS = {
  kernel: { en: "Kernel", fr: "Noyau" },
  you: { en: "You", fr: "Vous" },
  taken: { en: "Taken at", fr: "Pris le" },
  viewer: { en: "Who looked", fr: "Qui regardait" },
  capabilities: { en: "Capabilities", fr: "Capacités" },
  inside: { en: "In", fr: "Dans" },
  proc: { en: "Processes", fr: "Processus" },
  filters: { en: "Call filter", fr: "Filtre" },
  settings: { en: "Settings", fr: "Réglages" },
  limits: { en: "Limits", fr: "Limites" },
  interfaces: { en: "What the kernel answers:", fr: "Ce à quoi le noyau répond :" },
  missing: { en: "What cannot be seen:", fr: "Ce qui n'est pas visible :" },
  missed: {
    en: "What was not seen, as it is said to whoever looked:",
    fr: "Ce qui n'a pas été vu, tel qu'on le dit à qui regardait :",
  },
  nothing: { en: "Nothing was refused or left out.", fr: "Rien n'a été refusé ni omis." },
} as const satisfies Record<string, Text>;

/** The words of the interfaces' table. */
export const ANSWER_WORDS = {
  answers: { en: "yes", fr: "oui" },
  refused: { en: "refused", fr: "refusé" },
  missing: { en: "no", fr: "non" },
  filtered: { en: "filtered", fr: "filtré" },
  untried: { en: "untried", fr: "non essayé" },
} as const satisfies Record<string, Text>;

/** Words of the page's first part. */
export const DOCTOR_TEXTS = {
  all: { en: "all", fr: "toutes" },
  none: { en: "none", fr: "aucune" },
  unknown: { en: "unknown", fr: "inconnu" },
  initial: { en: "the machine's first", fr: "le premier de la machine" },
  "no-new-privs": { en: "no_new_privs is set", fr: "no_new_privs est posé" },
  "seccomp-off": { en: "no filter", fr: "aucun filtre" },
  "seccomp-strict": { en: "strict mode", fr: "mode strict" },
  "seccomp-filter": { en: "a filter is installed", fr: "un filtre est installé" },
  "own-pids": { en: "of your own pid namespace", fr: "de votre espace pid" },
  "other-pids": { en: "of another pid namespace", fr: "d'un autre espace pid" },
  "not-there": { en: "not there", fr: "absent" },
  "not-tried": {
    en: "Which calls the kernel answered is not in a snapshot: nsatlas doctor tries them on the machine itself.",
    fr: "À quels appels le noyau répondait n'est pas dans un instantané : nsatlas doctor les essaie sur la machine même.",
  },
  "hidepid-off": { en: "shows the processes of all users", fr: "montre les processus de tous les utilisateurs" },
} as const satisfies Record<string, Text>;

export const DOCTOR_SENTENCES = {
  "not-asked": {
    en: ({ what }) => `not asked: ${what}`,
    fr: ({ what }) => `non demandé : ${what}`,
  } satisfies Sentence<{ what: string }>,
  "all-but": {
    en: ({ names }) => `all but ${names}`,
    fr: ({ names }) => `toutes sauf ${names}`,
  } satisfies Sentence<{ names: string }>,
  without: {
    en: ({ what }) => `Without: ${what}`,
    fr: ({ what }) => `Sans : ${what}`,
  } satisfies Sentence<{ what: string }>,
  hidepid: {
    en: ({ value }) => `mounted with hidepid=${value}`,
    fr: ({ value }) => `monté avec hidepid=${value}`,
  } satisfies Sentence<{ value: string }>,
  nofile: {
    en: ({ soft, hard }) => `open files ${soft} (at most ${hard})`,
    fr: ({ soft, hard }) => `fichiers ouverts ${soft} (au plus ${hard})`,
  } satisfies Sentence<{ soft: string; hard: string }>,
  nproc: {
    en: ({ soft, hard }) => `processes ${soft} (at most ${hard})`,
    fr: ({ soft, hard }) => `processus ${soft} (au plus ${hard})`,
  } satisfies Sentence<{ soft: string; hard: string }>,
} as const;
