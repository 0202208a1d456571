import type { Sentence, Text } from "./sentence.ts";

/** The form of a line of a drawing, which is the same in every language. */
export const DRAWING_LINE = "KIND:NAME [of user:NAME] [by UID] [empty] [pin PATH]…";

/** What can be wrong with a line of a drawing. Values are as they were written. */
export const DRAWING_ERRORS = {
  "no-line": {
    en: ({ text }) => `"${text}" is not "${DRAWING_LINE}".`,
    fr: ({ text }) => `« ${text} » n'est pas « ${DRAWING_LINE} ».`,
  },
  "no-kind": {
    en: ({ text, near }) => `"${text}" is no kind of namespace; there are ${near}.`,
    fr: ({ text, near }) => `« ${text} » n'est pas un type d'espace de noms ; il y a ${near}.`,
  },
  "no-uid": {
    en: ({ name, text }) => `${name}: ${text} is no uid, those end at 4294967294.`,
    fr: ({ name, text }) => `${name} : ${text} n'est pas un uid, ils vont jusqu'à 4294967294.`,
  },
  "initial-takes-nothing": {
    en: ({ name }) =>
      `${name} is there from the start: its line has nothing after the name, and stands below no other.`,
    fr: ({ name }) => `${name} existe dès le départ : sa ligne n'a rien après le nom et n'est sous aucune autre.`,
  },
  "drawn-twice": {
    en: ({ name }) => `${name} is drawn twice.`,
    fr: ({ name }) => `${name} est dessiné deux fois.`,
  },
  "no-child": {
    en: ({ name, other }) =>
      `${name} cannot be a child of ${other}: only user and pid namespaces nest, each in its own kind.`,
    fr: ({ name, other }) =>
      `${name} ne peut être sous ${other} : seuls les types user et pid s'imbriquent, chacun dans le sien.`,
  },
  "owner-is-parent": {
    en: ({ name }) => `${name} is owned by its parent: indent it under that, without "of".`,
    fr: ({ name }) => `${name} appartient à son parent : mettez-le en retrait sous celui-ci, sans « of ».`,
  },
  "owner-not-above": {
    en: ({ name, other }) => `${name}: its owner ${other} is drawn nowhere above.`,
    fr: ({ name, other }) => `${name} : son propriétaire ${other} n'est dessiné nulle part au-dessus.`,
  },
  "pinned-twice": {
    en: ({ name, text }) => `${name}: ${text} is the path of another pin already.`,
    fr: ({ name, text }) => `${name} : ${text} est déjà le chemin d'un autre montage.`,
  },
} as const satisfies Record<string, Sentence<{ name: string; other: string; text: string; near: string }>>;

/** Which rule a line of a drawing breaks. */
export type DrawingRule = keyof typeof DRAWING_ERRORS;

/** What is said of a drawing in a file. */
export const DRAWING = {
  "at-line": {
    en: ({ path, line, what }) => `${path}, line ${line}: ${what}`,
    fr: ({ path, line, what }) => `${path}, ligne ${line} : ${what}`,
  } satisfies Sentence<{ path: string; line: number; what: string }>,
  hint: {
    en: 'Indentation is the parent, "#" begins a remark; docs/model.md has the grammar.',
    fr: "Le retrait indique le parent, « # » ouvre une remarque ; docs/model.md donne la grammaire.",
  } satisfies Text,
  /** The form is right, and the kernel would not allow it. `why` is a sentence. */
  refused: {
    en: ({ name, call, errno, why }) => `${name} cannot be made: ${call} gives ${errno}. ${why}`,
    fr: ({ name, call, errno, why }) => `${name} ne peut être créé : ${call} donne ${errno}. ${why}`,
  } satisfies Sentence<{ name: string; call: string; errno: string; why: string }>,
  "no-such-viewer": {
    en: ({ name }) => `--as: no process of that world is called "${name}".`,
    fr: ({ name }) => `--as : aucun processus de ce monde ne s'appelle « ${name} ».`,
  } satisfies Sentence<{ name: string }>,
  "as-needs-world": {
    en: "--as says who looks at a drawn world: it needs --world FILE.",
    fr: "--as dit qui regarde un monde dessiné : il lui faut --world FICHIER.",
  } satisfies Text,
  "print-needs-world": {
    en: "--print-world prints what became of a drawn world: it needs --world FILE.",
    fr: "--print-world écrit ce qu'un monde dessiné est devenu : il lui faut --world FICHIER.",
  } satisfies Text,
  "kernel-needs-world": {
    en: "--kernel says how a drawn world behaves: it needs --world FILE.",
    fr: "--kernel dit comment un monde dessiné se comporte : il lui faut --world FICHIER.",
  } satisfies Text,
} as const;
