import { pluriel, plural } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What `nsatlas diff` prints. Names are safe to print. */
export const DIFF_WORDS = {
  "other-boot": {
    en: "The two are of different boots or machines: no namespace of one is one of the other.",
    fr: "Les deux sont de démarrages ou de machines différents : aucun espace de noms de l'un n'est dans l'autre.",
  } satisfies Text,
  "unknown-boot": {
    en: "One of the two does not say of which boot it is: they are taken to be of the same one.",
    fr: "L'un des deux ne dit pas de quel démarrage il est : ils sont supposés du même.",
  } satisfies Text,
  unsure: {
    en: ({ count }) =>
      `Whether ${plural(count, "namespace is the one that", "namespaces are the ones that")} had the number before is not known: no 64-bit id was told, which is not reused (Linux 6.18).`,
    fr: ({ count }) =>
      `Pour ${pluriel(count, "espace de noms", "espaces de noms")}, rien ne dit si c'est celui qui avait ce numéro avant : aucun identifiant de 64 bits, jamais réutilisé (Linux 6.18), n'a été donné.`,
  } satisfies Sentence<{ count: number }>,
  "not-compared": {
    en: ({ sources }) => `Not compared, since one of the two left it out: ${sources.join(", ")}.`,
    fr: ({ sources }) => `Non comparé, car l'un des deux l'a omis : ${sources.join(", ")}.`,
  } satisfies Sentence<{ sources: readonly string[] }>,
  incomplete: {
    en: ({ sources }) =>
      `Not all was seen in both, and what is different there is not known: ${sources.join("; ")}. "nsatlas doctor" says what would show it.`,
    fr: ({ sources }) =>
      `Tout n'a pas été vu dans les deux, et ce qui y diffère n'est pas connu : ${sources.join(" ; ")}. « nsatlas doctor » dit ce qui le montrerait.`,
  } satisfies Sentence<{ sources: readonly string[] }>,
  "maybe-removed": {
    en: "was not seen again, and may be there still: what showed it was read less far",
    fr: "n'a pas été revu, et peut y être encore : ce qui le montrait a été moins lu",
  } satisfies Text,
  "maybe-added": {
    en: "was not seen before, and may have been there: what shows it was read less far",
    fr: "n'avait pas été vu, et pouvait déjà y être : ce qui le montre avait été moins lu",
  } satisfies Text,
  same: { en: "No difference was found.", fr: "Aucune différence trouvée." } satisfies Text,
  removed: { en: "is gone", fr: "a disparu" } satisfies Text,
  added: { en: "is new", fr: "est nouveau" } satisfies Text,
  reused: {
    en: "is new, under the number of one that is gone",
    fr: "est nouveau, sous le numéro d'un disparu",
  } satisfies Text,
  "no-members": { en: "has no process any more", fr: "n'a plus de processus" } satisfies Text,
  members: {
    en: ({ count }) => `has ${plural(count, "process", "processes")} now`,
    fr: ({ count }) => `a maintenant ${count} processus`,
  } satisfies Sentence<{ count: number }>,
  gained: {
    en: ({ holder }) => `is held by ${holder}`,
    fr: ({ holder }) => `est tenu par ${holder}`,
  } satisfies Sentence<{ holder: string }>,
  lost: {
    en: ({ holder }) => `is no longer held by ${holder}`,
    fr: ({ holder }) => `n'est plus tenu par ${holder}`,
  } satisfies Sentence<{ holder: string }>,
  maps: { en: "has other id maps", fr: "a d'autres tables d'identifiants" } satisfies Text,
  hostname: {
    en: ({ before, after }) => `has the hostname ${after}, which was ${before}`,
    fr: ({ before, after }) => `a pour nom d'hôte ${after}, qui était ${before}`,
  } satisfies Sentence<{ before: string; after: string }>,
  domainname: {
    en: ({ before, after }) => `has the domain name ${after}, which was ${before}`,
    fr: ({ before, after }) => `a pour nom de domaine ${after}, qui était ${before}`,
  } satisfies Sentence<{ before: string; after: string }>,
  clocks: { en: "has other offsets of clocks", fr: "a d'autres décalages d'horloges" } satisfies Text,
  root: { en: "has another root", fr: "a une autre racine" } satisfies Text,
  "interface-gone": {
    en: ({ name }) => `has no interface ${name} any more`,
    fr: ({ name }) => `n'a plus d'interface ${name}`,
  } satisfies Sentence<{ name: string }>,
  "interface-new": {
    en: ({ name }) => `has a new interface ${name}`,
    fr: ({ name }) => `a une nouvelle interface ${name}`,
  } satisfies Sentence<{ name: string }>,
  "interface-changed": {
    en: ({ name }) => `has its interface ${name} set up otherwise`,
    fr: ({ name }) => `a son interface ${name} réglée autrement`,
  } satisfies Sentence<{ name: string }>,
  limits: { en: "has other limits", fr: "a d'autres limites" } satisfies Text,
  ipc: { en: "holds other System V objects", fr: "contient d'autres objets System V" } satisfies Text,
  netnsid: {
    en: ({ before, after }) => `has number ${after} in your network namespace, which was ${before}`,
    fr: ({ before, after }) => `a le numéro ${after} dans votre espace de noms net, qui était ${before}`,
  } satisfies Sentence<{ before: string; after: string }>,
  named: {
    en: ({ name }) => `is named ${name}`,
    fr: ({ name }) => `a pour nom ${name}`,
  } satisfies Sentence<{ name: string }>,
  unnamed: {
    en: ({ name }) => `is no longer named ${name}`,
    fr: ({ name }) => `n'a plus pour nom ${name}`,
  } satisfies Sentence<{ name: string }>,
  moved: {
    en: ({ from, to }) => `went from ${from} to ${to}`,
    fr: ({ from, to }) => `est passé de ${from} à ${to}`,
  } satisfies Sentence<{ from: string; to: string }>,
} as const;
