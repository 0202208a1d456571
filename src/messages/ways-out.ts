import type { Reason } from "./reasons.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What would make a refused step succeed. `owner`: a user namespace, or undefined where it is out of sight. */
export const WAYS_OUT = {
  "admin-over": {
    en: ({ owner }) => `It would be allowed with CAP_SYS_ADMIN in ${owner}.`,
    fr: ({ owner }) => `Ce serait permis avec CAP_SYS_ADMIN dans ${owner}.`,
  } satisfies Sentence<{ owner: string }>,
  "admin-or-creator": {
    en: ({ owner, uid }) =>
      `It would be allowed with CAP_SYS_ADMIN in ${owner}, or to uid ${uid}, who made it, from the user namespace above.`,
    fr: ({ owner, uid }) =>
      `Ce serait permis avec CAP_SYS_ADMIN dans ${owner}, ou à l'uid ${uid}, qui l'a créé, depuis l'espace de noms utilisateur au-dessus.`,
  } satisfies Sentence<{ owner: string; uid: string }>,
  "owner-out-of-sight": {
    en: "It would be allowed with CAP_SYS_ADMIN in the user namespace that owns it, which is neither yours nor below it: ask from there.",
    fr: "Ce serait permis avec CAP_SYS_ADMIN dans l'espace de noms utilisateur propriétaire, qui n'est ni le vôtre ni en dessous : demandez-le de là.",
  } satisfies Text,
  "join-user-too": {
    en: ({ owner }) => `Join the user namespace that owns it as well: --ns ${owner} (or --user of its process).`,
    fr: ({ owner }) =>
      `Rejoignez aussi l'espace de noms utilisateur propriétaire : --ns ${owner} (ou --user de son processus).`,
  } satisfies Sentence<{ owner: string }>,
  "chroot-too": {
    en: ({ owner }) => `It would be allowed with CAP_SYS_CHROOT in ${owner} as well.`,
    fr: ({ owner }) => `Ce serait permis avec CAP_SYS_CHROOT dans ${owner} en plus.`,
  } satisfies Sentence<{ owner: string }>,
  "leave-out-user": {
    en: "Leave out --user: you are in it. --all leaves it out by itself.",
    fr: "Omettez --user : vous y êtes. --all l'omet de lui-même.",
  } satisfies Text,
  "from-above": {
    en: ({ owner }) => `Only a process in ${owner} or in a pid namespace above it may.`,
    fr: ({ owner }) => `Seul un processus de ${owner} ou d'un espace de noms pid au-dessus le peut.`,
  } satisfies Sentence<{ owner: string }>,
  "keep-ids": {
    en: "--preserve-credentials leaves uid, gid and groups as they are.",
    fr: "--preserve-credentials laisse uid, gid et groupes tels quels.",
  } satisfies Text,
  "ids-there": {
    en: ({ ids }) => `It has ${ids}: choose one by --setuid and --setgid, or keep yours by --preserve-credentials.`,
    fr: ({ ids }) =>
      `Il a ${ids} : choisissez par --setuid et --setgid, ou gardez les vôtres avec --preserve-credentials.`,
  } satisfies Sentence<{ ids: string }>,
  "not-foreseen": {
    en: "The rules foresaw no refusal here: a security module or a seccomp filter may be at work, or the target changed meanwhile.",
    fr: "Les règles ne prévoyaient pas de refus ici : un module de sécurité ou un filtre seccomp est peut-être en cause, ou la cible a changé entre-temps.",
  } satisfies Text,
  "no-such-program": {
    en: "The program is looked for inside, along PATH there: give its path, or enter fewer namespaces (the host's tools see a container's network with --net alone).",
    fr: "Le programme est cherché à l'intérieur, le long du PATH : donnez son chemin, ou rejoignez moins d'espaces de noms (les outils de l'hôte voient le réseau d'un conteneur avec --net seul).",
  } satisfies Text,
} as const;

/** The way out for each reason that a step of entering may be refused for. */
export const WAY_OUT_OF: Partial<Record<Reason, keyof typeof WAYS_OUT>> = {
  "no-admin-over-target": "admin-or-creator",
  "no-admin-over-owner": "admin-over",
  "no-admin-in-own-user-namespace": "admin-over",
  "no-chroot": "chroot-too",
  "user-namespace-is-current": "leave-out-user",
  "pid-namespace-not-below": "from-above",
  "no-setid": "keep-ids",
  "no-setgid": "keep-ids",
  "no-gid-map-yet": "keep-ids",
  "setgroups-denied-here": "keep-ids",
  "id-unmapped": "ids-there",
};
