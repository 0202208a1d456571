import fc from "./property.ts";

const U32 = 2 ** 32;

/** Numbers near the edges: of the range, of 32 and 64 bits, and small ones, so that ranges meet. */
const number = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 40 }).map(String) },
  { weight: 3, arbitrary: fc.integer({ min: U32 - 12, max: U32 + 12 }).map(String) },
  { weight: 2, arbitrary: fc.nat().map(String) },
  { weight: 1, arbitrary: fc.bigInt({ min: (1n << 64n) - 4n, max: (1n << 64n) + 9n }).map(String) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 99 }).map((value) => `00${value}`) },
  { weight: 1, arbitrary: fc.constantFrom("-1", "+1", "0x10", "1e3", "", "a", "1_0", "٣") },
);
/** The kernel's white space within a line, and some that is none. */
const space = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(" ", "  ", "\t", " \t") },
  { weight: 2, arbitrary: fc.constantFrom("\v", "\f", "\r", "\xa0") },
  { weight: 1, arbitrary: fc.constantFrom("", "\x85", "\x1c", ",") },
);
const maybeSpace = fc.oneof({ weight: 5, arbitrary: fc.constant("") }, { weight: 1, arbitrary: space });
const line = fc.tuple(maybeSpace, number, space, number, space, number, maybeSpace).map((parts) => parts.join(""));
/** Ranges one after the other, which are no overlap unless something is changed. */
const orderly = (count: number, width: number): string[] =>
  Array.from({ length: count }, (_, at) => `${at * width} ${(count - at) * width} ${width}`);

const lines = fc.oneof(
  { weight: 6, arbitrary: fc.array(line, { maxLength: 3 }) },
  {
    weight: 5,
    arbitrary: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).map(([n, w]) => orderly(n, w)),
  },
  { weight: 1, arbitrary: fc.integer({ min: 335, max: 345 }).map((count) => orderly(count, 1)) },
);
const end = fc.constantFrom("", "\n", "\n", "\n\n", "\0", "\0 rest", "\n\0", " ");
/** A byte anywhere, in one text of eight. */
const slip = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })) },
);
/** Blanks up to a length about the limit. */
const padding = fc.oneof(
  { weight: 9, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 4093, max: 4097 }) },
);

/** A text that somebody may write to a map file: orderly, nearly so, or not at all. Each character is a byte. */
export const anyMapText = (): fc.Arbitrary<string> =>
  fc.tuple(lines, end, slip, padding).map(([written, last, slipped, padded]) => {
    const text = (written.join("\n") + last).replaceAll(/[^\0-\xff]/g, "?").padEnd(padded);
    if (slipped === undefined) return text;
    const at = slipped[0] % (text.length + 1);
    return text.slice(0, at) + String.fromCharCode(slipped[1]) + text.slice(at);
  });
