import type { Sentence } from "./sentence.ts";

/** What the kernel asks besides capabilities, as it holds. `what` is what it is asked of. */
export const FACT_HOLDS = {
  "same-process": {
    en: ({ who }) => `${who} may do it to itself.`,
    fr: ({ who }) => `${who} peut le faire à lui-même.`,
  },
  "other-process": {
    en: ({ what }) => `${what} is another process: none is let to trace itself.`,
    fr: ({ what }) => `${what} est un autre processus : aucun n'est admis à se tracer lui-même.`,
  },
  "kill-same-uid": {
    en: ({ who, what }) => `The real or effective uid of ${who} is the real or saved one of ${what}.`,
    fr: ({ who, what }) => `L'uid réel ou effectif de ${who} est celui, réel ou sauvé, de ${what}.`,
  },
  "trace-same-ids": {
    en: ({ who, what }) => `The file system uid and gid of ${who} are all three uids and gids of ${what}.`,
    fr: ({ who, what }) => `L'uid et le gid « fs » de ${who} sont les trois uids et gids de ${what}.`,
  },
  "trace-no-more-privileged": {
    en: ({ who, what }) => `${what} is in the same user namespace as ${who}, and permits itself nothing more.`,
    fr: ({ who, what }) => `${what} est dans le même espace utilisateur que ${who}, et ne se permet rien de plus.`,
  },
  "trace-dumpable": {
    en: ({ who, what }) => `${what} may be looked into (it is dumpable, or ${who} has CAP_SYS_PTRACE over everything).`,
    fr: ({ who, what }) => `On peut regarder dans ${what} (il est « dumpable », ou ${who} a CAP_SYS_PTRACE sur tout).`,
  },
  "yama-lets": {
    en: ({ who, what }) => `${who} is above ${what}, to which Yama lets it attach without a capability.`,
    fr: ({ who, what }) => `${who} est au-dessus de ${what}, auquel Yama le laisse s'attacher sans capacité.`,
  },
  "yama-takes-capability": { en: () => "CAP_SYS_PTRACE does for Yama.", fr: () => "CAP_SYS_PTRACE suffit à Yama." },
  "attach-same-ids": {
    en: ({ who, what }) => `The real uid and gid of ${who} are all three uids and gids of ${what}.`,
    fr: ({ who, what }) => `L'uid et le gid réels de ${who} sont les trois uids et gids de ${what}.`,
  },
  "attach-no-more-privileged": {
    en: ({ who, what }) => `${what} is in the same user namespace as ${who}, and permitted nothing more than it.`,
    fr: ({ who, what }) => `${what} est dans le même espace utilisateur que ${who}, et n'a droit à rien de plus.`,
  },
  "low-ports-open": {
    en: ({ who, what }) => `${what} lets everybody have ports that low (${who} too).`,
    fr: ({ who, what }) => `${what} donne à tous des ports aussi bas (à ${who} aussi).`,
  },
  "ping-group": {
    en: ({ who, what }) => `A group of ${who} is in ${what}.`,
    fr: ({ who, what }) => `Un groupe de ${who} est dans ${what}.`,
  },
  "perf-not-shut": {
    en: ({ what }) => `${what} is not above 2, where Debian's kernels ask for more than CAP_PERFMON.`,
    fr: ({ what }) => `${what} ne dépasse pas 2, où les noyaux de Debian demandent plus que CAP_PERFMON.`,
  },
  "perf-not-paranoid": {
    en: ({ who, what }) => `${what} lets everybody, ${who} too, count events of whole processors.`,
    fr: ({ who, what }) => `${what} laisse tout le monde, ${who} aussi, compter les événements de processeurs entiers.`,
  },
  "dmesg-open": {
    en: ({ who, what }) => `${what} lets everybody, ${who} too, read the kernel's log.`,
    fr: ({ who, what }) => `${what} laisse tout le monde, ${who} aussi, lire le journal du noyau.`,
  },
  "within-rlimit": {
    en: ({ who, what }) => `The limits of ${what} let ${who} do it.`,
    fr: ({ who, what }) => `Les limites de ${what} le permettent à ${who}.`,
  },
  "machine-root": {
    en: ({ who, what }) => `The effective uid of ${who} is 0, the machine's root, who may write ${what}.`,
    fr: ({ who, what }) => `L'uid effectif de ${who} est 0, le root de la machine, qui peut écrire ${what}.`,
  },
  "ipc-root": {
    en: ({ who, what }) =>
      `The effective uid of ${who} is root's in the user namespace that owns its ipc namespace: that one may write ${what}.`,
    fr: ({ who, what }) =>
      `L'uid effectif de ${who} est celui de root dans l'espace utilisateur qui possède son espace ipc : celui-là peut écrire ${what}.`,
  },
  "pid-root": {
    en: ({ who, what }) =>
      `The effective uid of ${who} is root's in the user namespace that owns its pid namespace: that one may write ${what}.`,
    fr: ({ who, what }) =>
      `L'uid effectif de ${who} est celui de root dans l'espace utilisateur qui possède son espace pid : celui-là peut écrire ${what}.`,
  },
  "sysctl-writable": {
    en: ({ who, what }) => `${what} can be written at all; whether by ${who} is the next question.`,
    fr: ({ who, what }) => `${what} peut être écrit en soi ; par ${who} ou non est la question suivante.`,
  },
  "has-memory": {
    en: ({ who, what }) => `${what} is no thread of the kernel: it has memory, which ${who} may be let to.`,
    fr: ({ who, what }) => `${what} n'est pas un fil du noyau : il a une mémoire, où ${who} peut être admis.`,
  },
  "in-it-or-above": {
    en: ({ who, what }) => `${who} is in ${what} or in its parent.`,
    fr: ({ who, what }) => `${who} est dans ${what} ou dans son parent.`,
  },
  "not-in-it": {
    en: ({ who, what }) => `${who} is not in ${what} already.`,
    fr: ({ who, what }) => `${who} n'est pas déjà dans ${what}.`,
  },
  "single-threaded": {
    en: ({ who, what }) => `${what} has one thread, so ${who} may change that alone.`,
    fr: ({ who, what }) => `${what} n'a qu'un fil : ${who} peut le changer seul.`,
  },
  "unshared-root": {
    en: ({ who, what }) => `${who} has root and working directory to itself (${what}).`,
    fr: ({ who, what }) => `${who} a racine et répertoire pour lui seul (${what}).`,
  },
  "not-chrooted": {
    en: ({ who, what }) => `The root of ${who} is that of its mount namespace (${what}).`,
    fr: ({ who, what }) => `La racine de ${who} est celle de son espace de montage (${what}).`,
  },
  "pid-below": {
    en: ({ who, what }) => `${what} is the pid namespace that ${who} is in, or lies below it.`,
    fr: ({ who, what }) => `${what} est l'espace pid où est ${who}, ou se trouve en dessous.`,
  },
  "owns-file": {
    en: ({ who, what }) => `${who} owns ${what}.`,
    fr: ({ who, what }) => `${who} est propriétaire de ${what}.`,
  },
  "file-mode-allows": {
    en: ({ who, what }) => `The mode of ${what} lets ${who}.`,
    fr: ({ who, what }) => `Le mode de ${what} le permet à ${who}.`,
  },
  "in-mount-namespace": {
    en: ({ who, what }) => `${who} is in the mount namespace of ${what}: nobody changes mounts from outside.`,
    fr: ({ who, what }) => `${who} est dans l'espace de montage de ${what} : personne ne change de montage du dehors.`,
  },
  "mount-unlocked": {
    en: ({ who, what }) =>
      `${what} did not come locked from a more privileged mount namespace: ${who} may take it away.`,
    fr: ({ who, what }) => `${what} n'est pas venu verrouillé d'un espace plus privilégié : ${who} peut l'enlever.`,
  },
  "mount-flags-unlocked": {
    en: ({ who, what }) => `${what} has no such flag that came from a more privileged mount namespace (for ${who}).`,
    fr: ({ who, what }) => `${what} n'a aucun de ces drapeaux qui vienne d'un espace plus privilégié (pour ${who}).`,
  },
  "setgroups-allowed": {
    en: ({ who, what }) => `${what} allows setgroups(2), to ${who} as well.`,
    fr: ({ who, what }) => `${what} permet setgroups(2), à ${who} aussi.`,
  },
  "own-ids-mapped": {
    en: ({ who, what }) => `The effective uid and gid of ${who} have numbers in ${what}.`,
    fr: ({ who, what }) => `L'uid et le gid effectifs de ${who} ont des numéros dans ${what}.`,
  },
  "uid-map-empty": {
    en: ({ who, what }) => `${what} has no uid map yet, which can be written once; ${who} would be the first.`,
    fr: ({ who, what }) =>
      `${what} n'a pas encore de correspondance d'uid, qui s'écrit une fois ; ${who} serait le premier.`,
  },
  "gid-map-empty": {
    en: ({ who, what }) => `${what} has no gid map yet, which can be written once; ${who} would be the first.`,
    fr: ({ who, what }) =>
      `${what} n'a pas encore de correspondance de gid, qui s'écrit une fois ; ${who} serait le premier.`,
  },
} as const satisfies Record<string, Sentence<{ who: string; what: string }>>;
export type FactName = keyof typeof FACT_HOLDS;

/** The same, as it does not hold. */
export const FACT_FAILS = {
  "same-process": {
    en: ({ what }) => `${what} is another process.`,
    fr: ({ what }) => `${what} est un autre processus.`,
  },
  "other-process": {
    en: ({ who }) => `${who} is the process itself, and nobody may trace itself.`,
    fr: ({ who }) => `${who} est le processus lui-même, et nul ne peut se tracer lui-même.`,
  },
  "kill-same-uid": {
    en: ({ who, what }) => `Neither the real nor the effective uid of ${who} is the real or saved one of ${what}.`,
    fr: ({ who, what }) => `Ni l'uid réel ni l'effectif de ${who} n'est celui, réel ou sauvé, de ${what}.`,
  },
  "trace-same-ids": {
    en: ({ who, what }) => `The file system uid and gid of ${who} are not all three uids and gids of ${what}.`,
    fr: ({ who, what }) => `L'uid et le gid « fs » de ${who} ne sont pas les trois uids et gids de ${what}.`,
  },
  "trace-no-more-privileged": {
    en: ({ who, what }) => `${what} is in another user namespace than ${who}, or permits itself more.`,
    fr: ({ who, what }) => `${what} est dans un autre espace utilisateur que ${who}, ou se permet plus.`,
  },
  "trace-dumpable": {
    en: ({ who, what }) => `${what} may not be looked into, for ${who}.`,
    fr: ({ who, what }) => `On ne peut pas regarder dans ${what}, pour ${who}.`,
  },
  "yama-lets": {
    en: ({ who, what }) => `Yama does not let ${who} attach to ${what} without a capability.`,
    fr: ({ who, what }) => `Yama ne laisse pas ${who} s'attacher à ${what} sans capacité.`,
  },
  "yama-takes-capability": {
    en: () => "Yama lets nobody attach, whatever the capabilities.",
    fr: () => "Yama ne laisse personne s'attacher, quelles que soient les capacités.",
  },
  "attach-same-ids": {
    en: ({ who, what }) => `The real uid and gid of ${who} are not all three uids and gids of ${what}.`,
    fr: ({ who, what }) => `L'uid et le gid réels de ${who} ne sont pas les trois uids et gids de ${what}.`,
  },
  "attach-no-more-privileged": {
    en: ({ who, what }) => `${what} is in another user namespace than ${who}, or permitted more than it.`,
    fr: ({ who, what }) => `${what} est dans un autre espace utilisateur que ${who}, ou a droit à plus.`,
  },
  "low-ports-open": {
    en: ({ who, what }) => `${what} keeps ports below it from ${who}.`,
    fr: ({ who, what }) => `${what} refuse à ${who} les ports plus bas.`,
  },
  "ping-group": {
    en: ({ who, what }) => `No group of ${who} is in ${what}.`,
    fr: ({ who, what }) => `Aucun groupe de ${who} n'est dans ${what}.`,
  },
  "perf-not-shut": {
    en: ({ what }) => `${what} is above 2.`,
    fr: ({ what }) => `${what} dépasse 2.`,
  },
  "perf-not-paranoid": {
    en: ({ who, what }) => `${what} does not let ${who} count events of whole processors.`,
    fr: ({ who, what }) => `${what} ne laisse pas ${who} compter les événements de processeurs entiers.`,
  },
  "dmesg-open": {
    en: ({ who, what }) => `${what} keeps the kernel's log from ${who}.`,
    fr: ({ who, what }) => `${what} refuse à ${who} le journal du noyau.`,
  },
  "within-rlimit": {
    en: ({ who, what }) => `The limits of ${what} do not let ${who} do it.`,
    fr: ({ who, what }) => `Les limites de ${what} ne le permettent pas à ${who}.`,
  },
  "machine-root": {
    en: ({ who, what }) => `The effective uid of ${who} is not 0, the machine's root, who may write ${what}.`,
    fr: ({ who, what }) => `L'uid effectif de ${who} n'est pas 0, le root de la machine, qui peut écrire ${what}.`,
  },
  "ipc-root": {
    en: ({ who, what }) =>
      `The effective uid of ${who} is not root's in the user namespace that owns its ipc namespace: that one may write ${what}.`,
    fr: ({ who, what }) =>
      `L'uid effectif de ${who} n'est pas celui de root dans l'espace utilisateur qui possède son espace ipc : celui-là peut écrire ${what}.`,
  },
  "pid-root": {
    en: ({ who, what }) =>
      `The effective uid of ${who} is not root's in the user namespace that owns its pid namespace: that one may write ${what}.`,
    fr: ({ who, what }) =>
      `L'uid effectif de ${who} n'est pas celui de root dans l'espace utilisateur qui possède son espace pid : celui-là peut écrire ${what}.`,
  },
  "sysctl-writable": {
    en: ({ who, what }) => `${what} cannot be written, by ${who} or anybody.`,
    fr: ({ who, what }) => `${what} ne peut être écrit, ni par ${who} ni par personne.`,
  },
  "has-memory": {
    en: ({ who, what }) => `${what} is a thread of the kernel: it has no memory that ${who} could look into.`,
    fr: ({ who, what }) => `${what} est un fil du noyau : il n'a pas de mémoire où ${who} pourrait regarder.`,
  },
  "in-it-or-above": {
    en: ({ who, what }) => `${who} is neither in ${what} nor in its parent.`,
    fr: ({ who, what }) => `${who} n'est ni dans ${what} ni dans son parent.`,
  },
  "not-in-it": {
    en: ({ who, what }) => `${who} is in ${what} already: nobody joins that again.`,
    fr: ({ who, what }) => `${who} est déjà dans ${what} : on ne le rejoint pas deux fois.`,
  },
  "single-threaded": {
    en: ({ who, what }) => `${what} has several threads, so ${who} may not change that alone.`,
    fr: ({ who, what }) => `${what} a plusieurs fils : ${who} ne peut pas le changer seul.`,
  },
  "unshared-root": {
    en: ({ who, what }) => `${who} shares root and working directory (${what}).`,
    fr: ({ who, what }) => `${who} partage racine et répertoire (${what}).`,
  },
  "not-chrooted": {
    en: ({ who, what }) => `The root of ${who} is another than that of its mount namespace (${what}).`,
    fr: ({ who, what }) => `La racine de ${who} n'est pas celle de son espace de montage (${what}).`,
  },
  "pid-below": {
    en: ({ who, what }) => `${what} is neither the pid namespace that ${who} is in nor below it: the call says EINVAL.`,
    fr: ({ who, what }) => `${what} n'est ni l'espace pid où est ${who} ni en dessous : l'appel dit EINVAL.`,
  },
  "owns-file": {
    en: ({ who, what }) => `${who} does not own ${what}.`,
    fr: ({ who, what }) => `${who} n'est pas propriétaire de ${what}.`,
  },
  "file-mode-allows": {
    en: ({ who, what }) => `The mode of ${what} does not let ${who}.`,
    fr: ({ who, what }) => `Le mode de ${what} ne le permet pas à ${who}.`,
  },
  "in-mount-namespace": {
    en: ({ who, what }) => `${who} is in another mount namespace than ${what}: the call says EINVAL.`,
    fr: ({ who, what }) => `${who} est dans un autre espace de montage que ${what} : l'appel dit EINVAL.`,
  },
  "mount-unlocked": {
    en: ({ who, what }) => `${what} is locked: ${who} may not take it away.`,
    fr: ({ who, what }) => `${what} est verrouillé : ${who} ne peut pas l'enlever.`,
  },
  "mount-flags-unlocked": {
    en: ({ who, what }) => `${what} has flags that are locked, for ${who}.`,
    fr: ({ who, what }) => `${what} a des drapeaux verrouillés, pour ${who}.`,
  },
  "setgroups-allowed": {
    en: ({ who, what }) => `${what} denies setgroups(2), or has no gid map yet; ${who} is in it.`,
    fr: ({ who, what }) => `${what} interdit setgroups(2), ou n'a pas encore de correspondance de gid ; ${who} y est.`,
  },
  "own-ids-mapped": {
    en: ({ who, what }) => `The effective uid or gid of ${who} has no number in ${what}.`,
    fr: ({ who, what }) => `L'uid ou le gid effectif de ${who} n'a pas de numéro dans ${what}.`,
  },
  "uid-map-empty": {
    en: ({ who, what }) => `${what} has a uid map already, and nobody, ${who} neither, writes it twice.`,
    fr: ({ who, what }) => `${what} a déjà une correspondance d'uid, que personne, ${who} non plus, n'écrit deux fois.`,
  },
  "gid-map-empty": {
    en: ({ who, what }) => `${what} has a gid map already, and nobody, ${who} neither, writes it twice.`,
    fr: ({ who, what }) =>
      `${what} a déjà une correspondance de gid, que personne, ${who} non plus, n'écrit deux fois.`,
  },
} as const satisfies Record<FactName, Sentence<{ who: string; what: string }>>;
