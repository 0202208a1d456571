import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { asTester, ID } from "../enter/beside/as-tester.ts";
import { needs } from "../support/needs.ts";
import { PRODUCT } from "../support/viewers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** What each option came to: printed by create-options.mjs, lines of a command or the fields of an error. */
type Seen = Readonly<Record<string, unknown>>;

const NEEDED = ["native", "root", "ordinary-user", "user-namespaces", "kernel:time-namespaces"] as const;

describe("createNamespaces, by an ordinary user", needs(...NEEDED, "package:uidmap", "package:util-linux"), () => {
  let seen: Seen = {};
  beforeAll(() => {
    using folder = temporaryFolder();
    chmodSync(folder.path, 0o755);
    const program = join(folder.path, "create-options.mjs");
    copyFileSync(join(import.meta.dirname, "create-options.mjs"), program);
    const library = join(PRODUCT, "dist/index.js");
    // Else there would be nothing to share.
    const before = ["mount --make-rshared /"];
    const { code, out, err } = asTester([process.execPath, program], [library], { before });
    expect({ code, out: code === 0 ? "" : out, err: code === 0 ? "" : err }).toEqual({ code: 0, out: "", err: "" });
    seen = JSON.parse(out) as Seen;
  });

  test.each<readonly [string, unknown]>([
    ["maps root", ["0 12345 1", "0 12345 1", "deny"].map((line) => line.replace("12345", String(ID)))],
    ["maps none", ["allow"]],
    ["maps of ranges", ["0 200000 1000", "0 250000 1000", "allow"]],
    ["maps that are not the caller's", expect.objectContaining({ kind: "SyscallError", code: "EPERM" })],
    ["names", ["made", "here"]],
    [
      "a name that is too long",
      expect.objectContaining({ kind: "SyscallError", code: "EINVAL", syscall: "sethostname" }),
    ],
    ["offsets", ["monotonic 5000 0", "boottime 86400 0"]],
    [
      "an offset that is too far",
      expect.objectContaining({ code: "ERANGE", syscall: "write", subject: "/proc/self/timens_offsets" }),
    ],
    ["propagation not said", ["-"]],
    ["propagation private", ["-"]],
    ["propagation slave", ["master"]],
    ["propagation shared", ["shared"]],
    // Mounts of a more privileged one reach a less privileged one, and not the other way.
    ["propagation unchanged", ["master"]],
    [
      "no user namespace",
      expect.objectContaining({ code: "EPERM", syscall: "unshare", message: expect.stringContaining("user") }),
    ],
    [
      "no user namespace, in French",
      expect.objectContaining({ code: "EPERM", message: expect.stringContaining("opération non permise") }),
    ],
    ["aborted", expect.objectContaining({ kind: "AbortError" })],
    ["aborted meanwhile", "AbortError"],
    ["owners", ["uts", "net", "mnt", "ipc", "cgroup", "time"]],
    ["owner", [true, true]],
    ["owner alone", [true]],
  ])("%s", (name, expected) => {
    expect(seen[name]).toEqual(expected);
  });
});
