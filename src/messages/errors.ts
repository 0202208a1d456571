import type { ErrnoName } from "../abi/errnos.ts";
import { ERRNO_TEXTS } from "./errnos.ts";
import type { Language, Text } from "./sentence.ts";

/** A call that was refused, as far as a message speaks of it. All texts are in the user's language and safe to print. */
export interface Refused {
  readonly code: ErrnoName;
  /** The call as the man page has it: "ioctl NS_GET_PARENT", "open". */
  readonly syscall: string;
  /** What it was asked of: "pid:[4026531836] via /proc/1/ns/pid". */
  readonly subject: string;
  /** Why, in a sentence. */
  readonly reason?: string;
  /** What to do next, in a sentence. */
  readonly hint?: string;
}

/** The call, the thing and the errno: "open /proc/1/ns/net: EACCES, permission denied." */
export function refusal({ syscall, subject, code }: Omit<Refused, "reason" | "hint">, language: Language): string {
  // "open FILE" reads well, "ioctl NS_GET_PARENT FILE" does not.
  const link = syscall.includes(" ") ? ON[language] : " ";
  return `${syscall}${link}${subject}${COLON[language]} ${code}, ${errnoText(code, language)}.`;
}

/** The whole message in one line: what was refused, why, and what to do next. */
export function sentence(refused: Refused, language: Language): string {
  return [refusal(refused, language), refused.reason, refused.hint].filter((part) => part !== undefined).join(" ");
}

/** What an errno says, to stand inside a sentence. */
export function errnoText(code: ErrnoName, language: Language): string {
  const text = ERRNO_TEXTS[code][language];
  // Initials stay ("RFS specific error").
  return isCapital(text.charAt(0)) && isCapital(text.charAt(1)) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
const isCapital = (letter: string): boolean => letter !== letter.toLowerCase();

const ON: Text = { en: " on ", fr: " sur " };
/** French puts a space before a colon. */
export const COLON: Text = { en: ":", fr: " :" };
/** What stands before the reason and the hint of a printed message. */
export const LABELS = {
  why: { en: "Why:", fr: "Pourquoi :" },
  next: { en: "Next:", fr: "À faire :" },
} as const satisfies Record<string, Text>;
