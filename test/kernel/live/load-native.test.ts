import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadNative, type Host, type LoadedNative } from "../../../src/kernel/live/load-native.ts";
import { NATIVE_FUNCTIONS } from "../../../src/kernel/live/native.ts";
import { packageRoot } from "../../../src/kernel/live/native-files.ts";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const ROOT = join(import.meta.dirname, "../../..");
const FILE = `prebuilds/linux-${process.arch}/nsatlas.node`;
const here = (root: string): Host => ({ platform: "linux", arch: process.arch, root });

/** Loads from a package whose addon is this file. */
function loadFrom(write: (path: string) => void): LoadedNative {
  using folder = temporaryFolder();
  const path = join(folder.path, FILE);
  mkdirSync(join(path, ".."), { recursive: true });
  write(path);
  return loadNative(here(folder.path));
}

test("the addon of this package is loaded, with all its functions", needs("native"), () => {
  const loaded = loadNative();
  expect(Object.keys("native" in loaded ? loaded.native : {}).toSorted()).toEqual(NATIVE_FUNCTIONS.toSorted());
});

test("the package is found from its sources and from its bundle, and nothing above it is looked at", () => {
  expect(packageRoot(join(ROOT, "src/kernel/live"))).toBe(ROOT);
  expect(packageRoot(join(ROOT, "dist"))).toBe(ROOT);
  expect(packageRoot(ROOT)).toBe(ROOT);
});

describe("where there is none, the reason is given and nothing thrown", () => {
  test("another operating system", () => {
    const missing = { why: "other-system", system: "darwin" };
    expect(loadNative({ platform: "darwin", arch: "arm64", root: ROOT })).toEqual({ missing });
  });

  test("another CPU", () => {
    expect(loadNative({ platform: "linux", arch: "riscv64", root: ROOT })).toEqual({
      missing: { why: "other-cpu", cpu: "riscv64" },
    });
  });

  test("not built", needs("linux"), () => {
    using folder = temporaryFolder();
    expect(loadNative(here(folder.path))).toEqual({ missing: { why: "not-built", path: join(folder.path, FILE) } });
    expect(loadNative({ ...here(""), root: undefined })).toMatchObject({ missing: { why: "not-built" } });
  });

  test("a file that is no addon", needs("linux"), () => {
    const loaded = loadFrom((path) => writeFileSync(path, "not an ELF file"));
    expect(loaded).toMatchObject({ missing: { why: "failed-to-load", cause: { code: "ERR_DLOPEN_FAILED" } } });
  });

  test("an addon for another CPU", needs("native"), () => {
    const E_MACHINE = 18;
    const EM_RISCV = 243;
    const addon = readFileSync(join(ROOT, FILE));
    addon.writeUInt16LE(EM_RISCV, E_MACHINE);
    const loaded = loadFrom((path) => writeFileSync(path, addon));
    expect(loaded).toMatchObject({ missing: { why: "failed-to-load" } });
  });
});
