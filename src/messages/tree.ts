import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { plural, pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** The headings of the tree's columns. */
export const TREE_HEADINGS = {
  namespace: { en: "NAMESPACE", fr: "ESPACE DE NOMS" },
  members: { en: "PROCS", fr: "PROCS" },
  pid: { en: "PID", fr: "PID" },
  uid: { en: "UID", fr: "UID" },
  cgroup: { en: "CGROUP", fr: "CGROUP" },
  process: { en: "PROCESS", fr: "PROCESSUS" },
} as const satisfies Record<string, Text>;

type Count = { readonly count: number };

/** What stands in place of the process, where a namespace has none. `more` holders are not named. */
export const HELD_BY = {
  "bind-mount": {
    en: ({ what }) => `no process: mounted at ${what}`,
    fr: ({ what }) => `aucun processus : monté sur ${what}`,
  },
  mount: {
    en: ({ what }) => `no process: mounted: ${what}`,
    fr: ({ what }) => `aucun processus : monté : ${what}`,
  },
  "for-children": {
    en: ({ what }) => `no process: for the children of ${what}`,
    fr: ({ what }) => `aucun processus : pour les enfants de ${what}`,
  },
  thread: {
    en: ({ what }) => `no process: ${what}`,
    fr: ({ what }) => `aucun processus : ${what}`,
  },
  descriptor: {
    en: ({ what }) => `no process: open as ${what}`,
    fr: ({ what }) => `aucun processus : ouvert comme ${what}`,
  },
  socket: {
    en: ({ what }) => `no process: held by ${what}`,
    fr: ({ what }) => `aucun processus : tenu par ${what}`,
  },
  pidfd: {
    en: ({ what }) => `no process: held by ${what}`,
    fr: ({ what }) => `aucun processus : tenu par ${what}`,
  },
  child: {
    en: ({ what }) => `no process: held by its child ${what}`,
    fr: ({ what }) => `aucun processus : tenu par son enfant ${what}`,
  },
  owned: {
    en: ({ what }) => `no process: held by ${what}, which it owns`,
    fr: ({ what }) => `aucun processus : tenu par ${what}, qu'il possède`,
  },
} as const satisfies Record<string, Sentence<{ what: string }>>;

export const HELD_BY_MORE = {
  en: ({ count }) => ` (+${count})`,
  fr: ({ count }) => ` (+${count})`,
} as const satisfies Sentence<Count>;

/** The same where the kernel's own list has it. */
export const LISTED_WITHOUT_HOLDER = {
  en: "no process: the kernel lists it; nobody visible holds it",
  fr: "aucun processus : le noyau le liste ; rien de visible ne le tient",
} as const satisfies Text;

export const HOLDER_NOT_VISIBLE = {
  en: "no process: what holds it is not visible",
  fr: "aucun processus : ce qui le tient n'est pas visible",
} as const satisfies Text;

/** Lines that stand for several namespaces. */
export const FOLDS = {
  show: { en: ({ option }) => `(see ${option})`, fr: ({ option }) => `(voir ${option})` },
  alike: { en: ({ what }) => `each with ${what}`, fr: ({ what }) => `avec chacun ${what}` },
  below: {
    en: ({ count }) => `with ${plural(count, "namespace", "namespaces")} below`,
    fr: ({ count }) => `avec ${pluriel(count, "espace de noms", "espaces de noms")} dessous`,
  },
  noProcess: { en: "no process:", fr: "aucun processus :" },
} as const satisfies {
  show: Sentence<{ option: string }>;
  alike: Sentence<{ what: string }>;
  below: Sentence<Count>;
  noProcess: Text;
};

/** The frame around namespaces whose owner is not known, by what the kernel answered. */
export const OWNER_NOT_SHOWN = {
  refused: {
    en: ({ errno }) => (errno === "EPERM" ? "owner outside your view (EPERM)" : `owner not shown (${errno})`),
    fr: ({ errno }) =>
      errno === "EPERM" ? "propriétaire hors de votre vue (EPERM)" : `propriétaire non montré (${errno})`,
  },
  unseen: { en: "owner not in this snapshot", fr: "propriétaire absent de cet instantané" },
} as const satisfies { refused: Sentence<{ errno: ErrnoName }>; unseen: Text };

/** The last lines: how much there is, and what could not be seen. */
export const TREE_TOTALS = {
  total: { en: ({ total, kinds }) => `${total}: ${kinds}`, fr: ({ total, kinds }) => `${total} : ${kinds}` },
  namespaces: {
    en: ({ count }) => plural(count, "namespace", "namespaces"),
    fr: ({ count }) => pluriel(count, "espace de noms", "espaces de noms"),
  },
  processes: {
    en: ({ count }) => plural(count, "process", "processes"),
    fr: ({ count }) => `${count} processus`,
  },
  ofKind: { en: ({ count, kind }) => `${count} ${kind}`, fr: ({ count, kind }) => `${count} ${kind}` },
  folded: {
    en: ({ count }) => `${plural(count, "is", "are")} folded: --all shows every one`,
    fr: ({ count }) => `${pluriel(count, "est replié", "sont repliés")} : --all les montre tous`,
  },
  own: { en: "your own", fr: "les vôtres" },
} as const satisfies {
  total: Sentence<{ total: string; kinds: string }>;
  namespaces: Sentence<Count>;
  processes: Sentence<Count>;
  ofKind: Sentence<{ count: number; kind: NamespaceKind }>;
  folded: Sentence<Count>;
  own: Text;
};
