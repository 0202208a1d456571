import { describe, expect, test } from "vitest";
import { textsIn } from "../../../src/kernel/live/texts-in.ts";

describe("parts of a column of texts", () => {
  const bytes = Buffer.concat([Buffer.from("sh\u0000caf\u00e9\ufeff\u0000plain"), Buffer.from([0xff])]);

  test("are decoded as UTF-8, each for itself, with what cannot be decoded replaced", () => {
    const at = textsIn(bytes);
    expect([at(0, 2), at(3, 11), at(12, 17), at(12, 18), at(7, 8), at(4, 4)]).toEqual([
      "sh",
      "caf\u00e9\ufeff",
      "plain",
      "plain\ufffd",
      "\ufffd",
      "",
    ]);
  });

  test("are the same where all are ASCII, and where the column lies within more bytes", () => {
    const part = new Uint8Array(bytes.buffer, bytes.byteOffset + 12, 5);
    expect(textsIn(part)(0, 5)).toBe("plain");
    expect(textsIn(part)(2, 4)).toBe("ai");
  });
});
