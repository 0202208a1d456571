import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { fencesOf } from "../support/fences.ts";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";
import { PROGRAMS, self } from "../support/viewers.ts";

/**
 * Inode numbers and pids are each machine's own, and so is how many mounts of proc and mqueue the scene inherits; which are
 * the same is not. They count from 1 in order of appearance.
 */
function withoutNumbers(text: string): string {
  const seen = new Map<string, number>();
  const numbered = text.replaceAll(/\b40265\d{5}\b/g, (inode) => {
    if (!seen.has(inode)) seen.set(inode, seen.size + 1);
    return `#${seen.get(inode)}`;
  });
  return numbered
    .replaceAll(/ +\d+( +(?:0|12345) )/g, " PID$1")
    .replace(/the namespace behind \d+ mounts? of proc/, "the namespace behind N mounts of proc");
}

describe("the drawing in the README", needs("root", "package:util-linux", "kernel:time-namespaces"), () => {
  test("is what nsatlas draws of that machine", async () => {
    const drawing = fencesOf("README.md").find(({ info }) => info === "text");
    const folder = mkdtempSync(join(tmpdir(), "scene-"));
    mkdirSync(join(folder, "bin"));
    symlinkSync(PROGRAMS.nsatlas, join(folder, "bin/nsatlas"));
    copyFileSync(join(ROOT, "test/project/scene.sh"), join(folder, "scene.sh"));
    const words = [
      "--pid",
      "--fork",
      "--mount",
      "--uts",
      "--cgroup",
      "--mount-proc",
      "--kill-child",
      "sh",
      "scene.sh",
      "nsatlas",
    ];
    const env = {
      LC_ALL: "C.UTF-8",
      PATH: `${join(folder, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin:/usr/sbin:/sbin`,
    };
    const { stdout, stderr } = await self.run("unshare", words, { cwd: folder, env });
    rmSync(folder, { recursive: true });
    expect(stderr).toBe("");
    expect(withoutNumbers(stdout), stdout).toBe(withoutNumbers(drawing?.text ?? ""));
  });
});
