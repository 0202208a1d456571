import type { Text } from "./sentence.ts";

/**
 * Why a call is refused: what the kernel knows and its errno does not say. One row for each check of `rules/`, with the
 * sentence shown to users. The rules name the row; the running kernel's refusals are explained by the same rows.
 */
export const REASONS = {
  "owner-outside-view": {
    en: "The owning user namespace is neither the caller's own nor one below it, so the kernel does not show it.",
    fr: "L'espace de noms utilisateur propriétaire n'est ni celui de l'appelant ni l'un de ses descendants : le noyau ne le montre pas.",
  },
  "parent-outside-view": {
    en: "The parent is neither the caller's own namespace nor one below it, so the kernel does not show it.",
    fr: "Le parent n'est ni l'espace de noms de l'appelant ni l'un de ses descendants : le noyau ne le montre pas.",
  },
  "kind-does-not-nest": {
    en: "Only user and pid namespaces have parents.",
    fr: "Seuls les espaces de noms utilisateur et pid ont un parent.",
  },
  "not-a-user-namespace": {
    en: "Only user namespaces have a creator's uid.",
    fr: "Seuls les espaces de noms utilisateur ont l'uid d'un créateur.",
  },
} as const satisfies Record<string, Text>;

export type Reason = keyof typeof REASONS;
