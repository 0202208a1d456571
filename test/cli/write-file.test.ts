import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeWhole } from "../../src/cli/write-file.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("a file that is written as a whole", needs("linux"), () => {
  test("can be read by its owner alone, whatever the umask", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "new");
    const before = process.umask(0);
    try {
      writeWhole(path, "text");
    } finally {
      process.umask(before);
    }
    expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777]).toEqual(["text", 0o600]);
    expect(readdirSync(folder.path)).toEqual(["new"]);
  });
  test("replaces another in one step: whoever has the old one open still reads it", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "old");
    writeFileSync(path, "old text", { mode: 0o644 });
    const { ino } = statSync(path);
    writeWhole(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).ino).not.toBe(ino);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
  test("goes through a link and leaves it", () => {
    using folder = temporaryFolder();
    const [path, link] = [join(folder.path, "file"), join(folder.path, "link")];
    writeFileSync(path, "old");
    symlinkSync("file", link);
    writeWhole(link, "new");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, "utf8")).toBe("new");
  });
  test("is not made where a link leads nowhere", () => {
    using folder = temporaryFolder();
    const link = join(folder.path, "link");
    symlinkSync("nothing", link);
    writeWhole(link, "new");
    expect(readFileSync(link, "utf8")).toBe("new");
  });
  test("leaves the old one, and nothing else, where there is no room", needs("root"), () => {
    using folder = temporaryFolder();
    const place = join(folder.path, "small");
    mkdirSync(place);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place]);
    try {
      const path = join(place, "file");
      writeWhole(path, "old");
      expect(() => writeWhole(path, "x".repeat(200_000))).toThrow(expect.objectContaining({ code: "ENOSPC" }));
      expect([readFileSync(path, "utf8"), readdirSync(place)]).toEqual(["old", ["file"]]);
    } finally {
      execFileSync("umount", [place]);
    }
  });
  test("is not made in a folder that is not there, and a folder is not replaced", () => {
    using folder = temporaryFolder();
    expect(() => writeWhole(join(folder.path, "no", "file"), "")).toThrow(expect.objectContaining({ code: "ENOENT" }));
    expect(() => writeWhole(folder.path, "")).toThrow(expect.objectContaining({ code: "EISDIR" }));
    expect(existsSync(folder.path)).toBe(true);
  });
  test("a device is written to, never replaced", () => {
    writeWhole("/dev/null", "text");
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
    expect(() => writeWhole("/dev/full", "text")).toThrow(expect.objectContaining({ code: "ENOSPC" }));
  });
});
