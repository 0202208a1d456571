import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Explained } from "./explained.js";
import { bundle } from "./kernels/bundles.js";
import { DebianKernels } from "./kernels/debian.js";
import { initramfs } from "./kernels/initramfs.js";
import { boot } from "./kernels/machine.js";
import { prepare, ROOT } from "./prepare.js";

/** Asked where none is named: the kernels that machines run on, the newest and the first with each set of calls. */
const USUAL = ["5.10", "6.1", "6.12", "6.19", "newest"];
/** Programs that are not part of Debian's smallest installation, and their packages. */
const PROGRAMS = { "qemu-system-x86_64": "qemu-system-x86", ldd: "libc-bin", "apt-get": "apt", "dpkg-deb": "dpkg" };
const LIMIT_MS = 15 * 60 * 1000;
const USAGE = `npm run test:kernels -- [--kernel newest|7.x|6.12|…]… [--case PATTERN] [--recorded] [--write] [--list]
  --kernel    a kernel of Debian's by the beginning of its release; usual: ${USUAL.join(", ")}
  --case      only the cases whose id matches this regular expression
  --recorded  takes what the same program wrote on the same kernel before, if anything
  --write     writes docs/kernels.md from this run
  --list      the kernels there are`;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    kernel: { type: "string", multiple: true, default: USUAL },
    case: { type: "string", default: "" },
    recorded: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(USAGE);
else await main();

async function main() {
  const missing = Object.keys(PROGRAMS).filter((program) => !isThere(program));
  if (process.arch !== "x64") throw new Explained("the kernels are Debian's for x86-64, and so must this Node be");
  if (missing.length > 0) {
    const packages = missing.map((program) => PROGRAMS[program]).join(" ");
    throw new Explained(`there is no ${missing.join(", ")} here: apt-get install ${packages}`);
  }
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "nsatlas", "kernels");
  const kernels = new DebianKernels(cache);
  const known = kernels.list();
  if (values.list) {
    for (const { release, name } of known) console.log(`${release}\t${name}`);
    return;
  }
  const wanted = [...new Set(values.kernel.map((name) => choose(known, name)))];
  await prepare({ folders: [] });
  const work = mkdtempSync(join(tmpdir(), "nsatlas-kernels-"));
  try {
    await bundle(ROOT, work);
    await judgeAll(wanted, kernels, { work, cache });
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function judgeAll(wanted, kernels, { work, cache }) {
  const { judge, pageOf } = await import(pathToFileURL(join(work, "judge.js")).href);
  const guest = join(work, "guest.js");
  const program = createHash("sha256").update(readFileSync(guest)).digest("hex").slice(0, 16);
  const archive = initramfs(ROOT, { bundle: guest, only: values.case });
  const results = [];
  for (const kernel of wanted) {
    const started = Date.now();
    const records = join(cache, "records", `${kernel.version}-${program}${values.case === "" ? "" : "-some"}`);
    let note = "recorded before";
    if (!values.recorded || !existsSync(records)) {
      const seen = await boot({ kernel: kernels.fetch(kernel), archive, limitMs: LIMIT_MS });
      note = `in ${Math.round((Date.now() - started) / 1000)} s`;
      mkdirSync(join(cache, "records"), { recursive: true });
      writeFileSync(records, seen.records);
      if (seen.ended !== undefined || seen.console.includes("nsatlas:")) {
        console.log(`Linux ${kernel.release}: ${seen.ended ?? "the guest failed"}\n${seen.console}`);
      }
    }
    results.push({ ...kernel, ...report(kernel, () => judge(readFileSync(records, "utf8"), kernel.release), note) });
  }
  if (values.write) writeFileSync(join(ROOT, "docs", "kernels.md"), pageOf(results));
  const failed = results.reduce((sum, { wrong }) => sum + wrong.length, 0);
  const asked = results.reduce((sum, result) => sum + result.asked, 0);
  console.log(`${asked - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && asked > 0 ? 0 : 1;
}

/** Says what came of one kernel; each failure names it and the case. */
function report({ release }, judged, note) {
  try {
    const result = judged();
    const { asked, wrong, special } = result;
    console.log(`Linux ${release}: ${asked} cases ${note}; ${wrong.length} wrong, ${special.length} unlike Linux 6.18`);
    for (const { id, kernel, model } of wrong) {
      console.log(`Linux ${release}: ${id}\n  the kernel: ${kernel}\n  the model:  ${model}`);
    }
    return result;
  } catch (error) {
    console.log(`Linux ${release}: ${error.message}`);
    return { asked: 1, wrong: [{ id: "the run itself", kernel: error.message, model: "" }], special: [] };
  }
}

/** The newest kernel of a name: "7.x" and "7" stand for every 7.…; "6.1" is not 6.12. */
function choose(known, name) {
  const start = name === "newest" ? "" : `${name.replace(/\.x$/, "")}.`;
  const found = known.find(({ release }) => `${release}.`.startsWith(start));
  if (found === undefined) throw new Explained(`Debian has no cloud kernel ${name}; --list says which there are`);
  return found;
}

function isThere(program) {
  return `${process.env.PATH}:/usr/sbin`.split(delimiter).some((folder) => existsSync(join(folder, program)));
}
