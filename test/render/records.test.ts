import { describe, expect, test } from "vitest";
import { safeText } from "../../src/messages/safe-text.ts";
import { GLYPHS } from "../../src/render/glyphs.ts";
import { toCsv, toNdjson, toTable, type Records } from "../../src/render/records.ts";
import fc from "../support/property.ts";

const RECORDS: Records = {
  columns: [
    { name: "NS", json: "number" },
    { name: "COMMAND", json: "string" },
  ],
  rows: [
    ["4026531833", 'sh -c "a, b"'],
    ["4026531834", ["/run/netns/a", "/run/netns/b"]],
    [undefined, "\u001b[31m"],
  ],
};

/** RFC 4180 read as it is written there. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    row.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end === "\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe("rows", () => {
  test("as CSV", () => {
    expect(toCsv(RECORDS)).toBe(
      'NS,COMMAND\n4026531833,"sh -c ""a, b"""\n4026531834,"/run/netns/a\n/run/netns/b"\n,\\x1b[31m\n',
    );
  });

  test("as CSV are read back, whatever is in them", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string({ unit: "binary" })), { maxLength: 5 }), (rows) => {
        const text = toCsv({ ...RECORDS, rows });
        expect(readCsv(text).slice(1)).toEqual(rows.map((row) => row.map((cell) => safeText(cell))));
      }),
    );
  });

  test("as NDJSON are an object a line, and nothing in it can act on a terminal", () => {
    expect(toNdjson(RECORDS)).toBe(
      '{"ns":4026531833,"command":"sh -c \\"a, b\\""}\n' +
        '{"ns":4026531834,"command":"/run/netns/a\\n/run/netns/b"}\n' +
        '{"ns":null,"command":"\\u001b[31m"}\n',
    );
  });

  test("as a table", () => {
    expect(`\n${toTable(RECORDS, { width: 80, glyphs: GLYPHS["utf-8"] })}`).toMatchInlineSnapshot(`
      "
              NS COMMAND
      4026531833 sh -c "a, b"
      4026531834 /run/netns/a
                 /run/netns/b
                 \\x1b[31m
      "
    `);
  });
});
