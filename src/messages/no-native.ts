import type { Sentence } from "./sentence.ts";

/** Why there is no native half here, without which the running kernel cannot be asked about namespaces. */
export const NO_NATIVE = {
  "other-system": {
    en: ({ where }) => `Namespaces are a feature of Linux; this is ${where}.`,
    fr: ({ where }) => `Les espaces de noms sont propres à Linux ; ce système est ${where}.`,
  } satisfies Sentence<{ where: string }>,
  "other-cpu": {
    en: ({ where }) => `nsatlas has no native half for this CPU (${where}): there is one for x64 and one for arm64.`,
    fr: ({ where }) =>
      `nsatlas n'a pas de partie native pour ce processeur (${where}) : elle existe pour x64 et arm64.`,
  } satisfies Sentence<{ where: string }>,
  "not-built": {
    en: ({ where }) => `The native half is not built: "npm run build:native" makes ${where}.`,
    fr: ({ where }) => `La partie native n'est pas compilée : « npm run build:native » produit ${where}.`,
  } satisfies Sentence<{ where: string }>,
  "failed-to-load": {
    en: ({ where, cause }) => `The native half cannot be loaded from ${where}: ${cause}.`,
    fr: ({ where, cause }) => `La partie native ne peut pas être chargée depuis ${where} : ${cause}.`,
  } satisfies Sentence<{ where: string; cause: string }>,
} as const;
