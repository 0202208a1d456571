import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { Script } from "node:vm";
import { describe, expect, test } from "vitest";
import { list } from "../../src/cli/commands/list.ts";
import { ALIKE } from "../../src/cli/take-head-start.ts";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROGRAMS, self } from "../support/viewers.ts";

const PROGRAM = join(dirname(PROGRAMS.nsatlas), "program");
const COMPILED = join(dirname(PROGRAM), "compiled", `${process.versions.v8}-${process.arch}`);

/** The files of the program that a run reads, but for the first, by strace: what is loaded when it is used shows nowhere else. */
function loadedBy(words: readonly string[], within: readonly string[] = []): readonly string[] {
  const trace = ["-f", "-s", "4096", "-e", "trace=openat"];
  const { stderr, status } = spawnSync("strace", [...trace, ...within, process.execPath, PROGRAMS.nsatlas, ...words], {
    encoding: "utf8",
    // A machine may have thousands of processes, each with files that `list` opens.
    maxBuffer: Infinity,
    env: { PATH: process.env["PATH"] },
  });
  expect(status).toBe(0);
  const paths = stderr.split("\n").flatMap((line) => line.split(`"${dirname(PROGRAM)}/`).slice(1, 2));
  return paths.map((path) => path.slice(0, path.indexOf('"'))).filter((path) => path !== "cli.cjs");
}
/** A file of those that are compiled ahead: its text, and V8's code for it. */
function ahead(name: string): { readonly text: string; readonly code: Uint8Array } {
  const file = readFileSync(join(COMPILED, name));
  const end = 16 + file.readUInt32LE(4);
  return { text: file.toString("latin1", 16, end), code: file.subarray(Math.ceil(end / 8) * 8) };
}

test("starting nsatlas loads no command, no discovery, no zod", needs("package:strace"), () => {
  expect(loadedBy(["--version"])).toEqual([relative(dirname(PROGRAM), join(COMPILED, "help.bin"))]);
  const { text } = ahead("help.bin");
  for (const heavy of ["zod", "scanProc", "NS_GET_MNTNS_ID came", "libsmartcols", "encodeSnapshot"]) {
    expect({ heavy, there: text.includes(heavy) }).toEqual({ heavy, there: false });
  }
  expect(text.length).toBeLessThan(100_000);
});

test.each([["run", "-r", "true"], ["enter", "--ns", "self/uts", "true"], ["list"], ["help"], ["version"]])(
  "%s loads nothing but its one file",
  needs("package:strace", "native", "root"),
  (...words) => {
    // Alone, so that nobody else's namespaces ask for more than an ordinary machine's.
    const alone = words[0] === "list" ? ["unshare", "--pid", "--fork", "--mount-proc"] : [];
    expect(loadedBy(words, alone)).toEqual([
      relative(dirname(PROGRAM), join(COMPILED, `${words[0] === "version" ? "help" : words[0]}.bin`)),
    ]);
  },
);

test.each(
  [["list"], ...Array.from(ALIKE, (word) => ["list", word]), ["list", "-t", "net"], ["list", "-o", "NS,NAME"]].map(
    (words) => ({ words }),
  ),
)(
  "$words reads each process once, whether that is begun early or not",
  needs("package:strace", "native", "root"),
  ({ words }) => {
    // Alone, as above: the first process is number 1.
    const alone = ["--pid", "--fork", "--mount-proc"];
    const trace = ["strace", "-f", "-e", "trace=openat", process.execPath, PROGRAMS.nsatlas, ...words];
    const env = { PATH: process.env["PATH"] };
    const { stderr, status } = spawnSync("unshare", [...alone, ...trace], { encoding: "utf8", env });
    expect([status, stderr.match(/openat\(\d+, "1", O_RDONLY/g)?.length]).toEqual([0, 1]);
  },
);

test(
  "list ends where its output does; not where Node was asked for something at its end",
  needs("native", "package:strace"),
  () => {
    using folder = temporaryFolder();
    const run = (env: Readonly<Record<string, string>>): string => {
      const trace = ["-e", "trace=write,exit_group", process.execPath, PROGRAMS.nsatlas, "list", "-n"];
      const { stderr, status } = spawnSync("strace", trace, {
        encoding: "utf8",
        env: { PATH: process.env["PATH"], ...env },
      });
      expect(status).toBe(0);
      return stderr;
    };
    // Without -f: the main thread alone.
    expect(run({})).toMatch(/\nwrite\(1, [^\n]*\nexit_group\(0\)[^\n]*\n\+\+\+ exited with 0 \+\+\+\n$/);
    run({ NODE_V8_COVERAGE: folder.path });
    expect(readdirSync(folder.path)).toEqual([expect.stringMatching(/^coverage-/)]);
  },
);

test("what is begun early goes by options that list has", () => {
  const { options } = list;
  const names = Object.entries(options).flatMap(([name, option]) => [
    `--${name}`,
    ...("short" in option ? [`-${option.short}`] : []),
  ]);
  expect([...ALIKE].filter((word) => !names.includes(word))).toEqual([]);
});

test("each part of the program can be the first to be loaded", () => {
  // As src/cli/boot.ts loads them. Parts need each other in circles; which of them is complete by then depends on the first.
  const script = `const { readdirSync, readFileSync } = require("node:fs");
    const folder = ${JSON.stringify(PROGRAM)}, parts = {}, failed = [];
    // main.cjs runs what its process is asked for.
    process.argv = ["", "", "--version"];
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(folder + "/" + name);
      const text = name.endsWith(".br") ? require("node:zlib").brotliDecompressSync(bytes) : bytes;
      parts["./" + name.replace(/\\.br$/, "")] = (0, eval)(text.toString("latin1"));
    }
    for (const part of Object.keys(parts)) {
      const offers = new Map();
      const needed = (name) => {
        if (!name.startsWith("./")) return require(name);
        if (offers.has(name)) return offers.get(name);
        const get = (_, key) => {
          Object.setPrototypeOf(offer, Object.prototype);
          parts[name](offer, needed, { exports: offer }, folder + "/" + name, folder);
          return offer[key];
        };
        const offer = Object.create(new Proxy(Object.prototype, { get }));
        offers.set(name, offer);
        return offer;
      };
      try { needed("./main.cjs").main; needed(part).main; }
      catch (error) { failed.push(part + ": " + error); }
    }
    process.on("exit", () => console.error(Object.keys(parts).length + "," + failed));`;
  const { stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", env: {} });
  expect(stderr).toMatch(/^\d{2,},\n$/);
});

describe("what is compiled ahead", () => {
  test("is what this Node takes", () => {
    const names = readdirSync(COMPILED);
    expect(names).toEqual(["enter.bin", "help.bin", "list.bin", "main.bin", "run.bin", "seldom.bin"]);
    for (const name of names) {
      const { text, code } = ahead(name);
      const script = new Script(text, { cachedData: Buffer.from(code) });
      expect({ name, rejected: script.cachedDataRejected }).toEqual({ name, rejected: false });
    }
  });

  test("is the same to the byte each time, wherever it is", () => {
    using folder = temporaryFolder();
    cpSync(PROGRAM, join(folder.path, "somewhere", "else", "program"), { recursive: true });
    const dist = join(folder.path, "somewhere", "else");
    const script = join(ROOT, "scripts/compile-ahead.cjs");
    for (const name of ["main", "run"]) {
      expect(spawnSync(process.execPath, ["--random-seed=1", script, dist, name], { env: {} }).status).toBe(0);
      const again = readFileSync(join(dist, "compiled", basename(COMPILED), `${name}.bin`));
      expect({ name, same: again.equals(readFileSync(join(COMPILED, `${name}.bin`))) }).toEqual({ name, same: true });
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
    const main = join(compiled, "help.bin");
    const bytes = readFileSync(main);
    // Behind the text are V8's version, the text's length, V8's flags and the code's length.
    const other = Buffer.from(bytes);
    other.fill(0, bytes.length - ahead("help.bin").code.length);
    for (const damaged of [
      bytes.subarray(0, 100),
      bytes.subarray(0, 0),
      Buffer.concat([Buffer.alloc(64), bytes]),
      other,
    ]) {
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
