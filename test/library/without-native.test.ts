import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { attempt, discover, openNamespace, UnsupportedError } from "../../src/index.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { needs } from "../support/needs.ts";
import { productFolder } from "../support/product.ts";
import { runOf } from "../support/run.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { self } from "../support/viewers.ts";

/** /proc alone: what a machine without a compiler, or with another CPU, has. */
const observer = new LiveObserver(undefined);

describe("without the native half", needs(), () => {
  test("namespaces open and have an identity; what takes an ioctl says what is missing", async () => {
    using user = await openNamespace("user:/proc/self/ns/user", { observer });
    expect(String(user)).toMatch(/^user:\[\d+\]$/);
    const asks: (() => unknown)[] = [
      () => user.owner(),
      () => user.parent(),
      () => user.ownerUid(),
      () => user.uniqueId(),
      () => user.ancestors(),
    ];
    for (const ask of asks) {
      // No refusal of the kernel's: it was never asked.
      expect(() => attempt(ask)).toThrow(UnsupportedError);
      expect(ask).toThrow(/^ioctl NS_GET_\w+ takes nsatlas's native half\. /);
    }
    await expect(openNamespace("net:/proc/self/ns/user", { observer })).rejects.toMatchObject({ rule: "other-kind" });
  });

  test("discovery sees processes and identities, and says of each relation that it could not be asked", async () => {
    const { namespaces, processes } = await discover({ observer });
    expect(processes.some(({ pid }) => pid === process.pid)).toBe(true);
    expect(namespaces.length).toBeGreaterThan(0);
    // What only a mount of somebody's leads to could not be opened to begin with.
    const asked = namespaces.filter(({ owner }) => !("refused" in owner && owner.call === "openat"));
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(({ owner }) => "refused" in owner && owner.reason === "no-native-half")).toBe(true);
  });

  test("the package says why: it is not built, and what would build it", async () => {
    using folder = temporaryFolder();
    cpSync(productFolder(runOf(process.env)), folder.path, { recursive: true });
    rmSync(join(folder.path, "prebuilds"), { recursive: true, force: true });
    const face = (name: string) => JSON.stringify(pathToFileURL(join(folder.path, "dist", `${name}.js`)).href);
    const script = `
      import { openNamespace } from ${face("index")};
      import { open } from ${face("raw")};
      const user = await openNamespace("self/user");
      for (const call of [() => user.parent(), () => open("/proc/self/ns/user")]) {
        try { call(); } catch (error) { console.log(error.name, error.message); }
      }`;
    const { stdout, stderr } = await self.run(process.execPath, ["--input-type=module", "--eval", script]);
    expect(stderr).toBe("");
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^UnsupportedError ioctl NS_GET_PARENT takes nsatlas's native half\. The native half is not built: "npm run build:native" makes /,
    );
    expect(lines[1]).toMatch(/^UnsupportedError open takes nsatlas's native half\. /);
  });
});
