import type { Sentence, Text } from "./sentence.ts";

/** Why a call is refused, and what to do next. */
interface Refused {
  readonly why: Text;
  readonly next: Text;
}

/** What the library says of calls that nobody but a program makes, and of what it finds out when one is refused. */
export const LIBRARY = {
  /** A call that takes the native half. */
  "needs-native-half": {
    en: ({ call, why }) => `${call} takes nsatlas's native half. ${why}`,
    fr: ({ call, why }) => `${call} demande la partie native de nsatlas. ${why}`,
  } satisfies Sentence<{ call: string; why: string }>,
  /** ENOTTY of a namespace file. */
  "call-since": {
    en: ({ call, since }) => `${call} came with Linux ${since}.`,
    fr: ({ call, since }) => `${call} est apparu avec Linux ${since}.`,
  } satisfies Sentence<{ call: string; since: string }>,
  /** EPERM for the parent or the owner of an initial namespace: what the errno alone does not say. */
  "initial-has-none": {
    en: ({ name }) => `${name} is the initial one: there is nothing above it.`,
    fr: ({ name }) => `${name} est l'initial : il n'y a rien au-dessus.`,
  } satisfies Sentence<{ name: string }>,
  /** ENOENT or ENODEV of the folder that should be /proc. */
  "no-proc": {
    en: "No proc file system is mounted there, and nsatlas reads namespaces from one.",
    fr: "Aucun système de fichiers proc n'y est monté, et nsatlas y lit les espaces de noms.",
  } satisfies Text,
  /** EBADF, and what to do about it. */
  closed: {
    why: { en: "The descriptor is not open.", fr: "Le descripteur n'est pas ouvert." },
    next: {
      en: "Open the file first, and keep it open for as long as you ask.",
      fr: "Ouvrez d'abord le fichier, et gardez-le ouvert tant que vous l'interrogez.",
    },
  } satisfies Refused,
  "path-only": {
    why: { en: "The descriptor was opened with O_PATH.", fr: "Le descripteur a été ouvert avec O_PATH." },
    next: {
      en: "Open /proc/self/fd/N for reading, N being its number, and ask that one.",
      fr: "Ouvrez /proc/self/fd/N en lecture, N étant son numéro, et interrogez celui-là.",
    },
  } satisfies Refused,
  /** A command that did not end well. */
  "ended-with-code": {
    en: ({ command, code }) => `${command} ended with exit code ${code}.`,
    fr: ({ command, code }) => `${command} s'est terminé avec le code ${code}.`,
  } satisfies Sentence<{ command: string; code: number }>,
  "ended-by-signal": {
    en: ({ command, signal }) => `${command} was ended by ${signal}.`,
    fr: ({ command, signal }) => `${command} a été terminé par ${signal}.`,
  } satisfies Sentence<{ command: string; signal: string }>,
  "too-much-output": {
    en: ({ command, bytes }) => `${command} wrote more than ${bytes} bytes, and was ended.`,
    fr: ({ command, bytes }) => `${command} a écrit plus de ${bytes} octets et a été terminé.`,
  } satisfies Sentence<{ command: string; bytes: number }>,
  /** A REF that follows no form. */
  "no-ref": {
    en: ({ text, why }) => `"${text}" names no namespace. ${why}`,
    fr: ({ text, why }) => `« ${text} » ne désigne aucun espace de noms. ${why}`,
  } satisfies Sentence<{ text: string; why: string }>,
  /** ESRCH of a pid translation. */
  "no-such-number-next": {
    en: "NS_GET_PID_IN_PIDNS takes a number of your own pid namespace, NS_GET_PID_FROM_PIDNS one of the namespace asked.",
    fr: "NS_GET_PID_IN_PIDNS prend un numéro de votre propre espace de noms pid, NS_GET_PID_FROM_PIDNS un de celui qui est interrogé.",
  } satisfies Text,
  "no-such-number": {
    en: ({ pid }) =>
      `No process has the number ${pid} in the one pid namespace, or that process has none in the other.`,
    fr: ({ pid }) =>
      `Aucun processus n'a le numéro ${pid} dans le premier espace de noms pid, ou il n'en a pas dans l'autre.`,
  } satisfies Sentence<{ pid: number }>,
} as const;
