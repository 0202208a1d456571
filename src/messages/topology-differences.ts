import { pluriel, plural } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** The fact of a topology that is another one; `key` is what stands behind the dot: a kind, a number, a file name. */
export const TOPOLOGY_FACTS = {
  owner: { en: () => "owner", fr: () => "propriétaire" },
  parent: { en: () => "parent", fr: () => "espace parent" },
  creator: { en: () => "creator's uid", fr: () => "uid du créateur" },
  uidMap: { en: () => "uid map", fr: () => "correspondance des uid" },
  gidMap: { en: () => "gid map", fr: () => "correspondance des gid" },
  projidMap: { en: () => "projid map", fr: () => "correspondance des projid" },
  setgroups: { en: () => "setgroups", fr: () => "fichier setgroups" },
  limits: { en: ({ key }) => `user.max_${key}_namespaces`, fr: ({ key }) => `limite user.max_${key}_namespaces` },
  state: { en: () => "state", fr: () => "état" },
  pidMax: { en: () => "kernel.pid_max", fr: () => "sysctl kernel.pid_max" },
  hostname: { en: () => "hostname", fr: () => "nom d'hôte" },
  domainname: { en: () => "domain name", fr: () => "nom de domaine" },
  root: { en: () => "cgroup root", fr: () => "racine de cgroup" },
  monotonic: { en: () => "offset of the monotonic clock", fr: () => "décalage de l'horloge monotone" },
  boottime: { en: () => "offset of the boot time clock", fr: () => "décalage de l'horloge depuis le démarrage" },
  sysctls: { en: ({ key }) => `sysctl ${key}`, fr: ({ key }) => `réglage sysctl ${key}` },
  netnsid: { en: ({ key }) => `netnsid ${key}`, fr: ({ key }) => `numéro netnsid ${key}` },
  within: { en: () => "devices and routes", fr: () => "interfaces et routes" },
  comm: { en: () => "name", fr: () => "nom" },
  numbers: { en: () => "numbers", fr: () => "numéros" },
  member: { en: ({ key }) => `ns/${key}`, fr: ({ key }) => `lien ns/${key}` },
  ppid: { en: () => "parent process", fr: () => "processus parent" },
  fd: { en: ({ key }) => `descriptor ${key}`, fr: ({ key }) => `descripteur ${key}` },
  closeOnExec: {
    en: ({ key }) => `close-on-exec of descriptor ${key}`,
    fr: ({ key }) => `close-on-exec du descripteur ${key}`,
  },
  uid: { en: ({ key }) => `${key} uid`, fr: ({ key }) => `uid (${key})` },
  gid: { en: ({ key }) => `${key} gid`, fr: ({ key }) => `gid (${key})` },
  groups: { en: () => "supplementary groups", fr: () => "groupes supplémentaires" },
  capabilities: { en: ({ key }) => `${key} capabilities`, fr: ({ key }) => `capacités (${key})` },
  noNewPrivs: { en: () => "no_new_privs", fr: () => "drapeau no_new_privs" },
  session: { en: () => "session", fr: () => "session (sid)" },
  group: { en: () => "process group", fr: () => "groupe de processus" },
  namespace: { en: () => "namespace", fr: () => "espace de noms" },
  in: { en: () => "mount namespace", fr: () => "espace de noms de montage" },
  path: { en: () => "path", fr: () => "chemin" },
  index: { en: () => "index", fr: () => "indice" },
  name: { en: () => "device name", fr: () => "nom d'interface" },
  sort: { en: () => "sort", fr: () => "sorte" },
  mtu: { en: () => "mtu", fr: () => "MTU" },
  mac: { en: () => "mac address", fr: () => "adresse MAC" },
  up: { en: () => "up", fr: () => "active" },
  flags: { en: () => "flags", fr: () => "drapeaux" },
  vlan: { en: () => "vlan number", fr: () => "numéro de VLAN" },
  addresses: { en: () => "addresses", fr: () => "adresses" },
  peer: { en: () => "other end", fr: () => "autre bout" },
  master: { en: () => "bridge", fr: () => "pont" },
  to: { en: () => "destination", fr: () => "cible" },
  via: { en: () => "gateway", fr: () => "passerelle" },
  metric: { en: () => "metric", fr: () => "métrique" },
  family: { en: () => "family", fr: () => "famille" },
  device: { en: () => "device", fr: () => "interface" },
} as const satisfies Readonly<Record<string, Sentence<{ key: string }>>>;
export type TopologyFact = keyof typeof TOPOLOGY_FACTS;
export const isTopologyFact = (word: string): word is TopologyFact => Object.hasOwn(TOPOLOGY_FACTS, word);

/** The column of a map's line. */
export const MAP_COLUMNS = {
  inside: { en: "first id inside", fr: "premier numéro dedans" },
  outside: { en: "first id outside", fr: "premier numéro dehors" },
  count: { en: "count", fr: "nombre" },
} as const satisfies Record<string, Text>;

/** How an image and what is here differ. Names and values are safe to print. */
export const TOPOLOGY_DIFFERENCES = {
  same: {
    en: ({ namespaces, processes }) =>
      `The same: ${plural(namespaces, "namespace", "namespaces")} and ${plural(processes, "process", "processes")}, each as the image says.`,
    fr: ({ namespaces, processes }) =>
      `Identique : ${pluriel(namespaces, "espace", "espaces")} de noms et ${processes} processus, chacun tel que le dit l'image.`,
  } satisfies Sentence<{ namespaces: number; processes: number }>,
  count: {
    en: ({ count }) => `Not what the image says: ${plural(count, "difference", "differences")}.`,
    fr: ({ count }) => `Pas ce que dit l'image : ${pluriel(count, "différence", "différences")}.`,
  } satisfies Sentence<{ count: number }>,
  unknown: {
    en: ({ count }) => `No difference is certain, but ${plural(count, "fact", "facts")} could not be read here:`,
    fr: ({ count }) => `Aucune différence certaine, mais ${pluriel(count, "point", "points")} illisible(s) ici :`,
  } satisfies Sentence<{ count: number }>,
  more: {
    en: ({ count }) => `and ${count} more; --all shows them.`,
    fr: ({ count }) => `et ${count} de plus ; --all les montre.`,
  } satisfies Sentence<{ count: number }>,
  instead: {
    en: ({ what, found, expected }) => `${what}: ${found} instead of ${expected}`,
    fr: ({ what, found, expected }) => `${what} : ${found} au lieu de ${expected}`,
  } satisfies Sentence<{ what: string; found: string; expected: string }>,
  "not-here": {
    en: ({ what, expected }) => `${what}: nothing instead of ${expected}`,
    fr: ({ what, expected }) => `${what} : rien au lieu de ${expected}`,
  } satisfies Sentence<{ what: string; expected: string }>,
  "not-in-image": {
    en: ({ what, found }) => `${what}: ${found}, where the image says nothing`,
    fr: ({ what, found }) => `${what} : ${found}, là où l'image ne dit rien`,
  } satisfies Sentence<{ what: string; found: string }>,
  unread: {
    en: ({ what }) => `${what}: could not be read here`,
    fr: ({ what }) => `${what} : illisible ici`,
  } satisfies Sentence<{ what: string }>,
  missing: { en: "is not here", fr: "n'est pas ici" } satisfies Text,
  extra: { en: "is not in the image", fr: "n'est pas dans l'image" } satisfies Text,
  line: {
    en: ({ what, line }) => `${what} line ${line}`,
    fr: ({ what, line }) => `${what}, ligne ${line}`,
  } satisfies Sentence<{ what: string; line: number }>,
  here: {
    en: ({ name }) => `here: ${name}`,
    fr: ({ name }) => `ici : ${name}`,
  } satisfies Sentence<{ name: string }>,
  about: { en: "What they are about:", fr: "Ce dont il s'agit :" } satisfies Text,
} as const;

/** What stands before the name of an element that is no namespace and no process. */
export const ELEMENT_WORDS = {
  pin: { en: "bind mount", fr: "montage" },
  device: { en: "device", fr: "interface" },
  route: { en: "route to", fr: "route vers" },
} as const satisfies Record<string, Text>;
