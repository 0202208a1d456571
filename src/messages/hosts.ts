import { plural, pluriel } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What is said of one question over the snapshots of many hosts. Values are safe to print. */
export const HOSTS = {
  "empty-folder": {
    en: ({ path }) => `${path} has no snapshot: no file in it has a name that ends in .json.`,
    fr: ({ path }) => `${path} ne contient aucun instantané : aucun fichier n'y a un nom terminé par .json.`,
  } satisfies Sentence<{ path: string }>,
  "empty-folder-hint": {
    en: '"nsatlas snapshot -o FOLDER/HOST.json" writes one.',
    fr: "« nsatlas snapshot -o DOSSIER/HÔTE.json » en écrit un.",
  } satisfies Text,
  "file-beside": {
    en: ({ file }) =>
      `"${file}" is a file: if it is a snapshot too, each takes a --from of its own, or all a --from FOLDER.`,
    fr: ({ file }) =>
      `« ${file} » est un fichier : si c'est aussi un instantané, chacun prend son --from, ou tous un --from DOSSIER.`,
  } satisfies Sentence<{ file: string }>,
  "one-host-format": {
    en: ({ format }) => `--format ${format} is of one host, and several snapshots were given.`,
    fr: ({ format }) => `--format ${format} vaut pour un seul hôte, et plusieurs instantanés sont donnés.`,
  } satisfies Sentence<{ format: string }>,
  "one-host-output": {
    en: ({ option }) => `${option} is one file, and several snapshots were given.`,
    fr: ({ option }) => `${option} est un seul fichier, et plusieurs instantanés sont donnés.`,
  } satisfies Sentence<{ option: string }>,
  "one-host-hint": {
    en: "Ask them one by one, each with an output of its own.",
    fr: "Interrogez-les un par un, chacun avec sa propre sortie.",
  } satisfies Text,
  "same-boot": {
    en: ({ files }) => `These are of one boot of one machine, which they show several times: ${files.join(", ")}.`,
    fr: ({ files }) =>
      `Ceux-ci sont d'un même démarrage d'une même machine, qu'ils montrent plusieurs fois : ${files.join(", ")}.`,
  } satisfies Sentence<{ files: readonly string[] }>,
  "not-on": {
    en: ({ count, hosts }) => `Not seen on ${plural(count, "host", "hosts")}: ${hosts.join(", ")}.`,
    fr: ({ count, hosts }) => `Non vu sur ${pluriel(count, "hôte", "hôtes")} : ${hosts.join(", ")}.`,
  } satisfies Sentence<{ count: number; hosts: readonly string[] }>,
  "only-before": {
    en: ({ hosts }) => `Only in the first folder, so not compared: ${hosts.join(", ")}.`,
    fr: ({ hosts }) => `Seulement dans le premier dossier, donc non comparé : ${hosts.join(", ")}.`,
  } satisfies Sentence<{ hosts: readonly string[] }>,
  "only-after": {
    en: ({ hosts }) => `Only in the second folder, so not compared: ${hosts.join(", ")}.`,
    fr: ({ hosts }) => `Seulement dans le second dossier, donc non comparé : ${hosts.join(", ")}.`,
  } satisfies Sentence<{ hosts: readonly string[] }>,
  "folder-and-file": {
    en: "A folder is compared with a folder, host by host.",
    fr: "Un dossier se compare à un dossier, hôte par hôte.",
  } satisfies Text,
} as const;
