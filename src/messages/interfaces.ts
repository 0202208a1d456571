import type { InterfaceName } from "../abi/interfaces.ts";
import type { Text } from "./sentence.ts";

interface InterfaceTexts {
  /** What nsatlas uses it for. */
  readonly use: Text;
  /** What it does where it does not answer. */
  readonly without: Text;
}

const TRANSLATION = {
  en: "pids are translated by NSpid of /proc/PID/status",
  fr: "les pids sont traduits d'après NSpid de /proc/PID/status",
};
const MOUNTS_OF_PROCESSES = {
  en: "only mount namespaces that a process, file or mount leads to are found",
  fr: "seuls sont trouvés les espaces mnt auxquels mène un processus, un fichier ou un montage",
};
const TABLES = {
  en: "mount tables are read from /proc/PID/mountinfo",
  fr: "les tables de montages sont lues dans /proc/PID/mountinfo",
};
const NO_SOCKETS = {
  en: "what only a socket holds is not found",
  fr: "ce que seule une socket retient n'est pas trouvé",
};
const BY_INODE = {
  en: "a namespace is told by device and inode alone, and inodes are used again",
  fr: "un espace de noms n'est reconnu qu'au périphérique et à l'inœud, qui est réutilisé",
};
const NO_HOLDERS = {
  en: "what-if --verify and demo have only the model",
  fr: "what-if --verify et demo n'ont que le modèle",
};
const UNBORN = {
  en: "a pid namespace without a first process is not opened",
  fr: "un espace pid sans premier processus n'est pas ouvert",
};

/** What each interface is good for, and what goes without. */
export const INTERFACE_TEXTS = {
  "/proc/self/ns": {
    use: { en: "the namespaces of processes", fr: "les espaces de noms des processus" },
    without: { en: "nothing can be seen", fr: "rien n'est visible" },
  },
  NS_GET_USERNS: {
    use: { en: "who owns a namespace", fr: "à qui appartient un espace de noms" },
    without: {
      en: "owners are unknown, and owners without a process not found",
      fr: "les propriétaires sont inconnus, et ceux sans processus introuvables",
    },
  },
  NS_GET_PARENT: {
    use: { en: "parents of user and pid namespaces", fr: "les parents des espaces user et pid" },
    without: {
      en: "parents are unknown, and parents without a process not found",
      fr: "les parents sont inconnus, et ceux sans processus introuvables",
    },
  },
  NS_GET_NSTYPE: {
    use: { en: "what kind an open file is of", fr: "le genre d'un fichier ouvert" },
    without: { en: "the link's text is asked", fr: "le texte du lien est consulté" },
  },
  NS_GET_OWNER_UID: {
    use: { en: "who created a user namespace", fr: "qui a créé un espace user" },
    without: { en: "creators are unknown", fr: "les créateurs sont inconnus" },
  },
  NS_GET_MNTNS_ID: {
    use: { en: "the id that listmount takes", fr: "le numéro que prend listmount" },
    without: TABLES,
  },
  NS_GET_PID_FROM_PIDNS: {
    use: { en: "a thread's number here, from its own", fr: "le numéro ici d'un fil, d'après le sien" },
    without: TRANSLATION,
  },
  NS_GET_TGID_FROM_PIDNS: {
    use: { en: "a process's number here, from its own", fr: "le numéro ici d'un processus, d'après le sien" },
    without: TRANSLATION,
  },
  NS_GET_PID_IN_PIDNS: {
    use: { en: "a thread's number in a pid namespace", fr: "le numéro d'un fil dans un espace pid" },
    without: TRANSLATION,
  },
  NS_GET_TGID_IN_PIDNS: {
    use: { en: "a process's number in a pid namespace", fr: "le numéro d'un processus dans un espace pid" },
    without: TRANSLATION,
  },
  NS_MNT_GET_INFO: {
    use: { en: "how many mounts a mount namespace has", fr: "le nombre de montages d'un espace mnt" },
    without: { en: "mounts are counted from mountinfo", fr: "les montages sont comptés dans mountinfo" },
  },
  NS_MNT_GET_NEXT: {
    use: { en: "mount namespaces that nothing else leads to", fr: "les espaces mnt auxquels rien d'autre ne mène" },
    without: MOUNTS_OF_PROCESSES,
  },
  NS_MNT_GET_PREV: {
    use: { en: "the same, backwards", fr: "de même, à rebours" },
    without: MOUNTS_OF_PROCESSES,
  },
  NS_GET_ID: {
    use: { en: "a number that is never used again", fr: "un numéro qui n'est jamais réutilisé" },
    without: BY_INODE,
  },
  pidfd_open: {
    use: { en: "a process pinned while it is read", fr: "un processus fixé pendant sa lecture" },
    without: {
      en: "the start time guards against reused pids, and sockets are not asked",
      fr: "l'heure de départ garde des pids réutilisés, et les sockets ne sont pas interrogées",
    },
  },
  PIDFD_THREAD: {
    use: { en: "descriptors of threads whose leader ended", fr: "les descripteurs de fils dont le chef a fini" },
    without: { en: "their sockets are not asked", fr: "leurs sockets ne sont pas interrogées" },
  },
  pidfd_getfd: {
    use: { en: "sockets of other processes", fr: "les sockets d'autres processus" },
    without: NO_SOCKETS,
  },
  pidfd_send_signal: {
    use: { en: "whether a pinned process still lives", fr: "si un processus fixé vit encore" },
    without: { en: "its start time is read again", fr: "son heure de départ est relue" },
  },
  PIDFD_GET_NET_NAMESPACE: {
    use: { en: "namespaces of a pinned process, without /proc", fr: "les espaces d'un processus fixé, sans /proc" },
    without: { en: "/proc/PID/ns is read", fr: "/proc/PID/ns est lu" },
  },
  PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE: {
    use: { en: "pid namespaces not yet born", fr: "les espaces pid pas encore nés" },
    without: UNBORN,
  },
  PIDFD_GET_INFO: {
    use: { en: "whom a pidfd refers to", fr: "à qui un pidfd se rapporte" },
    without: { en: "/proc/PID/fdinfo is read", fr: "/proc/PID/fdinfo est lu" },
  },
  kcmp: {
    use: { en: "whether threads share open files", fr: "si des fils partagent les fichiers ouverts" },
    without: { en: "the files of each thread are read", fr: "les fichiers de chaque fil sont lus" },
  },
  SIOCGSKNS: {
    use: { en: "the network namespace of a socket", fr: "l'espace net d'une socket" },
    without: {
      en: "SO_NETNS_COOKIE names it, where it is one that is known",
      fr: "SO_NETNS_COOKIE le nomme, s'il est déjà connu",
    },
  },
  SO_NETNS_COOKIE: {
    use: { en: "the same, without CAP_NET_ADMIN", fr: "de même, sans CAP_NET_ADMIN" },
    without: NO_SOCKETS,
  },
  RTM_GETNSID: {
    use: { en: "ids of network namespaces (NETNSID)", fr: "les numéros des espaces net (NETNSID)" },
    without: { en: "NETNSID is empty", fr: "NETNSID est vide" },
  },
  statx: {
    use: { en: "file and mount of a path at once", fr: "fichier et montage d'un chemin à la fois" },
    without: { en: "fstat is asked", fr: "fstat est consulté" },
  },
  STATX_MNT_ID_UNIQUE: {
    use: { en: "mount ids that are never used again", fr: "des numéros de montage jamais réutilisés" },
    without: TABLES,
  },
  listmount: {
    use: { en: "mounts without their text", fr: "les montages sans leur texte" },
    without: TABLES,
  },
  "listmount-by-namespace": {
    use: { en: "mounts of namespaces without a process", fr: "les montages d'espaces sans processus" },
    without: {
      en: "such a namespace is entered, or passed over with --no-enter",
      fr: "on entre dans un tel espace, ou on l'omet avec --no-enter",
    },
  },
  statmount: { use: { en: "what is mounted", fr: "ce qui est monté" }, without: TABLES },
  name_to_handle_at: {
    use: { en: "a namespace file's handle", fr: "la poignée d'un fichier d'espace de noms" },
    without: BY_INODE,
  },
  open_by_handle_at: {
    use: { en: "a namespace opened by its id", fr: "un espace de noms ouvert par son numéro" },
    without: { en: "kind:id:N is looked for by discovery", fr: "kind:id:N est cherché par découverte" },
  },
  listns: {
    use: { en: "every namespace, without /proc", fr: "tous les espaces de noms, sans /proc" },
    without: {
      en: "what only descriptors in flight hold is not found, nor what refused processes hold",
      fr: "ce que seuls des descripteurs en transit ou des processus refusés retiennent n'est pas trouvé",
    },
  },
  setns: {
    use: { en: "reading from inside a namespace", fr: "lire depuis l'intérieur d'un espace" },
    without: {
      en: "attributes that show inside alone are left out",
      fr: "les attributs visibles de l'intérieur seul sont omis",
    },
  },
  unshare: { use: { en: "throw-away namespaces", fr: "les espaces éphémères" }, without: NO_HOLDERS },
  clone3: { use: { en: "throw-away processes", fr: "les processus éphémères" }, without: NO_HOLDERS },
  set_tid: {
    use: { en: "processes with a chosen pid", fr: "des processus au pid choisi" },
    without: { en: "pids are as the kernel gives them", fr: "les pids sont ceux que donne le noyau" },
  },
} as const satisfies Record<InterfaceName, InterfaceTexts>;
