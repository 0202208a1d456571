import { plural } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** Where it is written whose a namespace is. */
export const TRACES = {
  cgroup: {
    en: ({ file, line }) => `${file} says ${line}`,
    fr: ({ file, line }) => `${file} dit ${line}`,
  } satisfies Sentence<{ file: string; line: string }>,
  pin: {
    en: ({ path }) => `its file is mounted at ${path}`,
    fr: ({ path }) => `son fichier est monté sur ${path}`,
  } satisfies Sentence<{ path: string }>,
  others: {
    en: ({ count }) =>
      `${plural(count, "process", "processes")} with other namespaces besides, from elsewhere, share it`,
    fr: ({ count }) =>
      count < 2
        ? "1 processus venu d'ailleurs, par ailleurs dans d'autres espaces de noms, le partage"
        : `${count} processus venus d'ailleurs, par ailleurs dans d'autres espaces de noms, le partagent`,
  } satisfies Sentence<{ count: number }>,
  /** A path with `..`: what lies above has no names. */
  outside: {
    en: "the path begins at your own control group's root; what lies above it is not shown",
    fr: "le chemin part de la racine de votre propre groupe de contrôle ; ce qui est au-dessus n'est pas montré",
  } satisfies Text,
  inside: {
    en: "what stands behind > was made inside what stands before it, which could name it as it liked",
    fr: "ce qui suit > a été créé dans ce qui précède, qui pouvait le nommer à sa guise",
  } satisfies Text,
} as const;
