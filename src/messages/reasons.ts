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
  "initial-has-none": {
    en: "It is an initial namespace: nothing lies above it.",
    fr: "C'est un espace de noms initial : rien ne se trouve au-dessus.",
  },
  "kind-does-not-nest": {
    en: "Only user and pid namespaces have parents.",
    fr: "Seuls les espaces de noms utilisateur et pid ont un parent.",
  },
  "not-a-user-namespace": {
    en: "Only user namespaces have a creator's uid.",
    fr: "Seuls les espaces de noms utilisateur ont l'uid d'un créateur.",
  },
  "not-a-mount-namespace": {
    en: "The call answers for mount namespaces only.",
    fr: "L'appel ne répond que pour les espaces de noms de montage.",
  },
  "not-a-pid-namespace": {
    en: "The call answers for pid namespaces only.",
    fr: "L'appel ne répond que pour les espaces de noms pid.",
  },
  "no-number-there": {
    en: "The process has no number in that pid namespace.",
    fr: "Le processus n'a pas de numéro dans cet espace de noms pid.",
  },
  "id-unmapped": {
    en: "The id has no mapping in the caller's user namespace.",
    fr: "L'identifiant n'a pas de correspondance dans l'espace de noms utilisateur de l'appelant.",
  },
  "no-setid": {
    en: "The caller may only change to ids it already has: it lacks CAP_SETUID or CAP_SETGID.",
    fr: "L'appelant ne peut prendre que des identifiants qu'il a déjà : il n'a pas CAP_SETUID ou CAP_SETGID.",
  },
  "map-text": {
    en: "The text is no id map: one to 340 lines of three numbers, ranges that do not overlap, below 4294967295.",
    fr: "Le texte n'est pas une table d'identifiants : de 1 à 340 lignes de trois nombres, aux plages disjointes, sous 4294967295.",
  },
  "not-at-start": {
    en: "The file takes one write, at its start.",
    fr: "Le fichier n'accepte qu'une écriture, à son début.",
  },
  "map-too-long": {
    en: "A map is written at once, in less than 4096 bytes.",
    fr: "Une table s'écrit en une fois, en moins de 4096 octets.",
  },
  "opener-no-admin-over-map": {
    en: "Whoever opened the file lacks CAP_SYS_ADMIN in the user namespace whose map it is.",
    fr: "Celui qui a ouvert le fichier n'a pas CAP_SYS_ADMIN dans l'espace de noms utilisateur dont c'est la table.",
  },
  "map-of-initial": {
    en: "The map of the initial user namespace is fixed.",
    fr: "La table de l'espace de noms utilisateur initial est fixe.",
  },
  "map-from-elsewhere": {
    en: "A map can be written from its own user namespace or from the parent, nowhere else.",
    fr: "Une table ne s'écrit que depuis son propre espace de noms utilisateur ou depuis le parent.",
  },
  "map-already-set": {
    en: "A map can be written once.",
    fr: "Une table ne s'écrit qu'une fois.",
  },
  "map-of-root-needs-setfcap": {
    en: "Mapping the parent's uid 0 needs CAP_SETFCAP.",
    fr: "Faire correspondre l'uid 0 du parent demande CAP_SETFCAP.",
  },
  "map-needs-setid": {
    en: "Without CAP_SETUID or CAP_SETGID in the parent only the creator's own id can be mapped, a gid only after setgroups is denied.",
    fr: "Sans CAP_SETUID ou CAP_SETGID dans le parent, seul l'identifiant du créateur peut être mis en correspondance, un gid seulement après avoir interdit setgroups.",
  },
  "map-range-unmapped-in-parent": {
    en: "A range is not mapped as a whole in the parent.",
    fr: "Une plage n'est pas entièrement mise en correspondance dans le parent.",
  },
  "file-of-another-user": {
    en: "The file belongs to another user, who alone may write it.",
    fr: "Le fichier appartient à un autre utilisateur, qui seul peut l'écrire.",
  },
  "setgroups-text": {
    en: "Only allow and deny can be written.",
    fr: "Seuls allow et deny peuvent être écrits.",
  },
  "setgroups-denied": {
    en: "Once denied, setgroups cannot be allowed again.",
    fr: "Une fois interdit, setgroups ne peut plus être permis.",
  },
  "setgroups-after-gid-map": {
    en: "Once gid_map is written, setgroups cannot be denied any more.",
    fr: "Une fois gid_map écrit, setgroups ne peut plus être interdit.",
  },
  "no-admin-over-setgroups": {
    en: "To open setgroups for writing takes CAP_SYS_ADMIN in the user namespace it belongs to.",
    fr: "Ouvrir setgroups en écriture demande CAP_SYS_ADMIN dans l'espace de noms utilisateur dont il dépend.",
  },
  "no-setgid": {
    en: "The caller lacks CAP_SETGID in its user namespace.",
    fr: "L'appelant n'a pas CAP_SETGID dans son espace de noms utilisateur.",
  },
  "no-gid-map-yet": {
    en: "Groups can be set once the user namespace has a gid_map.",
    fr: "Les groupes ne peuvent être fixés qu'une fois que l'espace de noms utilisateur a un gid_map.",
  },
  "setgroups-denied-here": {
    en: "The user namespace denies setgroups.",
    fr: "L'espace de noms utilisateur interdit setgroups.",
  },
  "too-many-groups": {
    en: "A process has at most 65536 supplementary groups.",
    fr: "Un processus a au plus 65536 groupes supplémentaires.",
  },
  "access-mode": {
    en: "The descriptor was not opened for that: reading or writing.",
    fr: "Le descripteur n'a pas été ouvert pour cela : lire ou écrire.",
  },
  "no-places": {
    en: "The file has no places to write at, it only goes on.",
    fr: "On ne peut écrire à une position donnée de ce fichier, seulement à la suite.",
  },
  "negative-offset": {
    en: "No place in a file is before its start.",
    fr: "Aucune position d'un fichier ne précède son début.",
  },
  "nothing-to-read-or-write": {
    en: "The file has no content to read or write.",
    fr: "Le fichier n'a pas de contenu à lire ni à écrire.",
  },
  "no-admin-over-mounts": {
    en: "The caller lacks CAP_SYS_ADMIN in the user namespace that owns its mount namespace.",
    fr: "L'appelant n'a pas CAP_SYS_ADMIN dans l'espace de noms utilisateur propriétaire de son espace de noms de montage.",
  },
  "mount-namespace-loop": {
    en: "A mount namespace cannot be bound into itself or into a later one: it would keep itself alive.",
    fr: "Un espace de noms de montage ne peut être monté dans lui-même ni dans un plus récent : il se maintiendrait en vie.",
  },
  "not-a-mount": {
    en: "Nothing is mounted there.",
    fr: "Rien n'y est monté.",
  },
  "mount-locked": {
    en: "The mount came along from a mount namespace of another owner: what it hides must stay hidden.",
    fr: "Le montage vient d'un espace de noms de montage d'un autre propriétaire : ce qu'il cache doit rester caché.",
  },
  "no-such-child": {
    en: "The caller has no such child.",
    fr: "L'appelant n'a pas un tel enfant.",
  },
  "not-in-initial-pid-namespace": {
    en: "Only from the initial pid namespace can all namespaces be walked.",
    fr: "Seul l'espace de noms pid initial permet de parcourir tous les espaces de noms.",
  },
  "no-admin-in-initial-user-namespace": {
    en: "The caller lacks CAP_SYS_ADMIN in the initial user namespace.",
    fr: "L'appelant n'a pas CAP_SYS_ADMIN dans l'espace de noms utilisateur initial.",
  },
  "no-further-mount-namespace": {
    en: "There is no further mount namespace in that direction.",
    fr: "Il n'y a plus d'espace de noms de montage dans cette direction.",
  },
  "handle-malformed": {
    en: "The handle is empty, or longer than any handle.",
    fr: "Le descripteur persistant est vide, ou plus long que tout autre.",
  },
  "handle-room-too-small": {
    en: "The handle needs more room than there is.",
    fr: "Le descripteur persistant demande plus de place qu'il n'y en a.",
  },
  "handle-of-nothing": {
    en: "There is no namespace of that id, kind and inode number.",
    fr: "Il n'y a pas d'espace de noms de cet identifiant, de ce type et de ce numéro d'inode.",
  },
  "no-admin-over-handle": {
    en: "The caller is not in the namespace and lacks CAP_SYS_ADMIN over it; the kernel answers as if it did not exist.",
    fr: "L'appelant n'est pas dans l'espace de noms et n'a pas CAP_SYS_ADMIN sur lui ; le noyau répond comme s'il n'existait pas.",
  },
  "file-system-without-handles": {
    en: "The file system has no handles.",
    fr: "Ce système de fichiers n'a pas de descripteurs persistants.",
  },
  "no-search-capability": {
    en: "The caller lacks CAP_DAC_READ_SEARCH in the initial user namespace.",
    fr: "L'appelant n'a pas CAP_DAC_READ_SEARCH dans l'espace de noms utilisateur initial.",
  },
  "immutable-file": {
    en: "Nobody may write to a namespace file.",
    fr: "Personne ne peut écrire dans un fichier d'espace de noms.",
  },
  "symbolic-link": {
    en: "The path ends in a symbolic link, which O_NOFOLLOW forbids to follow.",
    fr: "Le chemin finit par un lien symbolique, que O_NOFOLLOW interdit de suivre.",
  },
  "cannot-be-opened-anew": {
    en: "Such a file has no other opening: sockets, and pidfds before Linux 6.9.",
    fr: "Un tel fichier ne s'ouvre pas une seconde fois : les sockets, et les pidfd avant Linux 6.9.",
  },
  "not-a-directory": {
    en: "It is no directory, or should not be one.",
    fr: "Ce n'est pas un répertoire, ou ce ne devrait pas en être un.",
  },
  "files-open-on-mount": {
    en: "Files opened through the mount are still open.",
    fr: "Des fichiers ouverts à travers ce montage le sont encore.",
  },
  "not-a-socket": {
    en: "The file is no socket.",
    fr: "Le fichier n'est pas une socket.",
  },
  "socket-without-peer": {
    en: "The socket has no peer.",
    fr: "La socket n'a pas de correspondant.",
  },
  "no-admin-over-network": {
    en: "The caller lacks CAP_NET_ADMIN in the user namespace that owns the network namespace.",
    fr: "L'appelant n'a pas CAP_NET_ADMIN dans l'espace de noms utilisateur propriétaire de l'espace de noms réseau.",
  },
  "room-of-another-size": {
    en: "The room for the answer is not just of the answer's size.",
    fr: "La place prévue n'a pas exactement la taille de la réponse.",
  },
  "room-too-small": {
    en: "The answer does not fit.",
    fr: "La réponse ne tient pas dans la place prévue.",
  },
  "no-pointer": {
    en: "The call needs somewhere to write its answer.",
    fr: "L'appel a besoin d'un endroit où écrire sa réponse.",
  },
  "process-outside-view": {
    en: "The process has no number in the caller's pid namespace.",
    fr: "Le processus n'a pas de numéro dans l'espace de noms pid de l'appelant.",
  },
  "no-further-namespace": {
    en: "No namespace has a greater id.",
    fr: "Aucun espace de noms n'a d'identifiant plus grand.",
  },
  "list-call-malformed": {
    en: "The call has flags that do not exist, or a spare field that is not zero.",
    fr: "L'appel a des drapeaux qui n'existent pas ou un champ réservé non nul.",
  },
  "list-too-long": {
    en: "One call gives a million ids at most.",
    fr: "Un appel donne un million d'identifiants au plus.",
  },
  "no-such-user-namespace": {
    en: "There is no user namespace of that id.",
    fr: "Il n'y a pas d'espace de noms utilisateur de cet identifiant.",
  },
  "no-kill": {
    en: "The process runs under other uids, and the caller lacks CAP_KILL over its user namespace.",
    fr: "Le processus tourne sous d'autres uids, et l'appelant n'a pas CAP_KILL sur son espace de noms utilisateur.",
  },
  "process-of-another-user": {
    en: "The process runs under other ids, and the caller lacks CAP_SYS_PTRACE over its user namespace.",
    fr: "Le processus tourne sous d'autres identifiants, et l'appelant n'a pas CAP_SYS_PTRACE sur son espace de noms utilisateur.",
  },
  "process-not-dumpable": {
    en: "The process is not dumpable, and the caller lacks CAP_SYS_PTRACE over the user namespace it was started in.",
    fr: "Le processus n'est pas « dumpable », et l'appelant n'a pas CAP_SYS_PTRACE sur l'espace de noms utilisateur où il a démarré.",
  },
  "process-more-privileged": {
    en: "The process holds capabilities that the caller lacks, or is in another user namespace.",
    fr: "Le processus détient des capacités que l'appelant n'a pas, ou se trouve dans un autre espace de noms utilisateur.",
  },
  "nstype-differs": {
    en: "The namespace is of another kind than nstype asks for.",
    fr: "L'espace de noms n'est pas du type que demande nstype.",
  },
  "not-a-set-of-kinds": {
    en: "With a pidfd, nstype is a set of namespace kinds: at least one, and no other bits.",
    fr: "Avec un pidfd, nstype est un ensemble de types d'espaces de noms : un au moins, et aucun autre bit.",
  },
  "not-a-pidfd": {
    en: "The file is no pidfd.",
    fr: "Le fichier n'est pas un pidfd.",
  },
  "capabilities-grow": {
    en: "A process cannot give itself capabilities that its permitted set lacks.",
    fr: "Un processus ne peut se donner de capacités absentes de son ensemble permis.",
  },
  "ambient-beyond-permitted": {
    en: "What is to be ambient must be permitted.",
    fr: "Ce qui doit devenir ambiant doit être permis.",
  },
  "ambient-beyond-inheritable": {
    en: "What is to be ambient must be inheritable.",
    fr: "Ce qui doit devenir ambiant doit être héritable.",
  },
  "ambient-may-not-grow": {
    en: "SECBIT_NO_CAP_AMBIENT_RAISE keeps the ambient set from growing.",
    fr: "SECBIT_NO_CAP_AMBIENT_RAISE empêche l'ensemble ambiant de s'étendre.",
  },
  "effective-beyond-permitted": {
    en: "The effective capabilities must lie within the permitted ones.",
    fr: "Les capacités effectives doivent se trouver parmi les capacités permises.",
  },
  "inheritable-beyond-permitted": {
    en: "Without CAP_SETPCAP only permitted capabilities can become inheritable.",
    fr: "Sans CAP_SETPCAP, seules des capacités permises peuvent devenir héritables.",
  },
  "inheritable-beyond-bounding": {
    en: "Capabilities outside the bounding set cannot become inheritable.",
    fr: "Les capacités hors de l'ensemble limitant ne peuvent devenir héritables.",
  },
  "no-setpcap": {
    en: "The caller lacks CAP_SETPCAP in its user namespace.",
    fr: "L'appelant n'a pas CAP_SETPCAP dans son espace de noms utilisateur.",
  },
  "securebits-locked": {
    en: "A securebit whose lock is set cannot change, nor can the lock.",
    fr: "Un securebit verrouillé ne peut plus changer, ni son verrou.",
  },
  "securebits-unknown": {
    en: "The kernel does not know one of the securebits.",
    fr: "Le noyau ne connaît pas l'un des securebits.",
  },
  "process-gone": {
    en: "The process has ended and its parent has waited for it.",
    fr: "Le processus est terminé et son parent l'a attendu.",
  },
  "argument-not-zero": {
    en: "The call takes no argument: it must be 0.",
    fr: "L'appel ne prend pas d'argument : il doit être 0.",
  },
  "bad-pid": {
    en: "The number is no pid, or the flags are unknown.",
    fr: "Le nombre n'est pas un pid, ou les drapeaux sont inconnus.",
  },
  "not-a-thread-group-leader": {
    en: "The number is that of a further thread, not of a process.",
    fr: "Le numéro est celui d'un fil d'exécution supplémentaire, non d'un processus.",
  },
  "user-namespace-is-current": {
    en: "A process cannot join the user namespace it is in.",
    fr: "Un processus ne peut pas rejoindre l'espace de noms utilisateur où il se trouve déjà.",
  },
  "other-threads": {
    en: "The process has more than one thread.",
    fr: "Le processus a plus d'un fil d'exécution.",
  },
  "shares-root-and-cwd": {
    en: "The process shares its root and working directory with another (CLONE_FS).",
    fr: "Le processus partage sa racine et son répertoire courant avec un autre (CLONE_FS).",
  },
  "shares-memory": {
    en: "The process shares its memory with another thread or process.",
    fr: "Le processus partage sa mémoire avec un autre fil d'exécution ou processus.",
  },
  "no-admin-over-target": {
    en: "The caller lacks CAP_SYS_ADMIN in the user namespace it would join.",
    fr: "L'appelant n'a pas CAP_SYS_ADMIN dans l'espace de noms utilisateur à rejoindre.",
  },
  "no-admin-over-owner": {
    en: "The caller lacks CAP_SYS_ADMIN in the user namespace that owns the target.",
    fr: "L'appelant n'a pas CAP_SYS_ADMIN dans l'espace de noms utilisateur propriétaire de la cible.",
  },
  "no-admin-in-own-user-namespace": {
    en: "The caller lacks CAP_SYS_ADMIN in its own user namespace.",
    fr: "L'appelant n'a pas CAP_SYS_ADMIN dans son propre espace de noms utilisateur.",
  },
  "no-chroot": {
    en: "The caller lacks CAP_SYS_CHROOT in its own user namespace.",
    fr: "L'appelant n'a pas CAP_SYS_CHROOT dans son propre espace de noms utilisateur.",
  },
  "pid-namespace-not-below": {
    en: "The pid namespace is neither the caller's own nor one below it.",
    fr: "L'espace de noms pid n'est ni celui de l'appelant ni l'un de ses descendants.",
  },
  "unknown-flag": {
    en: "The call does not know one of the flags.",
    fr: "L'appel ne connaît pas l'un des drapeaux.",
  },
  "flags-exclude-each-other": {
    en: "Two of the flags exclude each other.",
    fr: "Deux des drapeaux s'excluent.",
  },
  "flag-needs-another": {
    en: "One of the flags needs another: CLONE_THREAD needs CLONE_SIGHAND, which needs CLONE_VM.",
    fr: "L'un des drapeaux en demande un autre : CLONE_THREAD demande CLONE_SIGHAND, qui demande CLONE_VM.",
  },
  "init-has-no-siblings": {
    en: "The first process of a pid namespace cannot make siblings (CLONE_PARENT).",
    fr: "Le premier processus d'un espace de noms pid ne peut créer de frères (CLONE_PARENT).",
  },
  "exit-signal-inherited": {
    en: "A thread or sibling takes its exit signal from the caller's process, so none can be asked for.",
    fr: "Un fil d'exécution ou un frère reprend le signal de fin du processus de l'appelant : on ne peut en demander un.",
  },
  "struct-too-large": {
    en: "The struct is larger than a page.",
    fr: "La structure est plus grande qu'une page.",
  },
  "struct-too-small": {
    en: "The struct is smaller than its first version.",
    fr: "La structure est plus petite que sa première version.",
  },
  "struct-unknown-to-kernel": {
    en: "The struct says something in a field that this kernel does not know.",
    fr: "La structure dit quelque chose dans un champ que ce noyau ne connaît pas.",
  },
  "cgroup-not-told": {
    en: "The struct is too short to name a cgroup, or the descriptor in it is none.",
    fr: "La structure est trop courte pour nommer un cgroup, ou le descripteur qu'elle contient n'en est pas un.",
  },
  "one-address-for-two": {
    en: "The pidfd and the number are to go to one address.",
    fr: "Le pidfd et le numéro doivent aller à la même adresse.",
  },
  "not-a-cgroup": {
    en: "The descriptor is not that of a folder of cgroups.",
    fr: "Le descripteur n'est pas celui d'un dossier de cgroups.",
  },
  "set-tid-size": {
    en: "set_tid and set_tid_size do not fit together, or there are more than 32 numbers.",
    fr: "set_tid et set_tid_size ne s'accordent pas, ou il y a plus de 32 numéros.",
  },
  "no-such-signal": {
    en: "The exit signal is no signal.",
    fr: "Le signal de fin n'est pas un signal.",
  },
  "bad-address": {
    en: "The address does not lie in the caller's memory.",
    fr: "L'adresse n'est pas dans la mémoire de l'appelant.",
  },
  "more-numbers-than-levels": {
    en: "There are more numbers than pid namespaces that the process will be in.",
    fr: "Il y a plus de numéros que d'espaces de noms pid où sera le processus.",
  },
  "number-out-of-range": {
    en: "The number lies outside of what is allowed there.",
    fr: "Le nombre est hors des limites permises.",
  },
  "first-process-must-be-1": {
    en: "The first process of a pid namespace must have number 1.",
    fr: "Le premier processus d'un espace de noms pid doit avoir le numéro 1.",
  },
  "no-restore-in-pid-namespace": {
    en: "The caller has neither CAP_CHECKPOINT_RESTORE nor CAP_SYS_ADMIN in the user namespace that owns the pid namespace.",
    fr: "L'appelant n'a ni CAP_CHECKPOINT_RESTORE ni CAP_SYS_ADMIN dans l'espace de noms utilisateur propriétaire de l'espace de noms pid.",
  },
  "number-taken": {
    en: "Another process has that number in the pid namespace.",
    fr: "Un autre processus a ce numéro dans l'espace de noms pid.",
  },
  "no-free-number": {
    en: "Every number of the pid namespace is in use.",
    fr: "Tous les numéros de l'espace de noms pid sont pris.",
  },
  "limit-reached": {
    en: "The owner of the new namespace, or a user namespace above it, permits no more of this kind (max_*_namespaces).",
    fr: "Le propriétaire du nouvel espace de noms, ou un espace de noms utilisateur au-dessus, n'en permet pas plus de ce type (max_*_namespaces).",
  },
  "no-resource-capability": {
    en: "The caller lacks CAP_SYS_RESOURCE in its own user namespace.",
    fr: "L'appelant n'a pas CAP_SYS_RESOURCE dans son propre espace de noms utilisateur.",
  },
  "offsets-text": {
    en: "Each line has a clock (monotonic or boottime), seconds, and nanoseconds below 10^9.",
    fr: "Chaque ligne a une horloge (monotonic ou boottime), des secondes, et des nanosecondes au-dessous de 10^9.",
  },
  "no-time-over-owner": {
    en: "The caller lacks CAP_SYS_TIME in the user namespace that owns the time namespace.",
    fr: "L'appelant n'a pas CAP_SYS_TIME dans l'espace de noms utilisateur propriétaire de l'espace de noms de temps.",
  },
  "clock-out-of-range": {
    en: "The clock would show less than 0, or more than about 146 years.",
    fr: "L'horloge montrerait moins de 0, ou plus d'environ 146 ans.",
  },
  "offsets-frozen": {
    en: "Somebody has entered the time namespace, so its offsets are fixed; those of the initial one always are.",
    fr: "Quelqu'un est entré dans l'espace de noms de temps : ses décalages sont fixés ; ceux de l'initial le sont toujours.",
  },
  "out-of-memory": {
    en: "The kernel found no memory for something that the call needs.",
    fr: "Le noyau n'a pas trouvé de mémoire pour une chose dont l'appel a besoin.",
  },
  "user-namespaces-too-deep": {
    en: "User namespaces nest at most 33 levels below the initial one.",
    fr: "Les espaces de noms utilisateur s'imbriquent sur 33 niveaux au plus sous l'initial.",
  },
  "pid-namespaces-too-deep": {
    en: "Pid namespaces nest at most 32 levels below the initial one.",
    fr: "Les espaces de noms pid s'imbriquent sur 32 niveaux au plus sous l'initial.",
  },
  chrooted: {
    en: "The caller's root is not the root of its mount namespace.",
    fr: "La racine de l'appelant n'est pas celle de son espace de noms de montage.",
  },
  "root-elsewhere": {
    en: "The caller's root lies in another mount namespace than its own: whoever shares it has taken it there.",
    fr: "La racine de l'appelant se trouve dans un autre espace de noms de montage que le sien : qui la partage l'y a emmenée.",
  },
  "own-ids-unmapped": {
    en: "The caller's effective uid or gid has no mapping in its user namespace.",
    fr: "L'uid ou le gid effectif de l'appelant n'a pas de correspondance dans son espace de noms utilisateur.",
  },
  "pid-for-children-pending": {
    en: "The caller's children already go to another pid namespace than its own.",
    fr: "Les enfants de l'appelant vont déjà dans un autre espace de noms pid que le sien.",
  },
  "time-for-children-pending": {
    en: "The caller's children go to another time namespace than its own, so they cannot share its memory.",
    fr: "Les enfants de l'appelant vont dans un autre espace de noms de temps que le sien : ils ne peuvent partager sa mémoire.",
  },
  "owner-not-below-owner-of-parent": {
    en: "The owner of the new pid namespace must be the owner of its parent, or a user namespace below that.",
    fr: "Le propriétaire du nouvel espace de noms pid doit être celui du parent, ou un espace de noms utilisateur situé dessous.",
  },
  "pid-namespace-dead": {
    en: "The first process of the pid namespace has ended, so no process can start in it any more.",
    fr: "Le premier processus de l'espace de noms pid est terminé : plus aucun processus ne peut y démarrer.",
  },
  "pid-namespace-unborn": {
    en: "The pid namespace has no first process yet.",
    fr: "L'espace de noms pid n'a pas encore de premier processus.",
  },
  "bad-descriptor": {
    en: "The descriptor is not open, or was opened with O_PATH.",
    fr: "Le descripteur n'est pas ouvert, ou l'a été avec O_PATH.",
  },
  "not-a-namespace-file": {
    en: "The file is no namespace file.",
    fr: "Le fichier n'est pas un fichier d'espace de noms.",
  },
  "call-unknown-to-kernel": {
    en: "This kernel does not have the call.",
    fr: "Ce noyau ne connaît pas cet appel.",
  },
  "no-such-process": {
    en: "There is no such process in the caller's view.",
    fr: "L'appelant ne voit pas de tel processus.",
  },
  "process-has-exited": {
    en: "The process has ended and only waits for its parent: it has left its namespaces, but for user and pid.",
    fr: "Le processus est terminé et n'attend plus que son parent : il a quitté ses espaces de noms, sauf utilisateur et pid.",
  },
  "no-such-file": {
    en: "There is no such file.",
    fr: "Ce fichier n'existe pas.",
  },
  "no-native-half": {
    en: "nsatlas has no native half for this machine, so it cannot ask the kernel.",
    fr: "nsatlas n'a pas de partie native pour cette machine : il ne peut pas interroger le noyau.",
  },
  "kind-unknown-to-nsatlas": {
    en: "This nsatlas does not know namespaces of this kind.",
    fr: "Cette version de nsatlas ne connaît pas ce type d'espace de noms.",
  },
  "hidden-by-another-mount": {
    en: "Something else is mounted over it, so that its path leads elsewhere.",
    fr: "Autre chose est monté par-dessus : son chemin mène ailleurs.",
  },
  "no-member-to-read-from": {
    en: "No visible process is in it, and its maps can only be read through one.",
    fr: "Aucun processus visible ne s'y trouve, et ses correspondances ne se lisent qu'à travers l'un d'eux.",
  },
} as const satisfies Record<string, Text>;

export type Reason = keyof typeof REASONS;
export const isReason = (word: string): word is Reason => Object.hasOwn(REASONS, word);
