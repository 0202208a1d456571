import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openClone } from "../support/clone.ts";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ordinaryUser, self } from "../support/viewers.ts";

const MIB = 1024 * 1024;
/** Asks the library for one fact that the kernel tells, and the model for one call. */
const USES = `
import { discover, nameOf, openNamespace } from "nsatlas";
import { parseWorld } from "nsatlas/model";
import { NS_REQUESTS } from "nsatlas/raw";
const own = await openNamespace("self/uts");
const name = nameOf(own);
own[Symbol.dispose]();
const { namespaces } = await discover();
console.log(name, typeof parseWorld, typeof NS_REQUESTS.NS_GET_USERNS, namespaces.length >= 6);
`;

/** npm, which must ask nobody and keep what it keeps in \`folder\`. */
const npm = (folder: string, words: readonly string[], cwd: string) =>
  self.run("npm", [...words, "--ignore-scripts", "--offline", "--no-audit", "--no-fund"], {
    cwd,
    env: { npm_config_cache: join(folder, "npm"), npm_config_update_notifier: "false" },
  });

describe("what npm pack gives", { timeout: 120_000 }, () => {
  test("is under 1 MiB, and works where it is installed without scripts, for an ordinary user too", async () => {
    using folder = temporaryFolder();
    chmodSync(folder.path, 0o755);
    const packed = await npm(folder.path, ["pack", "--json", "--pack-destination", folder.path], ROOT);
    expect(packed.code, packed.stderr).toBe(0);
    const [{ filename, size }] = JSON.parse(packed.stdout) as [{ filename: string; size: number }];
    expect(size).toBeLessThan(MIB);

    const user = join(folder.path, "user");
    mkdirSync(user);
    writeFileSync(join(user, "package.json"), '{ "type": "module" }');
    const installed = await npm(folder.path, ["install", join(folder.path, filename)], user);
    expect(installed.code, installed.stderr).toBe(0);
    expect(readdirSync(join(user, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["nsatlas"]);
    expect(existsSync(join(user, "node_modules/nsatlas/man/man1/nsatlas.1"))).toBe(true);

    const [nsatlas, nsShow] = ["nsatlas", "ns_show"].map((name) => join(user, "node_modules/.bin", name));
    writeFileSync(join(user, "uses.mjs"), USES);
    for (const who of [self, ordinaryUser].filter((one) => one.needs.skip !== true)) {
      const listed = await who.run(nsatlas ?? "", ["list", "--json"], { cwd: user });
      expect(listed.code, listed.stderr).toBe(0);
      expect(JSON.parse(listed.stdout)).toHaveProperty("namespaces");
      const within = await who.run(nsatlas ?? "", ["run", "-r", "id", "-u"], { cwd: user });
      expect(within, within.stderr).toMatchObject({ code: 0, stdout: "0\n" });
      expect((await who.run(nsShow ?? "", ["/proc/self/ns/user", "o"], { cwd: user })).code).toBe(0);
      const used = await who.run(process.execPath, ["uses.mjs"], { cwd: user });
      expect(used, used.stderr).toMatchObject({
        code: 0,
        stdout: `${readlinkSync("/proc/self/ns/uts")} function number true\n`,
      });
    }
  });

  test(
    "is the same, byte for byte, whatever path it is built at",
    needs("package:gcc", "package:libc6-dev"),
    async () => {
      using clone = openClone({ withPackages: true, built: false });
      const built = await self.run("npm", ["run", "--silent", "build"], { cwd: clone.path, timeoutMs: 110_000 });
      expect(built.code, built.stderr).toBe(0);
      for (const part of ["dist", "man", "types", `prebuilds/linux-${process.arch}`]) {
        expect(hashes(join(clone.path, part)), part).toEqual(hashes(join(ROOT, part)));
      }
    },
  );
});

/** Of all files below a folder, by their names there. */
function hashes(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(
    files
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      ]),
  );
}
