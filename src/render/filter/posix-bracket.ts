import type { PATTERN_FAULTS } from "../../messages/filter.ts";

type Bracket = { readonly js: string; readonly end: number } | { readonly fault: keyof typeof PATTERN_FAULTS };

/** The classes of POSIX, as members of a bracket expression of JavaScript with the flag u. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ["alpha", String.raw`\p{L}\p{Nl}`],
  ["digit", "0-9"],
  ["alnum", String.raw`\p{L}\p{N}`],
  ["upper", String.raw`\p{Lu}`],
  ["lower", String.raw`\p{Ll}`],
  ["space", String.raw`\s`],
  ["blank", String.raw`\t\p{Zs}`],
  ["punct", String.raw`\p{P}\p{S}`],
  ["cntrl", String.raw`\p{Cc}`],
  ["print", String.raw`\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}`],
  ["graph", String.raw`\p{L}\p{M}\p{N}\p{P}\p{S}`],
  ["xdigit", "0-9A-Fa-f"],
]);

/** A bracket expression; `start` is behind its `[`. A backslash inside is an ordinary character. */
export function bracketAt(characters: readonly string[], start: number): Bracket {
  let at = start;
  const isNegated = characters[at] === "^";
  if (isNegated) at += 1;
  let members = "";
  for (let isFirst = true; ; isFirst = false) {
    const character = characters[at];
    if (character === undefined) return { fault: "bracket-not-closed" };
    if (character === "]" && !isFirst) break;
    const known = character === "[" && characters[at + 1] === ":" ? classAt(characters, at) : undefined;
    if (known !== undefined) {
      if ("fault" in known) return known;
      members += known.js;
      at = known.end;
      continue;
    }
    const low = elementAt(characters, at);
    if ("fault" in low) return low;
    at = low.end;
    if (characters[at] !== "-" || characters[at + 1] === "]" || characters[at + 1] === undefined) {
      members += escaped(low.js);
      continue;
    }
    const high = elementAt(characters, at + 1);
    if ("fault" in high) return high;
    if ((low.js.codePointAt(0) ?? 0) > (high.js.codePointAt(0) ?? 0)) return { fault: "bad-range" };
    members += `${escaped(low.js)}-${escaped(high.js)}`;
    at = high.end;
  }
  return { js: `[${isNegated ? "^" : ""}${members}]`, end: at + 1 };
}

function classAt(characters: readonly string[], at: number): Bracket {
  const end = characters.findIndex(
    (character, nth) => nth > at + 1 && character === ":" && characters[nth + 1] === "]",
  );
  const js = end === -1 ? undefined : CLASSES.get(characters.slice(at + 2, end).join(""));
  return js === undefined ? { fault: "unknown-class" } : { js, end: end + 2 };
}

/** One character, or `[.x.]` or `[=x=]`, which stand for one. */
function elementAt(characters: readonly string[], at: number): Bracket {
  const [first = "", sign = "", inside = "", again, close] = characters.slice(at, at + 5);
  if (first !== "[" || !/^[.=:]$/.test(sign)) return { js: first, end: at + 1 };
  if (sign !== ":" && again === sign && close === "]") return { js: inside, end: at + 5 };
  return { fault: sign === ":" ? "unknown-class" : "unknown-element" };
}

const escaped = (character: string): string => (/[\\\][^-]/.test(character) ? `\\${character}` : character);
