import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EXAMPLES, installExamples } from "../support/examples.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeAsEachViewer, self } from "../support/viewers.ts";

const OWN = ["a-world", "who-owns-it"];

describeAsEachViewer("examples/", (viewer) => {
  test("who-owns-it shows the owner of the own network namespace, and everything else", needs("native"), async () => {
    using folder = temporaryFolder();
    await installExamples(folder.path, OWN);
    const ran = await viewer.run(process.execPath, [join(folder.path, "who-owns-it.mjs")]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^net:\[\d+\] belongs to user:\[\d+\], which uid \d+ made\.\nAbove that: /);
    expect(ran.stdout).toMatch(/\nuser \d+:\d+\/\d+ owns cgroup:\[\d+\]/);
  });

  test("a-world asks the model what the kernel would say", async () => {
    using folder = temporaryFolder();
    await installExamples(folder.path, OWN);
    const ran = await viewer.run(process.execPath, [join(folder.path, "a-world.mjs")]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^ioctl NS_GET_PARENT on user:\[\d+\] via \/proc\/self\/ns\/user: EPERM, /);
  });
});

describe("three-stacks", needs("native", "root", "package:iproute2"), () => {
  test("serves HTTP in three network namespaces at once, over the wires between them", async () => {
    using folder = temporaryFolder();
    await installExamples(folder.path, ["three-stacks"]);
    const ran = await self.run(process.execPath, [join(folder.path, "three-stacks.mjs")]);
    expect(ran).toMatchObject({
      code: 0,
      stderr: "",
      stdout: "red asks: hello from green\ngreen asks: hello from blue\nblue asks: hello from red\n",
    });
  });
});

describe("each example of the library", () => {
  test("is run by a test here, or by one of its own", () => {
    // ns-show.ts: test/examples/ns-show.test.ts
    const files = [...OWN, "ns-show", "three-stacks"].map((name) => `${name}.ts`);
    const there = readdirSync(EXAMPLES).filter((name) => name.endsWith(".ts"));
    expect(there.toSorted()).toEqual(files.toSorted());
  });
});
