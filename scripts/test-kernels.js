import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Explained, say } from "./explained.js";
import { bundle } from "./kernels/bundles.js";
import { compareReleases, DebianKernels } from "./kernels/debian.js";
import { initramfs } from "./kernels/initramfs.js";
import { boot } from "./kernels/machine.js";
import { prepare, ROOT } from "./prepare.js";

/** Asked where none is named: the kernels that machines run on, the newest and the first with each set of calls. */
const USUAL = ["5.10", "6.1", "6.12", "6.19", "newest"];
/** Programs that are not part of Debian's smallest installation, and their packages. */
const PROGRAMS = { "qemu-system-x86_64": "qemu-system-x86", ldd: "libc-bin", "apt-get": "apt", "dpkg-deb": "dpkg" };
const LIMIT_MS = 30 * 60 * 1000;
/** With --within: so long may it take to get a kernel, of the time for all. */
const GETTING_MS = 120_000;
/** Guests at the same time, each on a processor of this machine. */
const GUESTS = Math.min(4, availableParallelism());
/** What part `devices` of a guest loads, in the order in which one needs the other. */
const DRIVERS = ["llc", "stp", "garp", "mrp", "bridge", "8021q", "dummy", "veth"];
/** Kernels without drivers, and why: that part asks nothing there. */
const withoutDrivers = new Map();
const USAGE = `npm run test:kernels -- [--kernel newest|7.x|6.12|…]… [--case PATTERN] [--recorded] [--write] [--list]
  --kernel    a kernel of Debian's by the beginning of its release; usual: ${USUAL.join(", ")}
  --case      only the cases whose id matches this regular expression
  --recorded  takes what the same program wrote on the same kernel before, if anything
  --write     writes docs/kernels.md from this run
  --list      the kernels there are
  --within S  for CI: without the operations of can. What cannot be had here, or has not ended after S seconds in all, is skipped by
              name and is no failure; so is what fails on a kernel that docs/kernels.md does not have yet
What is wrong is asked once more: an emulated machine that others keep waiting may be late for once`;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    kernel: { type: "string", multiple: true, default: USUAL },
    case: { type: "string", default: "" },
    recorded: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    within: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

/** When all is to be over, in milliseconds after 1970; without --within there is no such time. */
const deadline = values.within === undefined ? Infinity : Date.now() + Number(values.within) * 1000;
if (Number.isNaN(deadline)) throw new Explained(USAGE);
const isPatient = deadline === Infinity;
/** What is asked: in CI not each operation of can, which takes minutes; there the tests try them on the running kernel. */
const asked = values.case === "" && !isPatient ? "^(?!operation:)" : values.case;
/** Beyond so many it is no accident. */
const MOST_AGAIN = 20;

if (values.help) console.log(USAGE);
else await (isPatient ? main() : main().catch(skipWhatIsExplained));

function skipWhatIsExplained(error) {
  if (!(error instanceof Explained)) throw error;
  const lines = error.message.split("\n");
  const [why = lines[0]] = lines.flatMap((line) => line.match(/E: .*/) ?? []);
  for (const line of lines) say(line);
  console.log(`SKIPPED: other kernels: ${why}\n0 passed, 0 failed, 1 skipped`);
}

async function main() {
  const lacking = Object.keys(PROGRAMS).filter((program) => !isThere(program));
  if (process.arch !== "x64") throw new Explained("the kernels are Debian's for x86-64, and so must this Node be");
  if (lacking.length > 0) {
    const packages = lacking.map((program) => PROGRAMS[program]).join(" ");
    throw new Explained(`there is no ${lacking.join(", ")} here: apt-get install ${packages}`);
  }
  // Whoever ends this ends the guests, and leaves no folder.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "nsatlas", "kernels");
  const kernels = new DebianKernels(cache, isPatient ? {} : { limitMs: Math.min(GETTING_MS, deadline - Date.now()) });
  const known = kernels.list();
  if (values.list) {
    for (const { release, name } of known) console.log(`${release}\t${name}`);
    return;
  }
  const chosen = [...new Set(values.kernel)].map((name) => ({ name, kernel: choose(known, name) }));
  const missing = chosen.filter(({ kernel }) => kernel === undefined).map(({ name }) => missingOf(known, name));
  const wanted = new Set(chosen.flatMap(({ kernel }) => (kernel === undefined ? [] : [kernel])));
  await prepare({ folders: ["dist"] });
  const work = mkdtempSync(join(tmpdir(), "nsatlas-kernels-"));
  process.once("exit", () => rmSync(work, { recursive: true }));
  await bundle(ROOT, work);
  await judgeAll([...wanted], missing, { kernels, work, cache });
}

async function judgeAll(wanted, missing, { kernels, work, cache }) {
  const { judge, guestsFor, pageOf } = await import(pathToFileURL(join(work, "judge.js")).href);
  const guest = join(work, "guest.js");
  const page = join(ROOT, "docs", "kernels.md");
  const skipped = missing.map(({ name, nearest }) => `Linux ${name}: Debian has none now; nearest ${nearest}`);
  if (!isPatient && kernels.refused !== undefined)
    skipped.push(`what newer kernels Debian may have: ${kernels.refused}`);
  const results = [];
  for (const kernel of wanted) {
    const begun = Date.now();
    const ask = async (only) => {
      const guests = guestsFor(new RegExp(only), GUESTS);
      return judge(await recordsOf(kernel, { kernels, guest, cache, only, guests }), kernel.release);
    };
    const result = await askTwice(ask);
    report(kernel, result, begun);
    const name = `Linux ${kernel.release}`;
    // A guest that ended by itself before its end is no matter of time.
    const isLate = Date.now() >= deadline;
    if (isLate) skipped.push(...result.unfinished.map((last) => `${name}: what comes after ${last}: no time for it`));
    if (!isPatient) {
      skipped.push(...result.once.map(({ id }) => `${name}: ${id}: wrong, with no time left to ask it once more`));
    }
    const isKnown = isPatient || readFileSync(page, "utf8").includes(`| ${kernel.release} `);
    if (!isKnown) skipped.push(...result.wrong.map(({ id }) => `${name}: ${id}: a kernel not measured yet`));
    const lost = isLate ? 0 : result.unfinished.length;
    const hasDrivers = !withoutDrivers.has(kernel.release);
    results.push({ ...kernel, ...result, hasDrivers, failed: (isKnown ? result.wrong.length : 0) + lost });
  }
  if (values.write) writeFileSync(page, pageOf(results, missing));
  for (const [release, why] of withoutDrivers) skipped.push(`Linux ${release}: devices: ${why}`);
  for (const line of skipped) console.log(`SKIPPED: ${line}`);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const passed = results.reduce((sum, { asked, wrong, once }) => sum + asked - wrong.length - once.length, 0);
  const rest = skipped.length === 0 ? "" : `, ${skipped.length} skipped`;
  console.log(`${passed} passed, ${failed} failed${rest}`);
  process.exitCode = failed === 0 && (passed > 0 || !isPatient) ? 0 : 1;
}

/** What is wrong, or ended before its end, is asked once more; what was right then is named. `once`: what there was no time to ask again. */
async function askTwice(ask) {
  const before = await ask(asked);
  const isBroken = before.unfinished.length > 0 && Date.now() < deadline;
  for (const last of isBroken ? before.unfinished : [])
    console.log(`a guest ended by itself after ${last}: asked once more`);
  const first = isBroken ? await ask(asked) : before;
  const wrong = new Set(first.wrong.map(({ id }) => id));
  if (wrong.size === 0 || wrong.size > MOST_AGAIN) return { ...first, once: [] };
  const isPart = (id) => first.parts.has(id.split(": ")[0]) || first.parts.has(id);
  const patterns = [...wrong].map((id) => (isPart(id) ? `${id.split(": ")[0]}:` : `${escaped(id)}$`));
  const second = await ask(`^(?:${[...new Set(patterns)].join("|")})`);
  const still = new Set(second.wrong.map(({ id }) => id));
  const isLost = (id) => second.unfinished.length > 0 && !still.has(id);
  if (second.unfinished.length === 0) {
    for (const id of wrong) if (!still.has(id)) console.log(`passed at another try only: ${id}`);
  }
  return {
    ...first,
    wrong: first.wrong.filter(({ id }) => still.has(id)),
    once: first.wrong.filter(({ id }) => isLost(id)),
  };
}
function escaped(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** What part `devices` has its guest load, where that is asked. */
function driversOf(kernel, kernels, only) {
  if (!new RegExp(only).test("devices:")) return [];
  try {
    return kernels.modules(kernel, DRIVERS);
  } catch (error) {
    if (!(error instanceof Explained)) throw error;
    withoutDrivers.set(kernel.release, error.message);
    return [];
  }
}

/** What guests of this kernel write about what matches `only`, each about its share. */
async function recordsOf(kernel, { kernels, guest, cache, only, guests }) {
  const image = kernels.fetch(kernel);
  const modules = driversOf(kernel, kernels, only);
  mkdirSync(join(cache, "records"), { recursive: true });
  const shares = Array.from({ length: guests }, (_, at) => `${at}/${guests}`);
  return Promise.all(shares.map((share) => recordOf(kernel, { image, modules, guest, cache, only, share })));
}

async function recordOf(kernel, { image, modules, guest, cache, only, share }) {
  const archive = initramfs(ROOT, { bundle: guest, only, share, modules });
  const hash = createHash("sha256");
  for (const part of archive) hash.update(part);
  const path = join(cache, "records", `${kernel.version}-${hash.digest("hex").slice(0, 16)}`);
  if (values.recorded && existsSync(path)) return readFileSync(path, "utf8");
  const seen = await boot({ kernel: image, archive, limitMs: Math.max(1, Math.min(LIMIT_MS, deadline - Date.now())) });
  writeFileSync(path, seen.records);
  if (seen.ended !== undefined || seen.console.includes("nsatlas:")) {
    console.log(`Linux ${kernel.release}: ${seen.ended ?? "the guest failed"}\n${seen.console}`);
  }
  return seen.records;
}

/** Says what came of one kernel; each failure names it and the case. */
function report({ release }, { asked, wrong, special, parts, unfinished, took }, begun) {
  const checks = [...parts].filter(([, { size }]) => size > 0).map(([name, { size }]) => `${size} ${name}`);
  const others = [...parts.values()].reduce((sum, { size }) => sum + size, 0);
  const seconds = Math.round((Date.now() - begun) / 1000);
  console.log(`Linux ${release}: ${[`${asked - others} cases`, ...checks].join(", ")} (${seconds} s)`);
  for (const one of took) {
    const longest = [...one].sort(([, a], [, b]) => b - a).map(([name, time]) => `${name} ${time.toFixed(1)}`);
    console.log(`Linux ${release}: seconds of a guest: ${longest.join(", ")}`);
  }
  console.log(`Linux ${release}: ${wrong.length} wrong, ${special.length} unlike Linux 6.18`);
  for (const last of unfinished) console.log(`Linux ${release}: a guest stopped after ${last}`);
  for (const { id, kernel, model } of wrong) {
    console.log(`Linux ${release}: ${id}\n  the kernel: ${kernel}\n  the model:  ${model}`);
  }
}

/** A series that Debian's suites do not have now, and the kernels next to it that they have. */
function missingOf(known, name) {
  if (isPatient && !USUAL.includes(name)) {
    throw new Explained(`Debian has no cloud kernel ${name}; --list says which there are`);
  }
  const later = known.findLast(({ release }) => compareReleases(release, name) > 0);
  const earlier = known.find(({ release }) => compareReleases(release, name) < 0);
  return { name, nearest: [earlier, later].flatMap((one) => one?.release ?? []).join(" and ") };
}

/** The newest kernel of a name: "7.x" and "7" stand for every 7.…; "6.1" is not 6.12. undefined: there is none. */
function choose(known, name) {
  const start = name === "newest" ? "" : `${name.replace(/\.x$/, "")}.`;
  return known.find(({ release }) => `${release}.`.startsWith(start));
}

function isThere(program) {
  return `${process.env.PATH}:/usr/sbin`.split(delimiter).some((folder) => existsSync(join(folder, program)));
}
