/** As much of a name as a message repeats, in characters. */
const LONGEST = 100;

/** A text from outside as a message quotes it: not longer than it is worth. `report` makes the whole message safe. */
export function brief(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${Array.from(text.slice(0, LONGEST)).slice(0, -1).join("")}…`;
}
