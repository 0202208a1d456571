import { execFileSync } from "node:child_process";
import { closeSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { unnamedProgram } from "../../../src/kernel/live/unnamed-program.ts";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const close = (path: string): void => closeSync(Number(basename(path)));

describe("a program without a name", needs("linux"), () => {
  test("runs, is nobody else's to write, and stands in no folder", () => {
    using folder = temporaryFolder();
    const path = unnamedProgram(readFileSync("/bin/echo"), [folder.path]);
    try {
      expect(readdirSync(folder.path)).toEqual([]);
      expect(statSync(path).mode & 0o7777).toBe(0o500);
      expect(statSync(path).nlink).toBe(0);
      expect(execFileSync(path, ["here"], { encoding: "utf8" })).toBe("here\n");
    } finally {
      close(path);
    }
  });

  test("lies in the first folder that takes it", () => {
    using folder = temporaryFolder();
    const path = unnamedProgram(Buffer.from("x"), [join(folder.path, "none"), "/proc", folder.path]);
    expect(readFileSync(path, "utf8")).toBe("x");
    expect(statSync(path).dev).toBe(statSync(folder.path).dev);
    close(path);
  });

  test("where no folder takes it, the error has what the last one said", () => {
    expect(() => unnamedProgram(Buffer.from("x"), ["/nonexistent"])).toThrow(
      expect.objectContaining({
        message: "no folder for a program: /nonexistent",
        cause: expect.objectContaining({ code: "ENOENT" }),
      }),
    );
  });
});
