import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What stands before each part of `nsatlas show`. */
export const SHOW_LABELS = {
  device: { en: "device", fr: "périphérique" },
  inode: { en: "inode", fr: "inœud" },
  id: { en: "64-bit id", fr: "id 64 bits" },
  kind: { en: "kind", fr: "type" },
  name: { en: "name", fr: "nom" },
  belongs: { en: "belongs to", fr: "appartient à" },
  owner: { en: "owner", fr: "propriétaire" },
  parents: { en: "parents", fr: "parents" },
  creator: { en: "creator", fr: "créateur" },
  uidMap: { en: "uid map", fr: "table des uid" },
  gidMap: { en: "gid map", fr: "table des gid" },
  setgroups: { en: "setgroups", fr: "setgroups" },
  members: { en: "members", fr: "membres" },
  holders: { en: "held by", fr: "tenu par" },
} as const satisfies Record<string, Text>;

/** How a walk along owners or parents ends. */
export const CHAIN_ENDS = {
  /** The kernel's answer, and why, where that is known; `above` is empty where the way ends at once. */
  refused: {
    en: ({ above, errno, text, reason }) =>
      `${above && `above ${above}: `}${errno}, ${text.toLowerCase()}${reason && `. ${reason}`}`,
    fr: ({ above, errno, text, reason }) =>
      `${above && `au-dessus de ${above} : `}${errno}, ${text.toLowerCase()}${reason && `. ${reason}`}`,
  },
  /** The reason, where that is the first namespace of a machine: the kernel has no answer of its own for it. */
  initial: {
    en: ({ kind }) => `It is the initial ${kind} namespace: there is none above it.`,
    fr: ({ kind }) => `C'est l'espace de noms ${kind} initial : il n'y en a pas au-dessus.`,
  },
  unseen: {
    en: ({ id }) => `then ${id}, of which there is no record here`,
    fr: ({ id }) => `puis ${id}, dont rien n'est noté ici`,
  },
  cycle: {
    en: ({ id }) => `then ${id} again: this file goes round in a circle`,
    fr: ({ id }) => `puis de nouveau ${id} : ce fichier tourne en rond`,
  },
} as const satisfies {
  refused: Sentence<{ above: string; errno: ErrnoName; text: string; reason: string }>;
  initial: Sentence<{ kind: NamespaceKind }>;
  unseen: Sentence<{ id: string }>;
  cycle: Sentence<{ id: string }>;
};

/** Single values and their absence. */
export const SHOW_TEXTS = {
  own: { en: "your own", fr: "le vôtre" },
  ownerIsParent: { en: "its parent", fr: "son parent" },
  noId: {
    en: "not known: kernels before Linux 6.18 do not tell it",
    fr: "inconnu : les noyaux antérieurs à Linux 6.18 ne le disent pas",
  },
  unmapped: {
    en: "unmapped in your user namespace (65534)",
    fr: "sans correspondance dans votre espace de noms utilisateur (65534)",
  },
  perhapsUnmapped: {
    en: "65534, or unmapped in your user namespace",
    fr: "65534, ou sans correspondance dans votre espace de noms utilisateur",
  },
  mapNotWritten: {
    en: "not written yet: no id has a mapping",
    fr: "pas encore écrite : aucun identifiant n'a de correspondance",
  },
  noMembers: { en: "none", fr: "aucun" },
  noHolders: {
    en: "nothing that is visible (mounts of other mount namespaces are not looked at)",
    fr: "rien de visible (les montages des autres espaces de noms mnt ne sont pas regardés)",
  },
  inside: { en: "inside", fr: "dedans" },
  outside: { en: "outside", fr: "dehors" },
  count: { en: "count", fr: "nombre" },
} as const satisfies Record<string, Text>;

export const SHOW_SENTENCES = {
  creator: { en: ({ uid }) => `uid ${uid}`, fr: ({ uid }) => `uid ${uid}` },
  /** A question that the kernel did not answer. */
  refused: {
    en: ({ call, errno, text, reason }) => `${call}: ${errno}, ${text.toLowerCase()}${reason && `. ${reason}`}`,
    fr: ({ call, errno, text, reason }) => `${call} : ${errno}, ${text.toLowerCase()}${reason && `. ${reason}`}`,
  },
  /** Ids outside have no meaning by themselves: they are numbers in somebody's view. */
  inViewOf: {
    en: ({ view, pid }) => `outside: as ${view} sees it, read from process ${pid}`,
    fr: ({ view, pid }) => `dehors : vu de ${view}, lu dans le processus ${pid}`,
  },
  inViewOfParent: {
    en: ({ view, pid }) => `outside: ids of the parent, as ${view} itself sees it, read from process ${pid}`,
    fr: ({ view, pid }) => `dehors : identifiants du parent, vus de ${view} même, lus dans le processus ${pid}`,
  },
  inUnknownView: {
    en: ({ pid }) => `outside: in a view that is not known, read from process ${pid}`,
    fr: ({ pid }) => `dehors : d'un point de vue inconnu, lu dans le processus ${pid}`,
  },
} as const satisfies {
  creator: Sentence<{ uid: number }>;
  refused: Sentence<{ call: string; errno: ErrnoName; text: string; reason: string }>;
  inViewOf: Sentence<{ view: string; pid: number }>;
  inUnknownView: Sentence<{ pid: number }>;
  inViewOfParent: Sentence<{ view: string; pid: number }>;
};

/** What keeps it alive: processes and namespaces together, the others a line each. */
export const SHOW_HOLDERS = {
  process: {
    en: ({ count }) => (count === 1 ? "the process that is in it" : `the ${count} processes that are in it`),
    fr: ({ count }) => (count < 2 ? "le processus qui y est" : `les ${count} processus qui y sont`),
  },
  "for-children": { en: ({ what }) => `${what}, for its children`, fr: ({ what }) => `${what}, pour ses enfants` },
  "bind-mount": { en: ({ what }) => `the mount at ${what}`, fr: ({ what }) => `le montage sur ${what}` },
  child: {
    en: ({ what, count }) => `its ${count === 1 ? "child" : "children"} ${what}`,
    fr: ({ what, count }) => `${count < 2 ? "son enfant" : "ses enfants"} ${what}`,
  },
  owned: { en: ({ what }) => `what it owns: ${what}`, fr: ({ what }) => `ce qu'il possède : ${what}` },
} as const satisfies {
  process: Sentence<{ count: number }>;
  "for-children": Sentence<{ what: string }>;
  "bind-mount": Sentence<{ what: string }>;
  child: Sentence<{ what: string; count: number }>;
  owned: Sentence<{ what: string }>;
};

/** Where a list is cut. */
export const SHOW_MORE = {
  en: ({ count }) => `and ${count} more (see --all)`,
  fr: ({ count }) => `et ${pluriel(count, "autre", "autres")} (voir --all)`,
} as const satisfies Sentence<{ count: number }>;

/** What `show --get` prints. */
export const FIELD_HELP = {
  ino: { en: "inode number", fr: "numéro d'inœud" },
  dev: { en: "device, as MAJ:MIN", fr: "périphérique, sous la forme MAJ:MIN" },
  id: {
    en: "64-bit id, never used again before the next boot",
    fr: "id sur 64 bits, jamais réutilisé avant le prochain démarrage",
  },
  kind: { en: "cgroup, ipc, mnt, net, pid, time, user or uts", fr: "cgroup, ipc, mnt, net, pid, time, user ou uts" },
  nstype: {
    en: "the kind as NS_GET_NSTYPE gives it, in hexadecimal",
    fr: "le type tel que NS_GET_NSTYPE le donne, en hexadécimal",
  },
  owner: {
    en: "inode number of the owning user namespace",
    fr: "numéro d'inœud de l'espace de noms utilisateur propriétaire",
  },
  parent: {
    en: "inode number of the parent (user and pid only)",
    fr: "numéro d'inœud du parent (user et pid seulement)",
  },
  "owner-uid": { en: "uid of the creator (user only)", fr: "uid du créateur (user seulement)" },
  "mntns-id": {
    en: "id as NS_GET_MNTNS_ID gives it (mnt only)",
    fr: "id tel que NS_GET_MNTNS_ID le donne (mnt seulement)",
  },
  ancestors: {
    en: "inode numbers of parent, grandparent and so on (user and pid only)",
    fr: "numéros d'inœud du parent, du grand-parent, etc. (user et pid seulement)",
  },
  netnsid: {
    en: "its number in your network namespace, or unassigned (net only)",
    fr: "son numéro dans votre espace de noms net, ou unassigned (net seulement)",
  },
  hostname: { en: "what uname -n says in it (uts only)", fr: "ce que uname -n y dit (uts seulement)" },
  domainname: { en: "the NIS domain name in it (uts only)", fr: "le nom de domaine NIS dedans (uts seulement)" },
  monotonic: {
    en: "offset of CLOCK_MONOTONIC in seconds (time only)",
    fr: "décalage de CLOCK_MONOTONIC en secondes (time seulement)",
  },
  boottime: {
    en: "offset of CLOCK_BOOTTIME in seconds (time only)",
    fr: "décalage de CLOCK_BOOTTIME en secondes (time seulement)",
  },
  "cgroup-root": {
    en: "the cgroup that is / in it (cgroup only)",
    fr: "le cgroup qui y est / (cgroup seulement)",
  },
  interfaces: { en: "names of its network interfaces (net only)", fr: "noms de ses interfaces réseau (net seulement)" },
} as const satisfies Record<string, Text>;
