import { TIME_UNITS } from "../messages/leaks.ts";
import { EXPECTED } from "../messages/usage.ts";
import type { Reader } from "./options.ts";

const FORM = /^(\d{1,9})([a-z]?)$/;

/** A span of time in seconds: a whole number and the letter of a unit; seconds where there is none. */
export const duration: Reader<number> = (text) => {
  const [, digits, letter = ""] = FORM.exec(text) ?? [];
  const unit = letter === "" ? "s" : letter;
  if (digits === undefined || !isUnit(unit)) return { ok: false, expected: EXPECTED.duration };
  return { ok: true, value: Number(digits) * TIME_UNITS[unit].seconds };
};

const isUnit = (letter: string): letter is keyof typeof TIME_UNITS => Object.hasOwn(TIME_UNITS, letter);
