import { TIME_UNITS } from "../messages/leaks.ts";
import type { Language } from "../messages/sentence.ts";

/** So long at least, in the longest unit that fits, rounded down: `3 h`. */
export function durationText(seconds: number, language: Language): string {
  const unit = Object.values(TIME_UNITS).find((one) => seconds >= one.seconds) ?? TIME_UNITS.s;
  return unit.text[language]({ count: Math.floor(seconds / unit.seconds) });
}
