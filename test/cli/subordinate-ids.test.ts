import { describe, expect, test } from "vitest";
import { namesAnother, rangesTold } from "../../src/cli/subordinate-ids.ts";
import { subordinates } from "../../src/enter/id-ranges.ts";
import { notGranted } from "../../src/enter/granted-ids.ts";
import { asTester, ID } from "../enter/beside/as-tester.ts";
import { NSATLAS } from "../enter/beside/run-beside.ts";
import { needs } from "../support/needs.ts";

describe("whose ids are whose", () => {
  test.each([
    ["", false],
    ["passwd: files\nsubid: files\n", false],
    ["subid:\tfiles # and nobody else\n", false],
    ["# subid: sss\n", false],
    ["subid:\nnetgroup: sss\n", false],
    ["passwd: files sss\nsubid: sss\n", true],
    ["subid:  filesystem\n", true],
  ])("by nsswitch.conf: %j", (text, expected) => {
    expect(namesAnother(text)).toBe(expected);
  });
});

describe("ids that a line of /etc/subuid gives by name, another by number", () => {
  const subids = `${ID}:100000:50\ntester:100050:50\nsomebody:7:7\ntester:300000:7\n`;
  const ranges = subordinates(subids, { name: "tester", id: ID });
  const lacking = needs("native", "root", "ordinary-user", "package:util-linux", "package:uidmap");

  test("are those that getsubids tells", lacking, () => {
    const { code, out } = asTester(["getsubids"], ["tester"], { subids });
    expect({ code, told: rangesTold(out) }).toEqual({ code: 0, told: ranges });
  });

  test("are those that newuidmap maps: within one, across two, and none besides but the own one", lacking, () => {
    const asked = [
      [100_000, 50],
      [100_020, 60],
      [99_999, 2],
      [100_099, 2],
      [ID, 1],
      [ID, 2],
      [7, 1],
      [300_006, 1],
    ] as const;
    const words = asked.map(([outside, count]) => `${outside}:${count}`);
    const script = 'n=$1; shift; for one; do "$n" run --map-users=0:$one true 2> /dev/null; echo $?; done';
    const { out } = asTester(["sh"], ["-c", script, "sh", NSATLAS, ...words], { subids });
    const lacks = asked.map(([outside, count]) => notGranted([{ inside: 0, outside, count }], { own: ID, ranges }));
    expect(out).toBe(lacks.map((none) => `${none.length === 0 ? 0 : 1}\n`).join(""));
    expect(out.split("\n").filter((code) => code === "0")).toHaveLength(4);
  });
});
