/**
 * Builds the native half: the addon `prebuilds/linux-CPU/nsatlas.node` and the programs `holder` and `launcher` beside
 * it, each by one line of gcc. The sources are all of native/: `holder*.c` make the holder, `launch*.c` the launcher,
 * `mem.c` goes into all, the rest is the addon. The result depends on nothing but those, the compiler and this file: same bytes at any path.
 *
 * Run it with the names of machines to build for, as `linux-x64`, or without for all; or import `buildNative`.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The CPUs we build for; `compiler` is Debian's name, on the CPU itself plain `gcc` does too. */
const MACHINES = [
  { name: "linux-x64", cpu: "x64", compiler: "x86_64-linux-gnu-gcc", flags: [] },
  // libgcc has the outlined atomics, and we link without it.
  { name: "linux-arm64", cpu: "arm64", compiler: "aarch64-linux-gnu-gcc", flags: ["-mno-outline-atomics"] },
];

const COMMON_FLAGS = [
  "-std=gnu17",
  "-Os",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-ffreestanding",
  "-fno-stack-protector",
  "-fno-tree-loop-distribute-patterns",
  "-fno-asynchronous-unwind-tables",
  "-fno-unwind-tables",
  "-nostdlib",
  "-s",
  "-Wl,--build-id=none",
];

const ARTEFACTS = [
  {
    file: "nsatlas.node",
    has: (source) => !/^(holder|launch)/.test(source),
    flags: ["-DNAPI_VERSION=8", "-fPIC", "-shared", "-fvisibility=hidden", "-Wl,-z,now,-z,relro"],
  },
  {
    file: "holder",
    has: (source) => source.startsWith("holder") || source === "mem.c",
    flags: ["-static", "-fno-pie", "-no-pie"],
  },
  {
    file: "launcher",
    has: (source) => source.startsWith("launch") || source === "mem.c",
    flags: ["-static", "-fno-pie", "-no-pie"],
  },
];

/**
 * Brings the prebuilds of every machine (or of those named) up to date that a compiler is here for. One result a
 * machine: `current` (nothing to do), `built`, `no-compiler`, or `failed` with what the compiler or the file system said.
 */
export function buildNative({ root = ROOT, log = () => {}, names = MACHINES.map(({ name }) => name) } = {}) {
  const sources = readdirSync(join(root, "native"))
    .filter((file) => file.endsWith(".c"))
    .sort();
  const inputs = inputsHash(root);
  const unknown = names.find((name) => !MACHINES.some((machine) => machine.name === name));
  if (unknown !== undefined) throw new RangeError(`native/ is not written for ${unknown}`);
  const machines = MACHINES.filter(({ name }) => names.includes(name));
  return machines.map((machine) => ({ machine: machine.name, ...buildFor(machine, { root, sources, inputs, log }) }));
}

function buildFor(machine, { root, sources, inputs, log }) {
  const folder = join(root, "prebuilds", machine.name);
  const files = ARTEFACTS.map((artefact) => join(folder, artefact.file));
  const stamp = join(root, ".cache", `native-${machine.name}`);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === `${inputs} ${outputsHash(files)}`)
    return { state: "current" };

  const compiler = compilerFor(machine);
  if (compiler === undefined) return { state: "no-compiler", detail: machine.compiler };
  log(`native: building ${machine.name} with ${compiler}`);
  try {
    mkdirSync(folder, { recursive: true });
    for (const artefact of ARTEFACTS) {
      compile({ root, folder, compiler, machine, artefact, sources: sources.filter(artefact.has) });
    }
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, `${inputs} ${outputsHash(files)}`);
    return { state: "built" };
  } catch (error) {
    // The compiler refused, or the clone is not ours to write to.
    return { state: "failed", detail: error.message };
  }
}

/** Compiles beside the target and renames: a program that runs the old file keeps it, and two builds don't mix. */
function compile({ root, folder, compiler, machine, artefact, sources }) {
  const draft = join(folder, `.${artefact.file}.${process.pid}`);
  const headers = join("node_modules", "node-api-headers", "include");
  const flags = [...COMMON_FLAGS, ...artefact.flags, ...machine.flags, "-I", headers];
  // Relative paths from `root`: the compiler's output then knows nothing of where that is.
  const words = [...flags, ...sources.map((source) => join("native", source)), "-o", draft];
  const { status, stderr, error } = spawnSync(compiler, words, { cwd: root, encoding: "utf8" });
  if (status === 0) {
    renameSync(draft, join(folder, artefact.file));
  } else {
    rmSync(draft, { force: true });
    throw error ?? new Error(stderr);
  }
}

/** The compiler for a machine's programs, or undefined where there is none. */
export function compilerFor({ cpu, compiler }) {
  const names = process.platform === "linux" && process.arch === cpu ? ["gcc", compiler] : [compiler];
  return names.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
}

/** Of everything that decides what comes out, but for the compiler. */
function inputsHash(root) {
  const hash = createHash("sha256");
  const native = readdirSync(join(root, "native"))
    .sort()
    .map((file) => join("native", file));
  const headers = join("node_modules", "node-api-headers", "package.json");
  for (const file of [...native, headers]) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.update(readFileSync(fileURLToPath(import.meta.url))).digest("hex");
}

function outputsHash(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(existsSync(file) ? readFileSync(file) : "absent");
  return hash.digest("hex");
}

/** What a result means to whoever waits for it. */
export function sentenceFor({ machine, state, detail }) {
  switch (state) {
    case "current":
      return `native: ${machine} is up to date`;
    case "built":
      return `native: built ${machine}`;
    case "no-compiler":
      return `native: ${machine} is not built: ${machine === OWN ? WITHOUT_GCC : `there is no ${detail}`}`;
    default:
      return `native: ${machine} failed to build:\n${detail}`;
  }
}

const OWN = `${process.platform}-${process.arch}`;
const WITHOUT_GCC =
  "no gcc here. nsatlas then reads /proc with JavaScript alone and cannot ask the kernel for owners and parents";

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  const log = (line) => console.log(line);
  const results = buildNative(names.length > 0 ? { log, names } : { log });
  for (const result of results) console.log(sentenceFor(result));
  // Another CPU's compiler may lack its headers; that is no failure of this machine's build.
  const own = results.find(({ machine }) => machine === OWN);
  process.exitCode = own?.state === "failed" ? 1 : 0;
}
