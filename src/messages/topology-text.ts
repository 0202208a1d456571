import { pluriel, plural } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What the drawing of a topology says. Labels, names and paths are safe to print. */
export const TOPOLOGY_TEXT = {
  counts: {
    en: ({ namespaces, processes, pins }) =>
      [
        plural(namespaces, "namespace", "namespaces"),
        plural(processes, "process", "processes"),
        plural(pins, "bind mount", "bind mounts"),
      ].join(", "),
    fr: ({ namespaces, processes, pins }) =>
      [
        pluriel(namespaces, "espace de noms", "espaces de noms"),
        pluriel(processes, "processus", "processus"),
        pluriel(pins, "montage", "montages"),
      ].join(", "),
  } satisfies Sentence<{ namespaces: number; processes: number; pins: number }>,
  origin: {
    en: ({ when, release }) => `as of ${when}, on Linux ${release}`,
    fr: ({ when, release }) => `vu le ${when}, sous Linux ${release}`,
  } satisfies Sentence<{ when: string; release: string }>,
  processes: { en: "Processes:", fr: "Processus :" } satisfies Text,
  pins: { en: "Bind mounts:", fr: "Montages :" } satisfies Text,
  findings: {
    refuse: { en: "Cannot be restored:", fr: "Impossible à restaurer :" },
    degraded: { en: "Not in the image, and left out of comparisons:", fr: "Absent de l'image et des comparaisons :" },
    identity: { en: "For your information:", fr: "Pour information :" },
  } satisfies Readonly<Record<string, Text>>,
  creator: {
    en: ({ uid }) => `made by uid ${uid}`,
    fr: ({ uid }) => `créé par l'uid ${uid}`,
  } satisfies Sentence<{ uid: number }>,
  map: {
    en: ({ sort, inside, outside, more }) => `${sort} ${inside} is ${outside}${more > 0 ? ` and ${more} more` : ""}`,
    fr: ({ sort, inside, outside, more }) => `${sort} ${inside} : ${outside}${more > 0 ? ` et ${more} de plus` : ""}`,
  } satisfies Sentence<{ sort: string; inside: string; outside: string; more: number }>,
  "no-map": { en: "no ids mapped", fr: "aucun identifiant" } satisfies Text,
  deny: { en: "setgroups denied", fr: "setgroups interdit" } satisfies Text,
  limits: {
    en: ({ limits }) => `at most ${limits}`,
    fr: ({ limits }) => `au plus ${limits}`,
  } satisfies Sentence<{ limits: string }>,
  below: {
    en: ({ parent }) => `below ${parent}`,
    fr: ({ parent }) => `sous ${parent}`,
  } satisfies Sentence<{ parent: string }>,
  dead: { en: "its first process has ended", fr: "son premier processus est terminé" } satisfies Text,
  unborn: { en: "no process yet", fr: "pas encore de processus" } satisfies Text,
  clocks: {
    en: ({ monotonic, boottime }) => `monotonic ${monotonic} s, boottime ${boottime} s`,
    fr: ({ monotonic, boottime }) => `monotonic à ${monotonic} s, boottime à ${boottime} s`,
  } satisfies Sentence<{ monotonic: string; boottime: string }>,
  sysctls: {
    en: ({ count }) => plural(count, "sysctl changed", "sysctls changed"),
    fr: ({ count }) => pluriel(count, "sysctl modifié", "sysctls modifiés"),
  } satisfies Sentence<{ count: number }>,
  members: {
    en: ({ some, more }) => `with ${some}${more > 0 ? ` and ${more} more` : ""}`,
    fr: ({ some, more }) => `avec ${some}${more > 0 ? ` et ${more} de plus` : ""}`,
  } satisfies Sentence<{ some: string; more: number }>,
  pinned: {
    en: ({ paths }) => `at ${paths}`,
    fr: ({ paths }) => `sur ${paths}`,
  } satisfies Sentence<{ paths: string }>,
  pinIn: {
    en: ({ namespace, path, place }) => `${namespace} at ${path} in ${place}`,
    fr: ({ namespace, path, place }) => `${namespace} sur ${path} dans ${place}`,
  } satisfies Sentence<{ namespace: string; path: string; place: string }>,
  inNamespaces: {
    en: ({ namespaces }) => `in ${namespaces}`,
    fr: ({ namespaces }) => `dans ${namespaces}`,
  } satisfies Sentence<{ namespaces: string }>,
  session: {
    en: ({ leader }) => `session of ${leader}`,
    fr: ({ leader }) => `session de ${leader}`,
  } satisfies Sentence<{ leader: string }>,
  group: {
    en: ({ leader }) => `process group of ${leader}`,
    fr: ({ leader }) => `groupe de processus de ${leader}`,
  } satisfies Sentence<{ leader: string }>,
  holds: {
    en: ({ files }) => `holds ${files}`,
    fr: ({ files }) => `garde ${files}`,
  } satisfies Sentence<{ files: string }>,
  leadsTo: {
    en: ({ link, to }) => `${link} leads to ${to}`,
    fr: ({ link, to }) => `${link} mène à ${to}`,
  } satisfies Sentence<{ link: string; to: string }>,
} as const;

/** What `checkpoint` says beside the image. */
export const CHECKPOINT = {
  written: {
    en: ({ path, counts }) => `${path}: ${counts}.`,
    fr: ({ path, counts }) => `${path} : ${counts}.`,
  } satisfies Sentence<{ path: string; counts: string }>,
  refused: {
    en: ({ count }) => `No image was written: ${plural(count, "fact", "facts")} could not be captured.`,
    fr: ({ count }) => `Aucune image n'a été écrite : ${pluriel(count, "fait n'a", "faits n'ont")} pu être saisi.`,
  } satisfies Sentence<{ count: number }>,
  strict: {
    en: "Without --strict, what is only degraded is written with a warning.",
    fr: "Sans --strict, ce qui n'est que dégradé s'écrit avec un avertissement.",
  } satisfies Text,
  "refused-hint": {
    en: "Whoever has CAP_SYS_ADMIN over these namespaces, and looks from a user and a pid namespace above, sees more.",
    fr: "Qui a CAP_SYS_ADMIN sur ces espaces de noms, et regarde depuis un espace utilisateur et pid au-dessus, en voit plus.",
  } satisfies Text,
  unstable: {
    en: ({ looks }) => `No two of ${looks} looks in a row were alike: what was to be captured keeps changing.`,
    fr: ({ looks }) => `Sur ${looks} regards, jamais deux de suite identiques : ce qui est à saisir change sans cesse.`,
  } satisfies Sentence<{ looks: number }>,
  before: { en: ({ record }) => `before: ${record}`, fr: ({ record }) => `avant : ${record}` } satisfies Sentence<{
    record: string;
  }>,
  after: { en: ({ record }) => `after: ${record}`, fr: ({ record }) => `après : ${record}` } satisfies Sentence<{
    record: string;
  }>,
  "unstable-hint": {
    en: "checkpoint --freeze has all of it stand still meanwhile (the control group's freezer, or SIGSTOP and SIGCONT).",
    fr: "checkpoint --freeze immobilise le tout entre-temps (gel du groupe de contrôle, ou SIGSTOP et SIGCONT).",
  } satisfies Text,
  own: {
    en: ({ text }) => `${text} is of nsatlas itself, or nsatlas is in it: what is everybody's is not captured.`,
    fr: ({ text }) => `${text} est de nsatlas lui-même, ou nsatlas y est : ce qui est à tous ne se saisit pas.`,
  } satisfies Sentence<{ text: string }>,
  stopped: {
    en: ({ count }) => `${plural(count, "process", "processes")} stood still meanwhile, and went on.`,
    fr: ({ count }) =>
      `${pluriel(count, "processus est resté immobile", "processus sont restés immobiles")}, puis a repris.`,
  } satisfies Sentence<{ count: number }>,
  unstoppable: {
    en: ({ pid }) => `Process ${pid} does not stand still. Whatever had been stopped goes on.`,
    fr: ({ pid }) => `Le processus ${pid} ne s'immobilise pas. Ce qui avait été arrêté a repris.`,
  } satisfies Sentence<{ pid: number }>,
  external: {
    en: ({ text }) => `${text} is to be left out as external.`,
    fr: ({ text }) => `${text} doit rester dehors, étant external.`,
  } satisfies Sentence<{ text: string }>,
  user: {
    en: ({ text }) =>
      `${text} is a user namespace: all that is below it has ids in it, so it is captured or nsatlas's own.`,
    fr: ({ text }) =>
      `${text} est un espace de noms user : tout ce qui est dessous a des ids en lui, il est donc capturé ou celui de nsatlas.`,
  } satisfies Sentence<{ text: string }>,
  "no-such-process": {
    en: ({ text }) => `There is no process ${text} to be seen.`,
    fr: ({ text }) => `Aucun processus ${text} n'est visible.`,
  } satisfies Sentence<{ text: string }>,
  "no-such-namespace": {
    en: ({ text }) => `There is no namespace ${text} to be seen.`,
    fr: ({ text }) => `Aucun espace de noms ${text} n'est visible.`,
  } satisfies Sentence<{ text: string }>,
  "no-container": {
    en: ({ name }) => `No container, pod or machine that can be seen goes by the name ${name}.`,
    fr: ({ name }) => `Aucun conteneur, pod ou machine visible ne porte le nom ${name}.`,
  } satisfies Sentence<{ name: string }>,
  "several-containers": {
    en: ({ name }) => `Several containers go by names that begin with ${name}:`,
    fr: ({ name }) => `Plusieurs conteneurs ont un nom qui commence par ${name} :`,
  } satisfies Sentence<{ name: string }>,
  nothing: {
    en: "A process, a namespace or --name CONTAINER must be given.",
    fr: "Il faut un processus, un espace de noms ou --name CONTENEUR.",
  } satisfies Text,
} as const;
