import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROGRAMS, self } from "../support/viewers.ts";

const PROGRAM = join(dirname(PROGRAMS.nsatlas), "program");
const COMPILED = join(dirname(PROGRAM), "compiled", `${process.versions.v8}-${process.arch}`);

/** The files of the program that a run reads, by strace: what is loaded when it is used shows nowhere else. */
function loadedBy(...words: string[]): readonly string[] {
  const trace = ["-f", "-s", "4096", "-e", "trace=openat"];
  const { stderr, status } = spawnSync("strace", [...trace, process.execPath, PROGRAMS.nsatlas, ...words], {
    encoding: "utf8",
    // A machine may have thousands of processes, each with files that `list` opens.
    maxBuffer: Infinity,
    env: { PATH: process.env["PATH"] },
  });
  expect(status).toBe(0);
  const folder = `"${PROGRAM}/`;
  const paths = stderr.split("\n").flatMap((line) => line.split(folder).slice(1, 2));
  return paths.map((path) => path.slice(0, path.indexOf('"')));
}
const textOf = (name: string): string => readFileSync(join(PROGRAM, name), "utf8");

test("starting nsatlas loads no command, no discovery, no zod", needs("package:strace"), () => {
  const loaded = loadedBy("--version");
  const text = loaded.map(textOf).join("\n");
  for (const heavy of ["zod", "scanProc", "NS_GET_MNTNS_ID came", "libsmartcols", "encodeSnapshot"]) {
    expect({ heavy, there: text.includes(heavy) }).toEqual({ heavy, there: false });
  }
  expect(loaded).toContain("main.cjs");
  expect(text.length).toBeLessThan(100_000);
});

test.each([["run", "-r", "true"], ["enter", "--ns", "self/uts", "true"], ["list"]])(
  "%s loads nothing but a few files that are compiled ahead",
  needs("package:strace", "native", "root"),
  (...words) => {
    const loaded = loadedBy(...words).filter((name) => !name.startsWith("rolldown-runtime-"));
    expect(loaded.filter((name) => !existsSync(join(COMPILED, name)))).toEqual([]);
    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded.length).toBeLessThan(7);
  },
);

describe("what is compiled ahead", () => {
  test("is what this Node takes", () => {
    const script = `const { readFileSync } = require("node:fs"), { Script } = require("node:vm");
      for (const name of process.argv.slice(1)) {
        const source = readFileSync(${JSON.stringify(PROGRAM)} + "/" + name, "latin1");
        const cachedData = readFileSync(${JSON.stringify(COMPILED)} + "/" + name);
        console.log(name, new Script(source, { cachedData }).cachedDataRejected);
      }`;
    const names = readdirSync(COMPILED);
    expect(names).toContain("main.cjs");
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", script, ...names], { encoding: "utf8", env: {} });
    expect({ stdout, stderr }).toEqual({ stdout: names.map((name) => `${name} false\n`).join(""), stderr: "" });
  });

  test("is the same to the byte each time, wherever it is", () => {
    using folder = temporaryFolder();
    cpSync(PROGRAM, join(folder.path, "somewhere", "else", "program"), { recursive: true });
    const dist = join(folder.path, "somewhere", "else");
    const script = join(ROOT, "scripts/compile-ahead.cjs");
    for (const name of ["main.cjs", "for_run.cjs"]) {
      expect(spawnSync(process.execPath, ["--random-seed=1", script, dist, name], { env: {} }).status).toBe(0);
      const again = readFileSync(join(dist, "compiled", basename(COMPILED), name));
      expect({ name, same: again.equals(readFileSync(join(COMPILED, name))) }).toEqual({ name, same: true });
    }
  });

  test("is done without where it is damaged, missing or for another Node", () => {
    using folder = temporaryFolder();
    const dist = join(folder.path, "dist");
    cpSync(dirname(PROGRAMS.nsatlas), dist, { recursive: true });
    const compiled = join(dist, "compiled", basename(COMPILED));
    const says = (): string => {
      const words = [join(dist, "cli.cjs"), "help", "list"];
      const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8", env: {} });
      return stdout + stderr;
    };
    const whole = says();
    expect(whole).toMatch(/^Usage: nsatlas list/);
    const main = join(compiled, "main.cjs");
    const bytes = readFileSync(main);
    // Its first words are V8's version, the source's length, its flags and its own length.
    for (const damaged of [bytes.subarray(0, 100), bytes.subarray(0, 0), Buffer.concat([Buffer.alloc(64), bytes])]) {
      writeFileSync(main, damaged);
      expect(says()).toBe(whole);
    }
    rmSync(join(dist, "compiled"), { recursive: true });
    expect(says()).toBe(whole);
  });
});

test("--help and --version need neither /proc nor the native half nor a terminal", needs("linux"), async () => {
  for (const word of ["--help", "--version", "help", "version"]) {
    const { code, stderr } = await self.run(process.execPath, [PROGRAMS.nsatlas, word], { env: { PATH: undefined } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  }
});
