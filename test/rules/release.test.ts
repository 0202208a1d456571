import { describe, expect, test } from "vitest";
import { atLeast } from "../../src/rules/release.ts";

describe("releases compare number by number", () => {
  test.each([
    ["6.18", "6.18", true],
    ["6.18", "6.9", true],
    ["6.9", "6.18", false],
    ["7.0", "6.18", true],
    ["6.18", "7.0", false],
    ["10.1", "9.30", true],
  ])("is %s at least %s: %s", (release, since, is) => {
    expect(atLeast(release, since)).toBe(is);
  });

  test.each([
    ["6", "6.0", true],
    ["6", "6.1", false],
    ["6.18", "6.18.0", true],
    ["6.18", "6.18.1", false],
    ["6.18.1", "6.18", true],
    ["0", "0.0.0", true],
  ])("what is not said is 0: is %s at least %s: %s", (release, since, is) => {
    expect(atLeast(release, since)).toBe(is);
  });

  test.each([
    ["6.18.44-fc-v669", "6.18.44", true],
    ["6.18.44-fc-v669", "6.18.45", false],
    ["6.18-rc7", "6.18", true],
    ["6.1.", "6.1.1", false],
    ["6..5", "6.0", true],
    ["6..5", "6.0.1", false],
  ])("what stands behind the numbers does not count: is %s at least %s: %s", (release, since, is) => {
    expect(atLeast(release, since)).toBe(is);
  });

  test.each(["", "next", "linux-6.18", ".5", "-6.18"])("%j has no numbers: it is 0", (release) => {
    expect(atLeast(release, "0")).toBe(true);
    expect(atLeast(release, "0.0.1")).toBe(false);
    expect(atLeast(release, "1")).toBe(false);
  });
});
