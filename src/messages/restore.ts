import { pluriel, plural } from "./plural.ts";
import type { Sentence, Text } from "./sentence.ts";

/** What is wrong with the words of `restore`. */
export const RESTORE_USAGE = {
  "no-name": {
    en: ({ text }) => `"${text}" is no name for a restore: it takes letters, digits, _, . and -, 64 at most.`,
    fr: ({ text }) => `« ${text} » n'est pas un nom de restauration : lettres, chiffres, _, . et -, 64 au plus.`,
  } satisfies Sentence<{ text: string }>,
  "file-or-name": {
    en: "restore takes a FILE, or --undo NAME, or --list, and one of them.",
    fr: "restore prend un FILE, ou --undo NAME, ou --list, et un seul des trois.",
  },
  "exec-form": {
    en: "LABEL=COMMAND, a process of the topology and what it becomes",
    fr: "LABEL=COMMANDE, un processus de la topologie et ce qu'il devient",
  },
  "external-form": {
    en: "KEY=REF, what the image calls a namespace outside it, and which one that is",
    fr: "KEY=REF, le nom que l'image donne à un espace de noms extérieur, et lequel c'est",
  },
  "external-key": {
    en: ({ key }) => `The image refers to no external:${key}.`,
    fr: ({ key }) => `L'image ne renvoie à aucun external:${key}.`,
  } satisfies Sentence<{ key: string }>,
  "external-twice": {
    en: ({ key }) => `external:${key} is named twice.`,
    fr: ({ key }) => `external:${key} est désigné deux fois.`,
  } satisfies Sentence<{ key: string }>,
  "exec-label": {
    en: ({ label }) => `No process of the topology is called "${label}".`,
    fr: ({ label }) => `Aucun processus de la topologie ne s'appelle « ${label} ».`,
  } satisfies Sentence<{ label: string }>,
} as const satisfies Record<
  string,
  Text | Sentence<{ text: string }> | Sentence<{ label: string }> | Sentence<{ key: string }>
>;

/** Why nothing was restored, or undone. */
export const RESTORE_FAILURES = {
  refuse: {
    en: "The image cannot be restored, for it does not hold everything:",
    fr: "L'image ne peut pas être restaurée, car tout n'y est pas :",
  },
  strict: {
    en: "With --strict nothing that the image lacks is passed over:",
    fr: "Avec --strict, rien de ce qui manque à l'image n'est négligé :",
  },
  external: {
    en: "The image refers to namespaces outside it that are not named:",
    fr: "L'image renvoie à des espaces de noms extérieurs qui ne sont pas désignés :",
  },
  "external-of": {
    en: ({ key, kind, element }) => `external:${key} (${kind}), of ${element}`,
    fr: ({ key, kind, element }) => `external:${key} (${kind}), de ${element}`,
  } satisfies Sentence<{ key: string; kind: string; element: string }>,
  "external-hint": {
    en: ({ key }) => `--external ${key}=REF says which one it is here.`,
    fr: ({ key }) => `--external ${key}=REF dit lequel c'est ici.`,
  } satisfies Sentence<{ key: string }>,
  "external-kinds": {
    en: ({ key, kind, also }) =>
      `external:${key} would have to be a ${kind} namespace, and a ${also} namespace as well.`,
    fr: ({ key, kind, also }) => `external:${key} devrait être un espace de noms ${kind}, et ${also} aussi.`,
  } satisfies Sentence<{ key: string; kind: string; also: string }>,
  "external-user": {
    en: ({ key }) =>
      `external:${key} is a user namespace: ids would be numbers in it, which the image cannot know. It can be captured, or the restorer's own.`,
    fr: ({ key }) =>
      `external:${key} est un espace de noms user : les ids seraient des numéros en lui, que l'image ne connaît pas. Il peut être capturé, ou celui du restaurateur.`,
  } satisfies Sentence<{ key: string }>,
  "external-pin": {
    en: ({ key, path }) => `${path} would be bound in external:${key}, where no undo could find it.`,
    fr: ({ key, path }) => `${path} serait monté dans external:${key}, où nulle annulation ne le trouverait.`,
  } satisfies Sentence<{ key: string; path: string }>,
  "pin-nested": {
    en: ({ label }) =>
      `${label} lies in a pid namespace that is kept without processes; where nobody lives, no pid namespace can be made.`,
    fr: ({ label }) =>
      `${label} se trouve dans un espace de noms pid gardé sans processus ; là où personne ne vit, on n'en crée pas d'autre.`,
  } satisfies Sentence<{ label: string }>,
  empty: {
    en: "No namespace, process or bind mount is in this file: there is nothing to restore.",
    fr: "Ce fichier ne contient ni espace de noms, ni processus, ni montage lié : il n'y a rien à restaurer.",
  },
  hindered: {
    en: "No kernel lets this be restored, so nothing was done:",
    fr: "Aucun noyau ne laisse restaurer ceci, et rien n'a donc été fait :",
  },
  "hindered-hint": {
    en: "--pin DIR keeps every namespace by a bind mount, without processes.",
    fr: "--pin DIR garde chaque espace de noms par un montage lié, sans processus.",
  },
  crowd: {
    en: ({ crowd, most }) =>
      `This takes ${crowd} processes that make calls at the same time, and nsatlas has ${most} at most.`,
    fr: ({ crowd, most }) =>
      `Il y faut ${crowd} processus qui font des appels en même temps, et nsatlas en a ${most} au plus.`,
  } satisfies Sentence<{ crowd: number; most: number }>,
  "crowd-hint": {
    en: "Put each process right after its parent in the file, so that it can take its place before the next is made.",
    fr: "Placez dans le fichier chaque processus juste après son parent : il prendra place avant que le suivant soit fait.",
  },
  "dry-run": {
    en: "The kernel would refuse this, so nothing was done:",
    fr: "Le noyau refuserait ceci, et rien n'a donc été fait :",
  },
  "map-hint": {
    en: "One own gid is mapped only where setgroups is denied. newuidmap and newgidmap map more, unless no_new_privs keeps them from it.",
    fr: "Un seul gid, le sien, n'a de correspondance que si setgroups est interdit. newuidmap et newgidmap en font plus, sauf si no_new_privs les en empêche.",
  },
  "no-program": {
    en: ({ program }) => `There is no ${program} on PATH.`,
    fr: ({ program }) => `Il n'y a pas de ${program} dans PATH.`,
  } satisfies Sentence<{ program: string }>,
  "no-program-hint": {
    en: "newuidmap and newgidmap write the maps of whoever is not root. Debian has them in the package uidmap.",
    fr: "newuidmap et newgidmap écrivent les correspondances de qui n'est pas root. Debian les fournit dans le paquet uidmap.",
  },
  "not-granted": {
    en: ({ file, lines }) => `${file} does not give you these ids. What it lacks: ${lines}`,
    fr: ({ file, lines }) => `${file} ne vous donne pas ces ids. Il y manque : ${lines}`,
  } satisfies Sentence<{ file: string; lines: string }>,
  "not-granted-hint": {
    en: "Only root may write these files. With the ids that they do give, outside ids being those of another user namespace: nsatlas run --map-auto --map-root-user nsatlas restore FILE",
    fr: "Seul root peut écrire ces fichiers. Avec les ids qu'ils donnent, les ids extérieurs étant ceux d'un autre espace utilisateur : nsatlas run --map-auto --map-root-user nsatlas restore FILE",
  },
  "map-refused": {
    en: "newuidmap and newgidmap say why, if they were there to. Nothing is left of what had been made.",
    fr: "newuidmap et newgidmap disent pourquoi, s'ils ont pu. Il ne reste rien de ce qui avait été fait.",
  },
  "driver-hint": {
    en: ({ modules }) =>
      `This kernel has no driver for that. Where it is a module, root loads it: modprobe -a ${modules}`,
    fr: ({ modules }) =>
      `Ce noyau n'a pas de pilote pour cela. Si c'est un module, root le charge : modprobe -a ${modules}`,
  } satisfies Sentence<{ modules: string }>,
  step: {
    en: ({ element, call }) => `${call}, for ${element}`,
    fr: ({ element, call }) => `${call}, pour ${element}`,
  } satisfies Sentence<{ element: string; call: string }>,
  nothing: {
    en: "Nothing is left of what had been made.",
    fr: "Il ne reste rien de ce qui avait été fait.",
  },
  taken: {
    en: ({ name }) => `There is a restore called "${name}" already.`,
    fr: ({ name }) => `Il y a déjà une restauration nommée « ${name} ».`,
  } satisfies Sentence<{ name: string }>,
  "taken-hint": {
    en: ({ name }) => `Choose another name with --name, or take that one away: nsatlas restore --undo ${name}`,
    fr: ({ name }) => `Choisissez un autre nom avec --name, ou défaites celle-là : nsatlas restore --undo ${name}`,
  } satisfies Sentence<{ name: string }>,
  unknown: {
    en: ({ name, folder }) => `No restore is called "${name}" in ${folder}.`,
    fr: ({ name, folder }) => `Aucune restauration ne s'appelle « ${name} » dans ${folder}.`,
  } satisfies Sentence<{ name: string; folder: string }>,
  "unknown-hint": {
    en: "nsatlas restore --list says which there are.",
    fr: "nsatlas restore --list dit lesquelles il y a.",
  },
  damaged: {
    en: ({ name, folder }) => `What is registered of "${name}" in ${folder} is not as nsatlas writes it.`,
    fr: ({ name, folder }) => `Ce qui est enregistré de « ${name} » dans ${folder} n'est pas tel que nsatlas l'écrit.`,
  } satisfies Sentence<{ name: string; folder: string }>,
  "not-ours": {
    en: ({ folder }) => `${folder} is not yours alone, so what is made cannot be registered there.`,
    fr: ({ folder }) => `${folder} n'est pas à vous seul : ce qui est fait ne peut pas y être enregistré.`,
  } satisfies Sentence<{ folder: string }>,
  "not-ours-hint": {
    en: "Set XDG_RUNTIME_DIR to a folder of yours that nobody else may write to.",
    fr: "Donnez à XDG_RUNTIME_DIR un dossier à vous où personne d'autre ne peut écrire.",
  },
  "being-made": {
    en: ({ name, pid }) => `Process ${pid} is still making "${name}".`,
    fr: ({ name, pid }) => `Le processus ${pid} est encore en train de faire « ${name} ».`,
  } satisfies Sentence<{ name: string; pid: number }>,
  left: {
    en: "Not everything could be taken away:",
    fr: "Tout n'a pas pu être défait :",
  },
  "pid-max-since": {
    en: "A pid namespace has a kernel.pid_max of its own since Linux 6.14; before, setting it would set everybody's.",
    fr: "Un espace de noms pid a son propre kernel.pid_max depuis Linux 6.14 ; avant, le fixer le fixerait pour tous.",
  },
  "unborn-since": {
    en: "Passing on a pid namespace before its first process is born takes Linux 6.11.",
    fr: "Transmettre un espace de noms pid avant la naissance de son premier processus exige Linux 6.11.",
  },
} as const;

/** What keeps an element of a topology from being restored by anybody; `element` and `other` are labels. */
export const RESTORE_HINDRANCES = {
  unheld: {
    en: ({ element }) =>
      `nothing would hold ${element}: no process is in it, no open file and no bind mount leads to it`,
    fr: ({ element }) =>
      `rien ne tiendrait ${element} : aucun processus n'y est, aucun fichier ouvert ni montage lié n'y mène`,
  },
  "pending-time-shared": {
    en: ({ element, other }) =>
      `${element} and ${other} have one time namespace for their children and are not in it: only processes that share their memory can`,
    fr: ({ element, other }) =>
      `${element} et ${other} ont un même espace de noms time pour leurs enfants sans y être : seuls le peuvent des processus qui partagent leur mémoire`,
  },
  "time-of-children": {
    en: ({ element }) =>
      `the time namespace for the children of ${element} is neither its own nor one of the topology: nobody can go back to that one for children alone`,
    fr: ({ element }) =>
      `l'espace de noms time des enfants de ${element} n'est ni le sien ni un de la topologie : nul n'y revient pour ses seuls enfants`,
  },
  "no-root": {
    en: ({ element }) => `the sysctls of ${element} are its owner's root's to set, and no root is in that owner's map`,
    fr: ({ element }) =>
      `les sysctl de ${element} reviennent au root de son propriétaire, dont la correspondance n'a pas de root`,
  },
  "pid-max": {
    en: ({ element }) => `kernel.pid_max of ${element} is set by a process that is born there, and none can be`,
    fr: ({ element }) =>
      `kernel.pid_max de ${element} se fixe depuis un processus qui y naît, et aucun n'y peut naître`,
  },
  "no-new-privs": {
    en: ({ element }) =>
      `${element} could gain privileges by execve, and this nsatlas and all it starts cannot (no_new_privs)`,
    fr: ({ element }) =>
      `${element} pouvait gagner des privilèges par execve, et ce nsatlas, comme tout ce qu'il lance, ne le peut pas (no_new_privs)`,
  },
  bounding: {
    en: ({ element, other }) =>
      `${element} has in its bounding set what whoever restores has not, and nobody gets back: ${other}`,
    fr: ({ element, other }) =>
      `${element} a dans son ensemble limitant ce que n'a pas qui restaure, et que nul ne regagne : ${other}`,
  },
  "network-sysctl": {
    en: ({ element, other }) => `${other} of ${element} is neither read nor set`,
    fr: ({ element, other }) => `${other} de ${element} n'est ni lu ni fixé`,
  },
  session: {
    en: ({ element, other }) => `nobody who is there could have forked ${element} into session ${other}`,
    fr: ({ element, other }) => `personne de présent n'a pu créer ${element} dans la session ${other}`,
  },
  group: {
    en: ({ element, other }) => `${element} cannot be in process group ${other}, which is of another session`,
    fr: ({ element, other }) => `${element} ne peut être dans le groupe de processus ${other}, d'une autre session`,
  },
  "long-name": {
    en: ({ element }) => `the name of ${element} is longer than the 15 bytes that the kernel keeps`,
    fr: ({ element }) => `le nom de ${element} dépasse les 15 octets que garde le noyau`,
  },
  "long-host-name": {
    en: ({ element }) => `a name in ${element} is longer than the 64 bytes that a host's name can have`,
    fr: ({ element }) => `un nom dans ${element} dépasse les 64 octets que peut avoir un nom d'hôte`,
  },
} as const satisfies Record<string, Sentence<{ element: string; other: string }>>;

/** What `restore` prints. */
export const RESTORE_TEXT = {
  made: {
    en: ({ name, namespaces, processes }) =>
      `Restored as ${name}: ${plural(namespaces, "namespace", "namespaces")}, ${plural(processes, "process", "processes")}.`,
    fr: ({ name, namespaces, processes }) =>
      `Restauré sous le nom ${name} : ${pluriel(namespaces, "espace de noms", "espaces de noms")}, ${pluriel(processes, "processus", "processus")}.`,
  } satisfies Sentence<{ name: string; namespaces: number; processes: number }>,
  would: {
    en: ({ steps }) => `This can be done here, in ${plural(steps, "step", "steps")}.`,
    fr: ({ steps }) => `C'est faisable ici, en ${pluriel(steps, "étape", "étapes")}.`,
  } satisfies Sentence<{ steps: number }>,
  "by-program": {
    en: ({ program, element }) => `${program} writes the map of ${element}, by the ids that are yours.`,
    fr: ({ program, element }) => `${program} écrit la correspondance de ${element}, selon vos ids.`,
  } satisfies Sentence<{ program: string; element: string }>,
  open: {
    en: ({ element, call, why }) => `Not known: ${call}, for ${element}. ${why}`,
    fr: ({ element, call, why }) => `Inconnu : ${call}, pour ${element}. ${why}`,
  } satisfies Sentence<{ element: string; call: string; why: string }>,
  "undo-with": {
    en: ({ name }) => `To take it away: nsatlas restore --undo ${name}`,
    fr: ({ name }) => `Pour le défaire : nsatlas restore --undo ${name}`,
  } satisfies Sentence<{ name: string }>,
  same: {
    en: "Verified: what is there is what the image says.",
    fr: "Vérifié : ce qui est là est ce que dit l'image.",
  },
  undone: {
    en: ({ name, processes, mounts, files }) =>
      `Taken away: ${name} (${plural(processes, "process", "processes")}, ${plural(mounts, "mount", "mounts")}, ${plural(files, "file", "files")}).`,
    fr: ({ name, processes, mounts, files }) =>
      `Défait : ${name} (${pluriel(processes, "processus", "processus")}, ${pluriel(mounts, "montage", "montages")}, ${pluriel(files, "fichier", "fichiers")}).`,
  } satisfies Sentence<{ name: string; processes: number; mounts: number; files: number }>,
  none: {
    en: ({ folder }) => `Nothing is registered in ${folder}.`,
    fr: ({ folder }) => `Rien n'est enregistré dans ${folder}.`,
  } satisfies Sentence<{ folder: string }>,
  warning: {
    en: ({ what }) => `Passed over: ${what}`,
    fr: ({ what }) => `Négligé : ${what}`,
  } satisfies Sentence<{ what: string }>,
} as const;

/** The columns of `restore --list`, and what state a restore is in. */
export const RESTORE_LIST = {
  name: { en: "NAME", fr: "NOM" },
  state: { en: "STATE", fr: "ÉTAT" },
  processes: { en: "PROCESSES", fr: "PROCESSUS" },
  mounts: { en: "MOUNTS", fr: "MONTAGES" },
  made: { en: "MADE", fr: "FAIT LE" },
  whole: { en: "whole", fr: "entière" },
  partly: { en: "partly gone", fr: "en partie disparue" },
  gone: { en: "gone", fr: "disparue" },
  making: { en: "being made", fr: "en cours" },
  interrupted: { en: "interrupted", fr: "interrompue" },
  damaged: { en: "damaged", fr: "abîmée" },
} as const satisfies Record<string, Text>;
