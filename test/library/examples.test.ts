import { chmodSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { productFolder } from "../support/product.ts";
import { runOf } from "../support/run.ts";
import { ROOT } from "../support/sources.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeAsEachViewer } from "../support/viewers.ts";

const EXAMPLES = join(ROOT, "examples");

/** The examples of the library as JavaScript, in a folder where the built package is installed. */
async function installExamples(folder: string): Promise<void> {
  // The ordinary user has to get in.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(productFolder(runOf(process.env)), join(folder, "node_modules/nsatlas"));
  const input = Object.fromEntries(
    ["who-owns-it", "a-world"].map((name) => [name, join(EXAMPLES, `${name}.ts`)] as const),
  );
  const build = await rolldown({
    input,
    external: /^nsatlas/,
    platform: "node",
    transform: { target: "node20" },
    tsconfig: false,
  });
  await build.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs" });
}

describeAsEachViewer("examples/", (viewer) => {
  test("who-owns-it shows the owner of the own network namespace, and everything else", needs("native"), async () => {
    using folder = temporaryFolder();
    await installExamples(folder.path);
    const ran = await viewer.run(process.execPath, [join(folder.path, "who-owns-it.mjs")]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^net:\[\d+\] belongs to user:\[\d+\], which uid \d+ made\.\nAbove that: /);
    expect(ran.stdout).toMatch(/\nuser \d+:\d+\/\d+ owns cgroup:\[\d+\]/);
  });

  test("a-world asks the model what the kernel would say", async () => {
    using folder = temporaryFolder();
    await installExamples(folder.path);
    const ran = await viewer.run(process.execPath, [join(folder.path, "a-world.mjs")]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^ioctl NS_GET_PARENT on user:\[\d+\] via \/proc\/self\/ns\/user: EPERM, /);
  });
});

describe("each example of the library", () => {
  test("is run by a test here, or by one of its own", () => {
    const own = ["ns-show.ts"];
    const files = readdirSync(EXAMPLES).filter((name) => name.endsWith(".ts") && !own.includes(name));
    expect(files.toSorted()).toEqual(["a-world.ts", "who-owns-it.ts"]);
  });
});
