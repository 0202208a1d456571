import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Explained, say } from "../explained.js";

/** Where Debian keeps kernels of its releases: the archive itself, backports, what comes next, and security updates. */
const SUITES = ["trixie-backports", "unstable", "trixie", "bookworm", "bullseye"];
const SECURITY_SUITES = ["trixie-security", "bookworm-security", "bullseye-security"];
/**
 * linux-binary-… has the kernel alone; where there is none, linux-image-… has it with its modules. Three numbers: two are the
 * name of a package that depends on one, or of a release candidate.
 */
const PACKAGE = /^linux-(binary|image)-\d+\.\d+\.\d+[^ ]*-cloud-amd64$/;
/** A suite that cannot be read is an error, not only where none can be. */
const NOT_EVEN_ONE = ["-o", "APT::Update::Error-Mode=any"];
/** So long are the lists of packages taken for current. */
const LISTS_LIMIT_MS = 24 * 60 * 60 * 1000;

/**
 * Debian's cloud kernels, by an apt with a state of its own below `folder`: it reads this machine's mirror and keys, and
 * changes nothing of its set-up.
 */
export class DebianKernels {
  #folder;
  #options;
  #deadline;
  #refused;

  /** `limitMs`: what is not read or downloaded after so long is not to be had. */
  constructor(folder, { limitMs = Infinity } = {}) {
    this.#folder = folder;
    this.#deadline = Date.now() + limitMs;
    this.#options = aptIn(folder, [...SUITES, ...SECURITY_SUITES]);
  }

  /** Why not all of Debian's lists could be read, where that is so: there may be newer kernels than `list` has. */
  get refused() {
    return this.#refused;
  }

  /** Every kernel there is, the newest first: its release, and the package that has it. Throws `Explained` where none is known. */
  list() {
    this.#update();
    const text = this.#run("apt-cache", ["dumpavail"]);
    const found = new Map();
    for (const paragraph of text.split("\n\n")) {
      const [name, version] = [field(paragraph, "Package"), field(paragraph, "Version")];
      if (name === undefined || version === undefined || !PACKAGE.test(name)) continue;
      const release = /^[\d.]+/.exec(version)?.[0] ?? "0";
      const isAlone = name.startsWith("linux-binary-");
      if (isAlone || !found.has(release)) found.set(release, { release, name, version });
    }
    if (found.size === 0)
      throw new Explained(`none of Debian's kernels is known: ${this.#refused ?? "its lists have none"}`);
    return [...found.values()].sort((a, b) => compareReleases(b.release, a.release));
  }

  /** The path of a kernel's image: from the cache, else downloaded; apt compares it with Debian's signed checksums. */
  fetch({ name, version, release }) {
    const path = join(this.#folder, `vmlinuz-${version}`);
    if (existsSync(path)) return path;
    say(`downloading Linux ${release} (Debian package ${name})`);
    const work = join(this.#folder, "work");
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    this.#run("apt-get", ["download", "-q", `${name}=${version}`], work);
    const [deb] = readdirSync(work);
    run("dpkg-deb", ["-x", deb, "tree"], { cwd: work });
    const image = readdirSync(join(work, "tree"), { recursive: true }).find((file) => /(^|\/)vmlinuz/.test(file));
    if (image === undefined) throw new Explained(`Debian package ${name} has no kernel image`);
    renameSync(join(work, "tree", image), path);
    rmSync(work, { recursive: true });
    return path;
  }

  /**
   * Modules of a kernel, in the order of `names`, from the cache, else downloaded: the file of each, compressed as Debian has it.
   * Throws `Explained` where it lacks one.
   */
  modules({ name, version, release }, names) {
    const path = join(this.#folder, `modules-${version}`);
    if (!names.every((one) => existsSync(join(path, one)))) {
      say(`downloading drivers of Linux ${release}`);
      const work = mkdtempSync(join(this.#folder, "modules-work-"));
      try {
        this.#run("apt-get", ["download", "-q", `${name.replace(/-binary-/, "-modules-")}=${version}`], work);
        const [deb] = readdirSync(work);
        run("dpkg-deb", ["-x", deb, "tree"], { cwd: work });
        const found = new Map(
          readdirSync(join(work, "tree"), { recursive: true }).map((file) => [moduleName(file), file]),
        );
        mkdirSync(path, { recursive: true });
        for (const one of names) {
          const file = found.get(one);
          if (file === undefined) throw new Explained(`Debian's Linux ${release} has no module ${one}`);
          renameSync(join(work, "tree", file), join(path, one));
        }
      } finally {
        rmSync(work, { recursive: true });
      }
    }
    return names.map((one) => ({ name: one, content: readFileSync(join(path, one)) }));
  }

  #update() {
    const stamp = join(this.#folder, "updated");
    const wanted = readFileSync(join(this.#folder, "sources.list"), "utf8");
    const isCurrent = existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
    if (isCurrent && Date.now() - statSync(stamp).mtimeMs < LISTS_LIMIT_MS) return;
    say("reading Debian's lists of kernels");
    try {
      this.#run("apt-get", ["update", "-q", ...NOT_EVEN_ONE]);
    } catch (error) {
      // One suite that is gone or cannot be reached leaves the others, and what was read before.
      if (!(error instanceof Explained) || Date.now() >= this.#deadline) throw error;
      const lines = [...new Set(error.message.match(/^[EW]: .*/gm) ?? [error.message])];
      for (const line of lines) say(line);
      [this.#refused] = lines;
      return;
    }
    writeFileSync(stamp, wanted);
  }
  #run(program, words, cwd) {
    const left = this.#deadline - Date.now();
    const limit = left === Infinity ? {} : { timeout: Math.max(1, left), killSignal: "SIGKILL" };
    return run(program, [...this.#options, ...words], { cwd, ...limit });
  }
}

/** The options of an apt that has a state of its own below `folder`, and knows these suites of Debian. */
export function aptIn(folder, suites) {
  for (const part of ["lists", "cache/archives/partial", "state"]) mkdirSync(join(folder, part), { recursive: true });
  const sources = join(folder, "sources.list");
  writeFileSync(sources, sourcesOf(machineSources(), suites));
  const places = {
    "Dir::Etc::SourceList": sources,
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State": join(folder, "state"),
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::Cache": join(folder, "cache"),
    // Ours to write to, and not for user _apt: root would download as that user.
    "APT::Sandbox::User": "root",
    "APT::Update::Post-Invoke-Success": "",
    "Acquire::Languages": "none",
  };
  return Object.entries(places).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/** What a program printed; throws `Explained` where it failed. */
export function run(program, words, options) {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    ...options,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (error?.code === "ETIMEDOUT")
    throw new Explained(`${program} ${words.find((word) => /^[a-z]+$/.test(word))} was not at its end in time`);
  if (status !== 0) throw new Explained(`${program} failed: ${error?.message ?? stderr.trim()}`);
  return stdout;
}

/** `dummy` of `…/drivers/net/dummy.ko.xz`. */
const moduleName = (file) => /([^/]+)\.ko(?:\.\w+)?$/.exec(file)?.[1];

const field = (paragraph, name) => new RegExp(`^${name}: (.*)$`, "m").exec(paragraph)?.[1];

/** The machine's own sources, of both forms. */
function machineSources() {
  const folder = "/etc/apt/sources.list.d";
  const parts = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const files = ["/etc/apt/sources.list", ...parts].filter(
    (path) => /\.(list|sources)$/.test(path) && existsSync(path),
  );
  return files.map((path) => readFileSync(path, "utf8")).join("\n");
}

/** A source a suite, from the mirror that the machine gets Debian itself from. */
function sourcesOf(text, suites) {
  const mirror = /^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+\/debian)\/?(?:\s|$)/m.exec(text)?.[1];
  if (mirror === undefined) throw new Explained("this machine has no Debian among its apt sources: nothing from there");
  const keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
  const archiveOf = (suite) => (suite.endsWith("-security") ? `${mirror}-security` : mirror);
  return suites.map((suite) => `deb [signed-by=${keys}] ${archiveOf(suite)} ${suite} main\n`).join("");
}

/** By numbers: 6.9 is older than 6.12. */
export function compareReleases(a, b) {
  const [left, right] = [a, b].map((release) => release.split(".").map(Number));
  const at = left.findIndex((number, place) => number !== right[place]);
  return at === -1 ? left.length - right.length : left[at] - (right[at] ?? -1);
}
