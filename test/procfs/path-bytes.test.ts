import { describe, expect, test } from "vitest";
import fc from "../support/property.ts";
import { safeCell } from "../../src/messages/safe-text.ts";
import { shellWord } from "../../src/render/shell-word.ts";
import { hasOtherBytes, pathBytes, pathText } from "../../src/procfs/path-bytes.ts";

const bytes = fc.uint8Array({ maxLength: 24 });
/** Much that begins as UTF-8 and does not go on so. */
const torn = fc
  .array(fc.constantFrom(0x2f, 0x61, 0x80, 0xbf, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xf0, 0x9f, 0x98, 0xff))
  .map((list) => Uint8Array.from(list));

describe("a name of a file", () => {
  test("that is UTF-8 is its text", () => {
    expect(pathText(Buffer.from("/run/é/日/😀"))).toBe("/run/é/日/😀");
    expect(pathText(Buffer.from("\ufeff\ufffd"))).toBe("\ufeff\ufffd");
  });
  test("that is none keeps its bytes, one by one", () => {
    const name = Uint8Array.of(0x2f, 0xff, 0xc3, 0xa9, 0xc3, 0x2f);
    expect(pathText(name)).toBe("/\udcff\u00e9\udcc3/");
    expect([hasOtherBytes(pathText(name)), hasOtherBytes("/é")]).toEqual([true, false]);
    expect(safeCell(pathText(name))).toBe(String.raw`/\xffé\xc3/`);
    // What a shell makes these bytes of.
    expect(shellWord(pathText(name), "utf-8")).toBe(String.raw`$'/\xffé\xc3/'`);
  });
  test("comes back byte for byte, and no two are one text", () => {
    fc.assert(
      fc.property(fc.oneof(bytes, torn), (name) => {
        expect(Buffer.from(pathBytes(pathText(name)))).toEqual(Buffer.from(name));
      }),
    );
  });
});
