/**
 * Characters that JSON leaves as they are and that a terminal or an editor may obey: DEL and C1 controls, line separators, marks
 * that turn the direction of writing, what is invisible.
 */
const OBEYED = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** JSON on one line that is safe to print: whatever could act on a terminal stands as an escape. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
