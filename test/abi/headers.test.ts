import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { deviceOf, makedev } from "../../src/abi/ids.ts";
import { KINDS, NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { cProgram } from "../support/c-program.ts";
import { needs } from "../support/needs.ts";
import { INITIAL_INODES, MACROS, syscallMacros, type HeaderConstant } from "./header-constants.ts";

const HEADERS = `
#define _GNU_SOURCE
#include <stdio.h>
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/ioctl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <linux/pidfd.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/securebits.h>
#include <linux/signal.h>
#include <linux/sockios.h>
#include <linux/version.h>
#include <linux/wait.h>
`;
/** The C library has some of the same, and some that the kernel's do not give to programs; the two don't mix. */
const LIBRARY_HEADERS = `
#define _GNU_SOURCE
#include <stdio.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
`;
const MACHINE = process.arch === "arm64" ? "aarch64" : "x86_64";

/** What a C program of these lines prints: \`NAME VALUE\` each. */
function printed(text: string, input = ""): Map<string, number> {
  using program = cProgram({ text });
  const { status, stdout } = spawnSync(program.path, { encoding: "utf8", input });
  expect(status).toBe(0);
  const lines = stdout.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]));
}

const main = (body: readonly string[]): string => `int main(void) {\n${body.join("\n")}\nreturn 0;\n}\n`;
const print = (name: string): string => `printf("%s %lld\\n", "${name}", (long long)(${name}));`;
const printIfDefined = ({ name }: HeaderConstant): string => `#ifdef ${name}\n${print(name)}\n#endif`;

/** Compares what the headers have, and gives the names that they do not have. */
function compare(ours: readonly HeaderConstant[], theirs: ReadonlyMap<string, number>): HeaderConstant[] {
  const there = ours.filter(({ name }) => theirs.has(name));
  expect(there.map(({ name, value }) => [name, value])).toEqual(there.map(({ name }) => [name, theirs.get(name)]));
  return ours.filter(({ name }) => !theirs.has(name));
}

/** New system calls have higher numbers than all before. */
function tooNew(absent: readonly HeaderConstant[], theirs: ReadonlyMap<string, number>): HeaderConstant[] {
  const highest = Math.max(...theirs.values());
  return absent.filter(({ value }) => value > highest);
}

const names = (constants: readonly HeaderConstant[]): string => constants.map(({ name }) => name).join(" ") || "none";

describe(
  "src/abi says what the installed kernel headers say",
  needs("package:gcc", "package:libc6-dev", "package:linux-libc-dev"),
  () => {
    test("flags, ioctl requests, capabilities, errnos and single numbers", ({ annotate }) => {
      const theirs = printed(HEADERS + main([print("LINUX_VERSION_CODE"), ...MACROS.map(printIfDefined)]));
      const librarys = printed(LIBRARY_HEADERS + main(MACROS.map(printIfDefined)));
      const absent = compare(compare(MACROS, theirs), librarys);
      const headers = theirs.get("LINUX_VERSION_CODE") ?? 0;
      const versionOf = (text: string): number => {
        const [major = 0, minor = 0] = text.split(".").map(Number);
        return major * 65536 + minor * 256;
      };
      // What these headers are too old for may be absent, and nothing else.
      const missing = absent.filter(({ since }) => since === undefined || versionOf(since) <= headers);
      expect(missing, "name their header in HEADERS, or put them in IN_NO_HEADER").toEqual([]);
      expect(MACROS.length - absent.length).toBeGreaterThan(200);
      return annotate(`not compared, newer than these headers: ${names(absent)}`);
    });

    test("system call numbers of this machine", ({ annotate }) => {
      const ours = syscallMacros(MACHINE);
      const theirs = printed(`#include <stdio.h>\n#include <asm/unistd.h>\n${main(ours.map(printIfDefined))}`);
      const absent = compare(ours, theirs);
      expect(tooNew(absent, theirs)).toEqual(absent);
      expect(ours.length - absent.length).toBeGreaterThan(100);
      return annotate(`not compared, newer than these headers: ${names(absent)}`);
    });

    test("system call numbers of arm64, which are the generic ones", ({ annotate }) => {
      const ours = syscallMacros("aarch64");
      // As arch/arm64/include/uapi/asm/unistd.h of kernels before 6.11 asks for them; later headers have a table of their own.
      const wants = ["RENAMEAT", "NEW_STAT", "SET_GET_RLIMIT", "TIME32_SYSCALLS", "SYS_CLONE3", "MEMFD_SECRET"];
      const includes = `${wants.map((want) => `#define __ARCH_WANT_${want}\n`).join("")}#include <asm-generic/unistd.h>\n`;
      const theirs = printed(`#include <stdio.h>\n${includes}${main(ours.map(printIfDefined))}`);
      const absent = compare(ours, theirs);
      expect(tooNew(absent, theirs)).toEqual(absent);
      expect(ours.length - absent.length).toBeGreaterThan(100);
      return annotate(`not compared, newer than these headers: ${names(absent)}`);
    });

    test("inodes of the initial namespaces, where the headers have them", ({ annotate }) => {
      const isThere = ({ name }: HeaderConstant): boolean => {
        const text = `#include <linux/nsfs.h>\nlong long there = ${name};\n`;
        return spawnSync("gcc", ["-fsyntax-only", "-xc", "-"], { input: text }).status === 0;
      };
      const there = INITIAL_INODES.filter(isThere);
      const theirs = printed(HEADERS + main(there.map(({ name }) => print(name))));
      const absent = compare(INITIAL_INODES, theirs);
      return annotate(`not compared, newer than these headers: ${names(absent)}`);
    });
  },
);

test("the initial namespaces that this machine shows have the inodes of our table", needs("linux"), () => {
  // Numbers given as namespaces are made begin above these.
  const [FIRST, LAST] = [0xeffffff0, 0xefffffff];
  const inodes = KINDS.filter((kind) => existsSync(`/proc/self/ns/${kind}`)).map((kind) => ({
    kind,
    inode: statSync(`/proc/self/ns/${kind}`).ino,
  }));
  const initial = inodes.filter(({ inode }) => inode >= FIRST && inode <= LAST);
  expect(initial).toEqual(initial.map(({ kind }) => ({ kind, inode: NAMESPACE_KINDS[kind].initialInode })));
});

test(
  "a device is taken apart and put together as the C library does",
  needs("package:gcc", "package:libc6-dev"),
  () => {
    using program = cProgram({
      text: `
#include <stdio.h>
#include <sys/sysmacros.h>
int main(void) {
  unsigned long long dev;
  while (scanf("%llu", &dev) == 1) printf("%u %u %llu\\n", major(dev), minor(dev), (unsigned long long)makedev(major(dev), minor(dev)));
  return 0;
}
`,
    });
    const edges = [0n, 4n, 0xffn, 0x100n, 0xfffffn, 0x1_0000_0000n, 0xffff_ffff_ffff_ffffn];
    const devices = [...edges, ...fc.sample(fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }), 1000)];
    const { stdout } = spawnSync(program.path, { encoding: "utf8", input: devices.join("\n") });
    const ours = devices.map((dev) => {
      const { major, minor } = deviceOf(dev);
      return `${major} ${minor} ${makedev({ major, minor })}`;
    });
    expect(stdout.trim().split("\n")).toEqual(ours);
  },
);
