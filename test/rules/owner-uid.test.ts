import { expect, test } from "vitest";
import { ownerUidOf } from "../../src/rules/owner-uid.ts";

const OVERFLOW = 65_534;
const EVERY_UID = 0xffffffff;

test.each([
  ["any other number is the creator's", 1000, [], true],
  ["without a line nobody has a number", OVERFLOW, [], false],
  ["a map that could not be read leaves both possible", OVERFLOW, undefined, undefined],
  ["where every uid has a number, it is the creator's", OVERFLOW, [{ inside: 0, count: EVERY_UID }], true],
  [
    "in two lines too",
    OVERFLOW,
    [
      { inside: 0, count: 1000 },
      { inside: 1000, count: EVERY_UID - 1000 },
    ],
    true,
  ],
  ["where all but one have, both are possible", OVERFLOW, [{ inside: 0, count: EVERY_UID - 1 }], undefined],
  ["the first of a line is given", OVERFLOW, [{ inside: OVERFLOW, count: 2 }], undefined],
  ["the last of a line is given", OVERFLOW, [{ inside: OVERFLOW - 1, count: 2 }], undefined],
  ["what comes behind a line is not", OVERFLOW, [{ inside: OVERFLOW - 2, count: 2 }], false],
  ["what comes before a line is not", OVERFLOW, [{ inside: OVERFLOW + 1, count: 1 }], false],
  [
    "one line that gives it is enough",
    OVERFLOW,
    [
      { inside: 0, count: 1 },
      { inside: OVERFLOW, count: 1 },
    ],
    undefined,
  ],
] as const)("whose the overflow uid is: %s", (_, uid, map, mapped) => {
  expect(ownerUidOf(uid, { map, overflow: OVERFLOW })).toEqual({ uid, mapped });
});
