import { plural, pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

type Says = Sentence<Readonly<Record<"container" | "namespace" | "list", string>>>;

/** What an audit may find: the finding, and what would mend it. */
export const AUDIT_RULES = {
  capable: {
    finding: {
      en: ({ container, namespace, list }) =>
        `Processes of container ${container} have capabilities over the initial user namespace ${namespace}: ${list}.`,
      fr: ({ container, namespace, list }) =>
        `Des processus du conteneur ${container} ont des capacités sur l'espace utilisateur initial ${namespace} : ${list}.`,
    },
    remedy: {
      en: "Give the container a user namespace of its own, or drop these capabilities.",
      fr: "Donnez au conteneur son propre espace utilisateur, ou retirez-lui ces capacités.",
    },
  },
  "host-namespace": {
    finding: {
      en: ({ container, namespace, list }) =>
        `Container ${container} is in the machine's own ${list} namespace ${namespace}.`,
      fr: ({ container, namespace, list }) =>
        `Le conteneur ${container} est dans l'espace ${list} de la machine, ${namespace}.`,
    },
    remedy: {
      en: "Start it with a namespace of its own of that kind, unless it is there to manage the machine.",
      fr: "Démarrez-le avec son propre espace de ce type, sauf s'il est là pour gérer la machine.",
    },
  },
  "shared-ids": {
    finding: {
      en: ({ container, namespace, list }) => `Containers ${container} share ${list} of the machine (${namespace}).`,
      fr: ({ container, namespace, list }) =>
        `Les conteneurs ${container} partagent ${list} de la machine (${namespace}).`,
    },
    remedy: {
      en: "Give each a range of ids of its own (/etc/subuid, /etc/subgid).",
      fr: "Donnez à chacun sa propre plage d'identifiants (/etc/subuid, /etc/subgid).",
    },
  },
  setgroups: {
    finding: {
      en: ({ namespace, list }) =>
        `${namespace} of uid ${list} maps one group and allows setgroups: who is in it can leave groups that deny access.`,
      fr: ({ namespace, list }) =>
        `${namespace} de l'uid ${list} projette un seul groupe et permet setgroups : on peut y quitter des groupes qui refusent l'accès.`,
    },
    remedy: {
      en: "Write deny to setgroups before the gid map is written.",
      fr: "Écrivez deny dans setgroups avant d'écrire la correspondance des gid.",
    },
  },
  owner: {
    finding: {
      en: ({ container, namespace, list }) =>
        `Every process of uid ${list} beside container ${container} may take it over: that uid owns ${namespace}.`,
      fr: ({ container, namespace, list }) =>
        `Tout processus de l'uid ${list} à côté du conteneur ${container} peut en prendre possession : cet uid possède ${namespace}.`,
    },
    remedy: {
      en: "Run containers that are to be safe from each other as users of their own.",
      fr: "Lancez sous des utilisateurs distincts les conteneurs à protéger les uns des autres.",
    },
  },
  "kept-by-nobody": {
    finding: {
      en: ({ namespace }) => `No process is in ${namespace} or has it open.`,
      fr: ({ namespace }) => `Aucun processus n'est dans ${namespace} ni ne l'a ouvert.`,
    },
    remedy: {
      en: "nsatlas why says what keeps it, and what would let it go.",
      fr: "nsatlas why dit ce qui le garde, et ce qui le libérerait.",
    },
  },
} as const satisfies Record<string, { finding: Says; remedy: Text }>;
export type AuditRule = keyof typeof AUDIT_RULES;

export const SEVERITIES = {
  error: { en: "error", fr: "erreur" },
  warning: { en: "warning", fr: "avertissement" },
  note: { en: "note", fr: "remarque" },
} as const satisfies Record<string, Text>;

/** What `audit` says around it. */
export const AUDIT = {
  nothing: { en: "Nothing was found.", fr: "Rien n'a été trouvé." } satisfies Text,
  found: {
    en: ({ count }) => `${plural(count, "finding", "findings")}, the gravest first:`,
    fr: ({ count }) => `${pluriel(count, "constat", "constats")}, du plus grave au moins grave :`,
  } satisfies Sentence<{ count: number }>,
  processes: {
    en: ({ list }) => `processes: ${list}`,
    fr: ({ list }) => `processus : ${list}`,
  } satisfies Sentence<{ list: string }>,
} as const;
