import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { mapLines, mapText, subordinates } from "../../src/enter/id-ranges.ts";
import { needs } from "../support/needs.ts";

const NEWER = join(import.meta.dirname, "../../.cache/newer-lsns/unshare");

describe("the lines of a map", () => {
  const ranges = [{ inside: 0, outside: 100_000, count: 1000 }];
  test.each([
    ["without a single id, as they are", undefined, "0 100000 1000\n"],
    ["the single one takes the first number inside", { inside: 0, outside: 7 }, "0 7 1\n1 100000 999\n"],
    ["in the middle: what lies behind moves up", { inside: 50, outside: 7 }, "50 7 1\n0 100000 50\n51 100050 949\n"],
    ["beyond", { inside: 5000, outside: 7 }, "5000 7 1\n0 100000 1000\n"],
    ["outside, within the range", { inside: 5000, outside: 100_000 }, "5000 100000 1\n0 100001 999\n"],
  ])("%s", (_, single, text) => {
    expect(mapText(mapLines(single === undefined ? { ranges } : { ranges, single }))).toBe(text);
  });

  test("of an automatic range go from 0 on, and keep its size", () => {
    const auto = [{ inside: 100_000, outside: 100_000, count: 10, auto: true }] as const;
    expect(mapText(mapLines({ ranges: auto, single: { inside: 0, outside: 7 } }))).toBe("0 7 1\n1 100000 10\n");
    expect(mapText(mapLines({ ranges: auto }))).toBe("0 100000 10\n");
  });

  // Only where the newer one is unpacked; what it writes is what the kernel then shows.
  describe.runIf(existsSync(NEWER))("are those of unshare 2.42", () => {
    test("for whatever range and single id", { ...needs("root"), timeout: 60_000 }, () => {
      const small = fc.integer({ min: 1, max: 40 });
      const wish = fc.record({ inside: fc.nat(60), outside: fc.nat(60), count: small, id: fc.nat(110) });
      fc.assert(
        fc.property(wish, ({ inside, outside, count, id }) => {
          const range = { inside, outside, count };
          // Root is 0 outside.
          const ours = mapLines({ ranges: [range], single: { inside: id, outside: 0 } });
          const words = [`--map-users=${inside}:${outside}:${count}`, `--map-user=${id}`, "cat", "/proc/self/uid_map"];
          const { status, stdout } = spawnSync(NEWER, words, { encoding: "utf8" });
          if (status !== 0) return;
          const theirs = stdout
            .trim()
            .split("\n")
            .map((line) => line.trim().split(/\s+/).join(" "));
          expect(mapText(ours).trim().split("\n")).toEqual(theirs);
        }),
        { numRuns: 80 },
      );
    });
  });
});

describe("subordinate ids", () => {
  const text = "games:1:2\n# remark\nroot:100000:65536\n1000:200000:10\nada:300000:5\nada:400000:5\n";
  test.each([
    ["by name, each line", { name: "ada", id: 77 }, [300_000, 400_000]],
    ["by number", { name: "bob", id: 1000 }, [200_000]],
    ["of root, and not of whoever is no number", { name: "root", id: 0 }, [100_000]],
  ])("%s", (_, user, first) => {
    expect(subordinates(text, user).map(({ outside }) => outside)).toEqual(first);
  });
  test("of somebody who has none", () => {
    expect(subordinates(text, { name: "eve", id: 5 })).toEqual([]);
  });
});
