import type { Sentence, Text } from "./sentence.ts";

/** What the sentences about a finding are filled with. Each finding has those that its sentence uses. */
export const FINDING_DETAILS = [
  "call",
  "comm",
  "count",
  "errno",
  "fd",
  "ids",
  "kind",
  "link",
  "other",
  "path",
  "pid",
  "tid",
  "what",
] as const;
export type FindingDetail = (typeof FINDING_DETAILS)[number];
type Details = Readonly<Record<FindingDetail, string>>;

/** What an image of a topology does not hold, or not surely. The element that it is about stands before the sentence. */
export const TOPOLOGY_FINDINGS = {
  // identity
  "kernels-numbers": {
    en: () => "Inode numbers, ids and start times are here for people: a restored namespace has others.",
    fr: () =>
      "Numéros d'inode, identifiants et dates de départ sont là pour les lecteurs : un espace de noms restauré en a d'autres.",
  },
  "ambient-numbers": {
    en: ({ count }) =>
      `Captured processes in the pid namespace of whoever looked: ${count}. Their numbers there are anybody's.`,
    fr: ({ count }) =>
      `Processus saisis dans l'espace de noms pid de qui a regardé : ${count}. Leurs numéros y sont quelconques.`,
  },
  "mount-tree": {
    en: ({ count }) =>
      `What is mounted in it (${count}) is not in the image: restored, it begins as a copy of the restorer's.`,
    fr: ({ count }) =>
      `Ce qui y est monté (${count}) n'est pas dans l'image : restauré, il part d'une copie de celui qui restaure.`,
  },
  "pin-comes-along": {
    en: ({ path }) => `A copy of the bind mount at ${path} that its mount namespace was made with: it comes by itself.`,
    fr: ({ path }) =>
      `Une copie du montage ${path}, venue à la création de son espace de noms mnt : elle viendra d'elle-même.`,
  },
  "is-nsatlas": {
    en: ({ pid }) => `Process ${pid} is nsatlas itself, and is left out.`,
    fr: ({ pid }) => `Le processus ${pid} est nsatlas lui-même ; il est omis.`,
  },
  "session-elsewhere": {
    en: () =>
      "Nobody in the image leads its session: restored, it leads one in its place, for those too that were forked into it.",
    fr: () =>
      "Personne dans l'image ne mène sa session : restauré, il en mène une à la place, y compris pour ceux qui y sont nés.",
  },
  "group-elsewhere": {
    en: () => "Nobody in the image leads its process group: restored, it leads one in its place.",
    fr: () => "Personne dans l'image ne mène son groupe de processus : restauré, il en mène un à la place.",
  },

  // degraded
  "attribute-not-read": {
    en: ({ what, call, errno }) => `Its ${what} could not be read (${call}: ${errno}).`,
    fr: ({ what, call, errno }) => `Son attribut « ${what} » n'a pas pu être lu (${call} : ${errno}).`,
  },
  "attribute-not-asked": {
    en: ({ what }) => `Its ${what} was not asked for, or there was nobody to ask.`,
    fr: ({ what }) => `Son attribut « ${what} » n'a pas été demandé, ou il n'y avait personne à qui le demander.`,
  },
  "ipc-objects": {
    en: ({ count }) => `It holds System V objects (${count}), which are content and not in the image.`,
    fr: ({ count }) => `Il contient des objets System V (${count}) : c'est du contenu, qui n'est pas dans l'image.`,
  },
  "thread-elsewhere": {
    en: ({ tid, link }) =>
      `Its thread ${tid} is in other namespaces than the process (${link}), which is not in the image.`,
    fr: ({ tid, link }) =>
      `Son fil ${tid} est dans d'autres espaces de noms que le processus (${link}), ce qui n'est pas dans l'image.`,
  },
  "socket-holds": {
    en: ({ fd, other }) => `Its socket ${fd} belongs to ${other}, which is not in the image.`,
    fr: ({ fd, other }) => `Sa socket ${fd} appartient à ${other}, ce qui n'est pas dans l'image.`,
  },
  "pidfd-holds": {
    en: ({ fd, other }) => `Its descriptor ${fd} is a pidfd that keeps ${other}, which is not in the image.`,
    fr: ({ fd, other }) => `Son descripteur ${fd} est un pidfd qui garde ${other}, ce qui n'est pas dans l'image.`,
  },
  "thread-descriptor": {
    en: ({ tid, fd, other }) => `Descriptor ${fd} of its thread ${tid}, which has a table of its own, keeps ${other}.`,
    fr: ({ tid, fd, other }) => `Le descripteur ${fd} de son fil ${tid}, qui a sa propre table, garde ${other}.`,
  },
  "ended-process": {
    en: ({ pid, comm }) => `Process ${pid} (${comm}) has ended and was not waited for; it is not in the image.`,
    fr: ({ pid, comm }) =>
      `Le processus ${pid} (${comm}) est terminé sans avoir été attendu ; il n'est pas dans l'image.`,
  },
  "kernel-thread": {
    en: ({ pid, comm }) => `${comm} (${pid}) is a thread of the kernel's own, which nobody can make.`,
    fr: ({ pid, comm }) => `${comm} (${pid}) est un fil du noyau même, que personne ne peut créer.`,
  },
  "session-outside": {
    en: () => "Its session began outside of its pid namespace; restored, it has one of its own.",
    fr: () => "Sa session a commencé hors de son espace de noms pid ; restauré, il en aura une à lui.",
  },
  "group-outside": {
    en: () => "Its process group began outside of its pid namespace; restored, it has one of its own.",
    fr: () => "Son groupe de processus a commencé hors de son espace de noms pid ; restauré, il en aura un à lui.",
  },
  "session-not-read": {
    en: () => "Its session and process group were not told.",
    fr: () => "Sa session et son groupe de processus n'ont pas été dits.",
  },
  "id-without-number": {
    en: ({ what, ids }) =>
      `Its ${what} (${ids} here) have no number in its user namespace: nobody can take them up again there.`,
    fr: ({ what, ids }) =>
      `Ses ${what} (${ids} ici) n'ont pas de numéro dans son espace utilisateur : personne ne peut les y reprendre.`,
  },
  seccomp: {
    en: () => "It runs under seccomp, whose filters are not in the image.",
    fr: () => "Il s'exécute sous seccomp, dont les filtres ne sont pas dans l'image.",
  },
  "member-outside": {
    en: ({ count, pid, comm }) =>
      `Processes that are not in the image are in it too (${count}), such as ${pid} (${comm}).`,
    fr: ({ count, pid, comm }) =>
      `Des processus absents de l'image s'y trouvent aussi (${count}), tel ${pid} (${comm}).`,
  },
  "pin-elsewhere": {
    en: ({ path, other }) => `A bind mount of it at ${path} lies in ${other}, which is not in the image.`,
    fr: ({ path, other }) => `Un montage de lui sur ${path} se trouve dans ${other}, qui n'est pas dans l'image.`,
  },
  "pin-without-path": {
    en: ({ other }) => `A bind mount of it in ${other} has no path from the root of that mount namespace.`,
    fr: ({ other }) => `Un montage de lui dans ${other} n'a pas de chemin depuis la racine de cet espace de noms mnt.`,
  },
  "other-routes": {
    en: ({ count }) =>
      `It has ${count} routes of other tables or types, or with more to them, that are not in the image.`,
    fr: ({ count }) =>
      `Il a ${count} routes d'autres tables ou types, ou plus complexes, qui ne sont pas dans l'image.`,
  },
  "netnsid-elsewhere": {
    en: ({ ids }) => `It has numbers for network namespaces that are not in the image: ${ids}.`,
    fr: ({ ids }) => `Il a des numéros pour des espaces de noms net qui ne sont pas dans l'image : ${ids}.`,
  },
  "no-holder": {
    en: () => "Nothing in the image holds it: restored, it lasts only where it is pinned (restore --pin DIR).",
    fr: () => "Rien dans l'image ne le garde : restauré, il ne dure que s'il est épinglé (restore --pin DIR).",
  },

  // refuse
  "owner-not-shown": {
    en: ({ call, errno }) =>
      `The kernel does not show its owner (${call}: ${errno}), so it cannot be made under the right one.`,
    fr: ({ call, errno }) =>
      `Le noyau ne montre pas son propriétaire (${call} : ${errno}), il ne peut donc être créé sous le bon.`,
  },
  "parent-not-shown": {
    en: ({ call, errno }) =>
      `The kernel does not show its parent (${call}: ${errno}), so it cannot be made below the right one.`,
    fr: ({ call, errno }) =>
      `Le noyau ne montre pas son parent (${call} : ${errno}), il ne peut donc être créé sous le bon.`,
  },
  "maps-not-read": {
    en: ({ call, errno }) => `Its id maps could not be read (${call}: ${errno}).`,
    fr: ({ call, errno }) => `Ses correspondances d'identifiants n'ont pas pu être lues (${call} : ${errno}).`,
  },
  "maps-do-not-fit": {
    en: ({ what }) => `Its ${what} does not lie in the map of its parent, as seen from here.`,
    fr: ({ what }) => `Son ${what} ne tient pas dans la correspondance de son parent, vu d'ici.`,
  },
  "creator-not-known": {
    en: () => "Who made it is not known as a number of its parent.",
    fr: () => "On ne connaît pas son créateur par un numéro de son parent.",
  },
  "link-not-read": {
    en: ({ link, errno }) => `Its link ns/${link} could not be read (readlink: ${errno}).`,
    fr: ({ link, errno }) => `Son lien ns/${link} n'a pas pu être lu (readlink : ${errno}).`,
  },
  "namespace-not-seen": {
    en: ({ kind }) => `It leads to a ${kind} namespace that was not seen.`,
    fr: ({ kind }) => `Il mène à un espace de noms ${kind} qui n'a pas été vu.`,
  },
  "status-not-read": {
    en: () => "Its status could not be read: neither its numbers nor its credentials are known.",
    fr: () => "Son fichier status n'a pas pu être lu : ni ses numéros ni ses droits ne sont connus.",
  },
  "numbers-do-not-fit": {
    en: () => "It has fewer numbers than pid namespaces: it was seen while it moved.",
    fr: () => "Il a moins de numéros que d'espaces de noms pid : il a été vu en mouvement.",
  },
  device: {
    en: ({ what, kind }) => `Its network device ${what} is of the sort ${kind}, which nsatlas cannot make.`,
    fr: ({ what, kind }) => `Son interface ${what} est de la sorte ${kind}, que nsatlas ne sait pas créer.`,
  },
} as const satisfies Readonly<Record<string, Sentence<Details>>>;
export type FindingCode = keyof typeof TOPOLOGY_FINDINGS;
export const isFindingCode = (code: string): code is FindingCode => Object.hasOwn(TOPOLOGY_FINDINGS, code);

/** What an attribute is called in a sentence. */
export const ATTRIBUTE_NAMES = {
  uts: { en: "names of host and domain", fr: "noms d'hôte et de domaine" },
  time: { en: "clock offsets", fr: "décalages d'horloge" },
  cgroup: { en: "cgroup root", fr: "racine de cgroup" },
  net: { en: "network devices", fr: "interfaces réseau" },
  user: { en: "namespace limits", fr: "limites d'espaces de noms" },
  ipc: { en: "objects and sysctls", fr: "objets et sysctls" },
  pid: { en: "kernel.pid_max", fr: "valeur de kernel.pid_max" },
  "pid-state": { en: "state (unborn or dead)", fr: "état (pas encore né ou mort)" },
} as const satisfies Readonly<Record<string, Text>>;
