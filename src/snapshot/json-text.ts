/**
 * What a terminal or an editor may obey, or shows as nothing. JSON escapes C0 controls itself, and lone surrogates. Made when
 * JSON is first written: sets of characters take half a millisecond.
 */
let obeyed: RegExp | undefined;
const obeyedOnes = (): RegExp => (obeyed ??= /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu);

/** JSON on one line that is safe to print: whatever could act on a terminal stands as an escape. It reads back the same. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(obeyedOnes(), (character) =>
    Array.from({ length: character.length }, (_, unit) => escaped(character.charCodeAt(unit))).join(""),
  );

const escaped = (unit: number): string => `\\u${unit.toString(16).padStart(4, "0")}`;
