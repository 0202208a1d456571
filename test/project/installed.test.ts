import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isInstalled } from "../../scripts/installed.js";
import { ROOT } from "../support/sources.ts";

const other = process.platform === "linux" ? "darwin" : "linux";
const plain = { version: "1.0.0", integrity: "sha512-one" };
const mine = { ...plain, optional: true, os: [process.platform], cpu: [process.arch] };
const foreign = { ...plain, optional: true, os: [other], cpu: [process.arch] };
const WANTED = {
  "": { name: "clone" },
  "node_modules/a": plain,
  "node_modules/mine": mine,
  "node_modules/foreign": foreign,
};
const THERE = { "node_modules/a": plain, "node_modules/mine": mine };

describe("whether npm ci is needed", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "installed-"));
    mkdirSync(join(root, "node_modules"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const write = (file: string, packages: object) => writeFileSync(join(root, file), JSON.stringify({ packages }));

  test.each([
    ["all is there but for another machine's variant", THERE, true],
    ["a package is missing", { "node_modules/mine": mine }, false],
    ["a package has another version", { ...THERE, "node_modules/a": { ...plain, version: "1.0.1" } }, false],
    ["a package has other contents", { ...THERE, "node_modules/a": { ...plain, integrity: "sha512-two" } }, false],
    [
      "this machine's variant is missing, as where the folder came from another one",
      { "node_modules/a": plain },
      false,
    ],
    ["there is more than was asked for", { ...THERE, "node_modules/b": plain }, true],
  ])("where %s", (_, there, expected) => {
    write("package-lock.json", WANTED);
    write("node_modules/.package-lock.json", there);
    expect(isInstalled(root)).toBe(expected);
  });

  test("where npm was stopped in the middle, or never ran", () => {
    write("package-lock.json", WANTED);
    expect(isInstalled(root)).toBe(false);
    writeFileSync(join(root, "node_modules/.package-lock.json"), '{"packages": {');
    expect(isInstalled(root)).toBe(false);
  });

  test("in this very checkout it is not", () => {
    expect(isInstalled(ROOT)).toBe(true);
  });
});
