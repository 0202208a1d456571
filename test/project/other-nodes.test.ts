import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NATIVE_FUNCTIONS } from "../../src/kernel/live/native.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { OTHER_NODES } from "../support/machine.ts";
import { PRODUCT, PROGRAMS, type Ran, self } from "../support/viewers.ts";

const nodeOf = (name: string): string => join(OTHER_NODES, name);
/** The library as its users have it: what the kernel says, and what the model says. */
const USES = `
import { discover, nameOf, openNamespace } from ${JSON.stringify(join(PRODUCT, "dist/index.js"))};
import { parseWorld } from ${JSON.stringify(join(PRODUCT, "dist/model.js"))};
import { NS_REQUESTS } from ${JSON.stringify(join(PRODUCT, "dist/raw.js"))};
const own = await openNamespace("self/uts");
const owner = own.openOwner();
const { namespaces } = await discover();
console.log(process.versions.node.split(".")[0], nameOf(own), nameOf(owner), typeof parseWorld, typeof NS_REQUESTS, namespaces.length >= 6);
owner[Symbol.dispose]();
own[Symbol.dispose]();
`;

describe.each(["22", "24", "26"])("with Node %s", needs("other-nodes", "native"), (version) => {
  const nsatlas = (...words: string[]): Promise<Ran> =>
    self.run(nodeOf(`x64-${version}`), [PROGRAMS.nsatlas, ...words]);

  test("the library asks the kernel and the model", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "uses.mjs");
    writeFileSync(file, USES);
    const uses = (node: string): Promise<Ran> => self.run(node, [file]);
    const [here, there] = [await uses(process.execPath), await uses(nodeOf(`x64-${version}`))];
    expect(there, there.stderr).toMatchObject({ code: 0, stderr: "" });
    expect(there.stdout.split(" ").slice(1)).toEqual(here.stdout.split(" ").slice(1));
    expect(there.stdout).toMatch(new RegExp(`^${version} `));
  });

  test.each([
    [["--version"], /^nsatlas \d/],
    [["tree"], /net:\[\d+\]/],
    [["list", "-o", "NS,TYPE,ONS"], /user/],
    [["show", "self/user", "--json"], /"kind": ?"user"/],
    [["can", "self", "CAP_SYS_ADMIN", "self/net"], /./],
  ])("nsatlas %j", async (words, expected) => {
    const ran = await nsatlas(...words);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(expected) });
  });

  test("nsatlas becomes a command, and its exit code", needs("user-namespaces"), async () => {
    expect(await nsatlas("run", "-r", "sh", "-c", "id -u; exit 7")).toMatchObject({ code: 7, stdout: "0\n" });
  });

  test("nsatlas's calls are made by the holder, and the model agrees", needs("user-namespaces"), async () => {
    const verified = await nsatlas("what-if", "--verify", "--as", "self", "unshare user");
    expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 });
  });
});

/** What the cross compiler's libraries are installed below. */
const LIBRARIES = "/usr/aarch64-linux-gnu";
const ARM64 = needs(
  "other-nodes",
  "package:gcc-aarch64-linux-gnu",
  "package:libc6-dev-arm64-cross",
  "package:libstdc++6-arm64-cross",
  "package:qemu-user-static",
);

describe("on arm64, as qemu-user runs its programs", { timeout: 120_000, ...ARM64 }, () => {
  const node = (words: readonly string[]) =>
    self.run("qemu-aarch64-static", ["-L", LIBRARIES, nodeOf("arm64-22"), ...words], { timeoutMs: 110_000 });
  const prebuilt = (name: string): string => join(PRODUCT, "prebuilds/linux-arm64", name);

  test("the cross-built addon is loaded, with all its functions", async () => {
    const script = `const module = { exports: {} };
      process.dlopen(module, ${JSON.stringify(prebuilt("nsatlas.node"))});
      console.log(process.arch, Object.keys(module.exports).sort().join(" "));`;
    const ran = await node(["-e", script]);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: `arm64 ${NATIVE_FUNCTIONS.toSorted().join(" ")}\n` });
  });

  test("nsatlas finds the namespaces that it finds on this CPU", async () => {
    const ran = await node([PROGRAMS.nsatlas, "list", "-n", "-o", "NS,TYPE", "-p", String(process.pid)]);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout.split("\n").filter((line) => line !== "")).toHaveLength(8);
  });

  test.each([
    ["launcher", 1],
    ["holder", 64],
  ])("the %s starts, and says that it was given nothing to do", (name, status) => {
    expect(spawnSync("qemu-aarch64-static", [prebuilt(name)], { encoding: "utf8" })).toMatchObject({
      status,
      signal: null,
    });
  });
});
