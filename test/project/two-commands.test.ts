import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { openClone } from "../support/clone.ts";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";
import { ordinaryUser, self } from "../support/viewers.ts";
import { writtenPaths } from "../support/written-paths.ts";

/** A PATH with Node and npm and nothing else: no compiler. */
function nodeAlone(folder: string): string {
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, "node"));
  return folder;
}

const withNode = (script: string, ...words: string[]) => [join("scripts", "with-node.cjs"), script, ...words];

describe("npm start", { timeout: 60_000 }, () => {
  test("builds what is missing, says so on stderr, and runs the program", async () => {
    using clone = openClone({ withPackages: true, built: false });
    const { code, stdout, stderr } = await self.run("npm", ["start", "--silent", "--", "--version"], {
      cwd: clone.path,
    });
    expect(stderr).toMatch(/^nsatlas: building dist\/$/m);
    expect(stdout).toMatch(/^nsatlas \d+\.\d+\.\d+/);
    expect(code).toBe(0);
  });

  test("says nothing of its own and builds nothing where all is built", async () => {
    using clone = openClone({ withPackages: true, built: true });
    const { stderr } = await self.run("npm", ["start", "--silent", "--", "--version"], { cwd: clone.path });
    expect(stderr).toBe("");
  });

  test("builds again after a source changed, and after dist/ was removed", async () => {
    using clone = openClone({ withPackages: true, built: true });
    const start = () => self.run("npm", ["start", "--silent", "--", "--version"], { cwd: clone.path });
    writeFileSync(
      join(clone.path, "src/errors.ts"),
      `${readFileSync(join(clone.path, "src/errors.ts"), "utf8")}\n// changed\n`,
    );
    expect((await start()).stderr).toContain("building dist/");
    rmSync(join(clone.path, "dist"), { recursive: true });
    expect((await start()).stderr).toContain("building dist/");
    expect((await start()).stderr).toBe("");
  });

  test(
    "writes only in the clone and the temporary folder, wherever it is called from",
    needs("package:strace"),
    async () => {
      using clone = openClone({ withPackages: true, built: false });
      const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
      const log = join(dirname(clone.path), "strace");
      const env = { TMPDIR: dirname(clone.path) };
      const trace = ["-f", "-y", "-s", "4096", "-e", "trace=%file", "-o", log];
      const calls = [
        ["npm", "start", "--", "--version"],
        ["npm", "--prefix", clone.path, "start", "--", "--version"],
      ];
      for (const [index, cwd] of [clone.path, elsewhere].entries()) {
        const { code } = await self.run("strace", [...trace, ...(calls[index] ?? [])], { cwd, env });
        expect(code).toBe(0);
        const outside = writtenPaths(readFileSync(log, "utf8")).filter((path) => !path.startsWith(dirname(clone.path)));
        expect(outside.filter((path) => !path.startsWith(elsewhere))).toEqual([]);
      }
      expect(readdirSync(elsewhere)).toEqual([]);
      rmSync(elsewhere, { recursive: true });
    },
  );

  test("works without a compiler and says what that costs", async () => {
    using clone = openClone({ withPackages: true, built: false });
    const path = nodeAlone(join(dirname(clone.path), "bin"));
    const { code, stdout, stderr } = await self.run(process.execPath, withNode("start.js", "--version"), {
      cwd: clone.path,
      env: { PATH: path },
    });
    expect(stderr).toMatch(/^nsatlas: .*no gcc/m);
    expect(stdout).toMatch(/^nsatlas /);
    expect(code).toBe(0);
    expect(existsSync(join(clone.path, "prebuilds"))).toBe(false);
  });

  test("builds once where two are started at a time", async () => {
    using clone = openClone({ withPackages: true, built: false });
    const start = () => self.run("npm", ["start", "--silent", "--", "--version"], { cwd: clone.path });
    const both = await Promise.all([start(), start()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.flatMap(({ stderr }) => stderr.match(/building dist/g) ?? [])).toHaveLength(1);
  });

  test("takes less than a second before the program, the second time", async () => {
    using clone = openClone({ withPackages: true, built: true });
    // Processor time of npm and all below it, the best of some: how busy the machine is is not our doing.
    const script = "TIMEFORMAT='%U %S'; time npm start --silent -- --version";
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5 && best >= 1; round += 1) {
      const { stderr } = await self.run("bash", ["-c", script], { cwd: clone.path });
      const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(" ").map(Number);
      best = Math.min(best, user + system);
    }
    expect(best).toBeLessThan(1);
  });

  test("hands on the program's exit code and the caller's folder", async () => {
    using clone = openClone({ withPackages: true, built: true });
    const run = (...words: string[]) => self.run("npm", ["--prefix", clone.path, "start", "--silent", "--", ...words]);
    expect((await run("--no-such-option")).code).toBe(2);
  });

  test("lets an ordinary user run a clone that is somebody else's", needs("root", "ordinary-user"), async () => {
    using clone = openClone({ withPackages: false, built: true });
    // The packages themselves may lie below a closed folder; that they are there is all that has to be seen.
    for (const file of ["node_modules/.package-lock.json", "node_modules/node-api-headers/package.json"]) {
      cpSync(join(ROOT, file), join(clone.path, file));
    }
    const { code, stderr } = await ordinaryUser.run("npm", ["start", "--silent", "--", "--version"], {
      cwd: clone.path,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe("what they need and say so in a sentence", () => {
  test("a Node that is new enough", async () => {
    using clone = openClone({ withPackages: false, built: false });
    const old = join(dirname(clone.path), "old.cjs");
    writeFileSync(old, 'Object.defineProperty(process.versions, "node", { value: "18.20.0" });');
    const { code, stderr } = await self.run(process.execPath, ["-r", old, ...withNode("start.js")], {
      cwd: clone.path,
    });
    expect(stderr).toMatch(/^nsatlas needs Node 20\.19 or later; this is 18\.20\.0 \(.*\)\.\n$/);
    expect(code).toBe(1);
  });

  test("npm", async () => {
    using clone = openClone({ withPackages: false, built: false });
    const env = { PATH: nodeAlone(join(dirname(clone.path), "bin")) };
    const { code, stderr } = await self.run(process.execPath, withNode("start.js"), { cwd: clone.path, env });
    expect(stderr).toMatch(
      /^nsatlas: npm could not be run \(.*ENOENT\); it comes with Node, on Debian in the package npm$/m,
    );
    expect(code).toBe(1);
  });

  test("a registry, or a cache that has the packages", async () => {
    using clone = openClone({ withPackages: false, built: false });
    const env = { npm_config_offline: "true" };
    const { code, stderr } = await self.run("npm", ["start", "--silent"], { cwd: clone.path, env });
    expect(stderr).toMatch(/^nsatlas: npm ci failed \(exit code 1\); what it said is above$/m);
    expect(code).toBe(1);
  });

  test("or npm test ends with its plain line all the same", async () => {
    using clone = openClone({ withPackages: false, built: false });
    const env = { npm_config_offline: "true" };
    const { code, stdout } = await self.run("npm", ["test", "--silent"], { cwd: clone.path, env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "0 passed, 1 failed\n" });
  });

  test("leave to write to the clone, where it has to be prepared", needs("root", "ordinary-user"), async () => {
    using clone = openClone({ withPackages: false, built: false });
    chmodSync(clone.path, 0o755);
    const { code, stderr } = await ordinaryUser.run("npm", ["start", "--silent"], { cwd: clone.path });
    expect(stderr).toMatch(/^nsatlas: this clone has to be prepared first, which needs leave to write to it/m);
    expect(code).toBe(1);
  });
});
