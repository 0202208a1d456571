import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROOT = join(import.meta.dirname, "../..");
const OWN = `prebuilds/linux-${process.arch}`;

/** A clone as far as the native half goes, in a folder of this name. */
function cloneIn(folder: string, name: string): string {
  const clone = join(folder, name);
  mkdirSync(clone, { recursive: true });
  for (const part of ["native", "scripts"]) cpSync(join(ROOT, part), join(clone, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(clone, "node_modules"));
  return clone;
}

/** What a build for this machine says, and its exit status. */
function build(clone: string, env: Record<string, string> = {}): { status: number | null; said: string } {
  const script = join(clone, "scripts/build-native.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, `linux-${process.arch}`], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, said: stdout + stderr };
}

/** Every file that a build made, as path and content. */
function filesBelow(folder: string): [string, Buffer][] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return files
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => [file, readFileSync(join(folder, file))]);
}

describe("the native half", needs("package:gcc", "package:linux-libc-dev"), () => {
  test("comes out the same to the byte at two paths", { timeout: 60_000 }, () => {
    using folder = temporaryFolder();
    const [one, other] = [cloneIn(folder.path, "one"), cloneIn(folder.path, "a/longer path/with blanks")];
    expect(build(one)).toMatchObject({ status: 0, said: expect.stringContaining(`built linux-${process.arch}`) });
    expect(build(other)).toMatchObject({ status: 0 });
    const files = filesBelow(join(one, "prebuilds"));
    expect(files.map(([file]) => file)).toContain(`linux-${process.arch}/nsatlas.node`);
    expect(files.map(([file]) => file).filter((file) => file.includes("/."))).toEqual([]);
    expect(filesBelow(join(other, "prebuilds"))).toEqual(files);
  });

  test("is built again when a source changed or a file is gone, and only then", { timeout: 60_000 }, () => {
    using folder = temporaryFolder();
    const clone = cloneIn(folder.path, "clone");
    const again = (): string => build(clone).said;
    expect(again()).toContain("building");
    expect(again()).not.toContain("building");
    writeFileSync(join(clone, "native/mem.c"), "// more\n", { flag: "a" });
    expect(again()).toContain("building");
    expect(again()).not.toContain("building");
    writeFileSync(join(clone, OWN, "nsatlas.node"), "damaged");
    expect(again()).toContain("building");
  });

  test(
    "a source that does not compile fails with the compiler's words, and what was there stays",
    { timeout: 60_000 },
    () => {
      using folder = temporaryFolder();
      const clone = cloneIn(folder.path, "clone");
      build(clone);
      const before = filesBelow(join(clone, "prebuilds"));
      writeFileSync(join(clone, "native/mem.c"), "int wrong(void) { return missing; }\n", { flag: "a" });
      expect(build(clone)).toMatchObject({ status: 1, said: expect.stringMatching(/native\/mem\.c:\d+.*missing/) });
      expect(filesBelow(join(clone, "prebuilds"))).toEqual(before);
    },
  );

  test("needs no library, neither a C library nor the compiler's own", () => {
    const { stdout } = spawnSync("readelf", ["-d", join(ROOT, OWN, "nsatlas.node")], { encoding: "utf8" });
    expect(stdout).toContain("Dynamic section");
    expect(stdout).not.toContain("NEEDED");
  });
});

test("without a compiler, the build says what that means and is no failure", needs("linux"), () => {
  using folder = temporaryFolder();
  const clone = cloneIn(folder.path, "clone");
  const { status, said } = build(clone, { PATH: folder.path });
  expect(said).toContain("no gcc here");
  expect({ status, built: existsSync(join(clone, OWN)) }).toEqual({ status: 0, built: false });
});
