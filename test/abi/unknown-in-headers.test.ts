import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { MACROS } from "./header-constants.ts";

/** Where each kind of name is defined and what its definition looks like; `row` says where its row goes. */
const NAMES = [
  { header: "linux/nsfs.h", definition: /^_IO[WR]*\(NSIO\b/, row: "NSFS_IOCTLS in src/abi/ioctls.ts" },
  { header: "linux/pidfd.h", definition: /^_IO[WR]*\(PIDFS_IOCTL_MAGIC\b/, row: "PIDFD_IOCTLS in src/abi/ioctls.ts" },
  { header: "linux/sched.h", name: /^CLONE_NEW/, row: "NAMESPACE_KINDS in src/abi/namespace-kinds.ts" },
] as const;

const KNOWN: ReadonlySet<string> = new Set(MACROS.map(({ name }) => name));

/** The rows that are missing for names of the headers in `folders`, none of which are the machine's unless named. */
function missingRows(folders: readonly string[]): readonly string[] {
  return NAMES.flatMap(({ header, row, ...wanted }) => {
    const words = ["-nostdinc", ...folders.flatMap((folder) => ["-I", folder]), "-dM", "-E", "-"];
    // Old headers may have no such file: then none of its names either.
    const input = `#if __has_include(<${header}>)\n#include <${header}>\n#endif\n`;
    const { status, stdout, stderr } = spawnSync("gcc", words, { encoding: "utf8", input });
    expect(status, stderr).toBe(0);
    const definitions = [...stdout.matchAll(/^#define (\w+) (.+)$/gm)];
    return definitions
      .filter(([, name = "", is = ""]) => ("name" in wanted ? wanted.name.test(name) : wanted.definition.test(is)))
      .filter(([, name = ""]) => !KNOWN.has(name))
      .map(([, name = "", is = ""]) => `${name} (${is}, ${header}) has no row in ${row}`);
  });
}

const NEWER = join(import.meta.dirname, "../../.cache/newer-lsns/tree/usr");
const CPU = process.arch === "arm64" ? "arm64" : "x86";
const TRIPLE = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

test(
  "every ioctl of a namespace and every CLONE_NEW flag of the installed kernel headers has a row",
  needs("package:gcc", "package:linux-libc-dev"),
  () => expect(missingRows(["/usr/include", `/usr/include/${TRIPLE}`])).toEqual([]),
);

test("the same of the newest kernel headers that Debian has", needs("package:gcc", "newer-lsns"), () => {
  const own = join(NEWER, "lib/linux/uapi", CPU);
  const folders = [join(NEWER, "include"), existsSync(own) ? own : join(NEWER, "include", TRIPLE)];
  expect(missingRows(folders)).toEqual([]);
});

test("a header with more than we know names the rows to add", needs("package:gcc", "package:linux-libc-dev"), () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "linux"));
  const more = {
    "nsfs.h": "#define NSIO 0xb7\n#define NS_GET_USERNS _IO(NSIO, 0x1)\n#define NS_GET_WORLD _IOR(NSIO, 99, int)\n",
    "pidfd.h": "#define PIDFS_IOCTL_MAGIC 0xFF\n#define PIDFD_GET_LSM_NAMESPACE _IO(PIDFS_IOCTL_MAGIC, 12)\n",
    "sched.h": "#define CLONE_VM 0x100\n#define CLONE_NEWUSER 0x10000000\n#define CLONE_NEWLSM 0x80\n",
  };
  for (const [name, text] of Object.entries(more)) writeFileSync(join(folder.path, "linux", name), text);
  expect(missingRows([folder.path])).toEqual([
    "NS_GET_WORLD (_IOR(NSIO, 99, int), linux/nsfs.h) has no row in NSFS_IOCTLS in src/abi/ioctls.ts",
    "PIDFD_GET_LSM_NAMESPACE (_IO(PIDFS_IOCTL_MAGIC, 12), linux/pidfd.h) has no row in PIDFD_IOCTLS in src/abi/ioctls.ts",
    "CLONE_NEWLSM (0x80, linux/sched.h) has no row in NAMESPACE_KINDS in src/abi/namespace-kinds.ts",
  ]);
});
