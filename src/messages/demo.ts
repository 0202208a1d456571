import type { ErrnoName } from "../abi/errnos.ts";
import type { Sentence, Text } from "./sentence.ts";

/** The shell sessions of the manual page ioctl_ns(2), by what each is about. */
export const TRANSCRIPT_TITLES = {
  "own-parent": {
    en: "The parent of your user namespace",
    fr: "Le parent de votre espace de noms utilisateur",
  },
  "new-owner": {
    en: "The owner of a new UTS namespace",
    fr: "Le propriétaire d'un nouvel espace de noms UTS",
  },
  "new-parent": {
    en: "The parent of a new user namespace",
    fr: "Le parent d'un nouvel espace de noms utilisateur",
  },
  "from-inside": {
    en: "The same questions from inside a new user namespace",
    fr: "Les mêmes questions depuis un nouvel espace de noms utilisateur",
  },
} as const satisfies Record<string, Text>;
export type TranscriptName = keyof typeof TRANSCRIPT_TITLES;

/** What is to be learnt from a session; where it matters, also for viewers outside the machine's first user namespace. */
interface Lesson {
  readonly lesson: Text;
  readonly elsewhere?: Text;
}

export const TRANSCRIPT_LESSONS: Readonly<Record<TranscriptName, Lesson>> = {
  "own-parent": {
    lesson: {
      en: "This is the initial user namespace: it has no parent at all, and whoever asks gets the same refusal as for one that is out of sight. Being root makes no difference.",
      fr: "C'est l'espace de noms utilisateur initial : il n'a aucun parent, et la question reçoit le même refus que pour un parent hors de portée. Être root n'y change rien.",
    },
    elsewhere: {
      en: "This is not the initial user namespace (nsatlas runs in a container): it has a parent, out of sight from here. Being root makes no difference.",
      fr: "Ce n'est pas l'espace de noms utilisateur initial (nsatlas tourne dans un conteneur) : il a un parent, hors de portée d'ici. Être root n'y change rien.",
    },
  },
  "new-owner": {
    lesson: {
      en: "A namespace belongs to the user namespace that its maker is in. Of namespaces made together the user namespace comes first, so it owns the others.",
      fr: "Un espace de noms appartient à l'espace de noms utilisateur où se trouve son créateur. Parmi ceux créés ensemble, celui de type utilisateur vient d'abord : il possède donc les autres.",
    },
  },
  "new-parent": {
    lesson: {
      en: "The parent is the user namespace that the maker was in: here the initial one.",
      fr: "Le parent est l'espace de noms utilisateur où se trouvait le créateur : ici l'initial.",
    },
    elsewhere: {
      en: "The parent is the user namespace that the maker was in: here yours, which is not the initial one.",
      fr: "Le parent est l'espace de noms utilisateur où se trouvait le créateur : ici le vôtre, qui n'est pas l'initial.",
    },
  },
  "from-inside": {
    lesson: {
      en: "Whoever moves to a new user namespace sees nothing above it any more. The UTS namespace is the same as before, and so is its owner, which is above now.",
      fr: "Qui passe dans un nouvel espace de noms utilisateur ne voit plus rien au-dessus de celui-ci. L'espace de noms UTS est resté le même, et son propriétaire, le même aussi, se trouve désormais au-dessus.",
    },
  },
};

export const DEMO = {
  heading: {
    en: "The sessions of the manual page ioctl_ns(2), on the running kernel and on nsatlas's model of it.",
    fr: "Les sessions de la page de manuel ioctl_ns(2), sur ce noyau et sur le modèle qu'en a nsatlas.",
  },
  "heading-model-alone": {
    en: "The sessions of the manual page ioctl_ns(2), on nsatlas's model of the kernel.",
    fr: "Les sessions de la page de manuel ioctl_ns(2), sur le modèle du noyau qu'a nsatlas.",
  },
  kernel: { en: "kernel", fr: "noyau" },
  model: { en: "model", fr: "modèle" },
  "they-differ": { en: "They differ.", fr: "Ils diffèrent." },
  "same-reason": { en: "The reason is the same as above.", fr: "La raison est la même que ci-dessus." },
  "drawing-mark": {
    en: 'Drawn, not this machine: what "nsatlas demo" makes.',
    fr: "Un dessin, pas cette machine : ce que crée « nsatlas demo ».",
  },
} as const satisfies Record<string, Text>;

export const DEMO_SENTENCES = {
  started: {
    en: ({ pid }) => `process ${pid}`,
    fr: ({ pid }) => `processus ${pid}`,
  } satisfies Sentence<{ pid: number }>,
  reason: {
    en: ({ errno, reason }) => `${errno}: ${reason}`,
    fr: ({ errno, reason }) => `${errno} : ${reason}`,
  } satisfies Sentence<{ errno: ErrnoName; reason: string }>,
  agree: {
    en: ({ kernel, total }) => `Linux ${kernel} and the model agree in all ${total} sessions.`,
    fr: ({ kernel, total }) => `Linux ${kernel} et le modèle concordent sur les ${total} sessions.`,
  } satisfies Sentence<{ kernel: string; total: number }>,
  "agree-in-part": {
    en: ({ kernel, count, total }) =>
      `Linux ${kernel} and the model agree in ${count} of ${total} sessions; the others ran on the model alone.`,
    fr: ({ kernel, count, total }) =>
      `Linux ${kernel} et le modèle concordent sur ${count} sessions sur ${total} ; les autres n'ont tourné que sur le modèle.`,
  } satisfies Sentence<{ kernel: string; count: number; total: number }>,
  differ: {
    en: ({ kernel, titles }) =>
      `Linux ${kernel} and the model differ in: ${titles.join("; ")}. That is a bug in nsatlas.`,
    fr: ({ kernel, titles }) =>
      `Linux ${kernel} et le modèle diffèrent sur : ${titles.join(" ; ")}. C'est un bogue de nsatlas.`,
  } satisfies Sentence<{ kernel: string; titles: readonly string[] }>,
  "all-on-model": {
    en: ({ model, total }) => `All ${total} sessions ran on the model alone (as Linux ${model}).`,
    fr: ({ model, total }) => `Les ${total} sessions n'ont tourné que sur le modèle (Linux ${model}).`,
  } satisfies Sentence<{ model: string; total: number }>,
  "model-alone": {
    en: ({ why }) => `On the model alone. ${why}`,
    fr: ({ why }) => `Sur le modèle seulement. ${why}`,
  } satisfies Sentence<{ why: string }>,
  "call-refused": {
    en: ({ call, errno, meaning }) => `The kernel refused ${call}: ${errno}, ${meaning}.`,
    fr: ({ call, errno, meaning }) => `Le noyau a refusé ${call} : ${errno}, ${meaning}.`,
  } satisfies Sentence<{ call: string; errno: ErrnoName; meaning: string }>,
  "not-started": {
    en: ({ cause }) => `The program that makes the calls did not start: ${cause}.`,
    fr: ({ cause }) => `Le programme qui fait les appels n'a pas démarré : ${cause}.`,
  } satisfies Sentence<{ cause: string }>,
} as const;

/** Why a kernel makes no new user namespace, as far as its errno tells; the sentence before has named the errno. */
export const NO_NEW_NAMESPACES = {
  EPERM: {
    en: "New user namespaces are forbidden here: by a container's seccomp filter, by AppArmor, or by kernel.unprivileged_userns_clone=0.",
    fr: "Les nouveaux espaces de noms utilisateur sont interdits ici : par le filtre seccomp d'un conteneur, par AppArmor ou par kernel.unprivileged_userns_clone=0.",
  },
  EACCES: {
    en: "A security module forbids new user namespaces here.",
    fr: "Un module de sécurité interdit ici les nouveaux espaces de noms utilisateur.",
  },
  ENOSPC: {
    en: "No further user namespace is allowed here: see user.max_user_namespaces.",
    fr: "Aucun espace de noms utilisateur de plus n'est permis ici : voyez user.max_user_namespaces.",
  },
  ENOSYS: {
    en: "The call is missing (before Linux 5.3), or a container's seccomp filter hides it.",
    fr: "L'appel manque (avant Linux 5.3), ou le filtre seccomp d'un conteneur le cache.",
  },
  EINVAL: {
    en: "This kernel was built without user namespaces (CONFIG_USER_NS).",
    fr: "Ce noyau est compilé sans espaces de noms utilisateur (CONFIG_USER_NS).",
  },
} as const satisfies Partial<Record<ErrnoName, Text>>;
