import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { KERNELS } from "../library/kernels.ts";
import { EXAMPLES, installExamples } from "../support/examples.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";
import { describeAsEachViewer, self, type Viewer } from "../support/viewers.ts";

let folder: TemporaryFolder;
let program: string;
beforeAll(async () => {
  folder = temporaryFolder();
  await installExamples(folder.path, ["ns-show"]);
  program = join(folder.path, "ns-show.mjs");
});
afterAll(() => folder[Symbol.dispose]());

const show = (viewer: Viewer, ...words: readonly string[]) => viewer.run(process.execPath, [program, ...words]);

describeAsEachViewer("the example ns-show", (viewer) => {
  const both = [
    { kernel: "live", options: needs("native") },
    { kernel: "model", options: {} },
  ];
  describe.each(both)("on $kernel", ({ kernel, options }) => {
    test.each([
      ["/proc/self/ns/user", "p", "parent: EPERM\n"],
      ["/proc/self/ns/user", "up", "owner: EPERM\n"],
      ["/proc/self/ns/pid", "p", "parent: EPERM\n"],
      ["/proc/self/ns/net", "p", "parent: EINVAL\n"],
    ])("refuses as every kernel does: %s %s", options, async (path, letters, stdout) => {
      expect(await show(viewer, "--kernel", kernel, path, letters)).toMatchObject({ code: 1, stdout, stderr: "" });
    });
    test("finds the owner of its own network namespace, which is its user namespace's", options, async () => {
      const { code, stdout } = await show(viewer, "--kernel", kernel, "/proc/self/ns/net");
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^owner: \d+:\d+\/\d+\n$/) });
    });
    test("says which errno keeps it from a file", options, async () => {
      const ran = await show(viewer, "--kernel", kernel, "/proc/self/ns/none");
      expect(ran).toMatchObject({ code: 1, stdout: "", stderr: "/proc/self/ns/none: ENOENT\n" });
    });
  });
});

describe("the example ns-show on a drawn world", () => {
  const WORLD = `
user:init
  user:outer by 1000
    user:inner
pid:init
  pid:outer of user:outer
    pid:inner of user:inner
net:inner of user:inner
`;
  const NAMES = ["user:outer", "user:inner", "pid:outer", "pid:inner", "net:inner", "uts:init"];

  /** Its answers about each namespace, `owner: user:outer` where it gives a number, by the drawing's names. */
  async function answers({ kernel, draw }: (typeof KERNELS)[number], world: string): Promise<string[]> {
    using machine = draw(WORLD);
    const names = new Map<string, string>();
    for (const name of machine.world.fds.keys()) {
      const look = machine.observer.look(machine.fileOf(name));
      if (look.ok) names.set(look.value.id, name);
    }
    const options = kernel === "the model" ? ["--kernel", "model", "--world", world] : [];
    const said: string[] = [];
    for (const name of NAMES) {
      const { code, stdout, stderr } = await show(self, ...options, machine.fileOf(name), "pu");
      const inNames = stdout.replace(/\d+:\d+\/\d+/g, (id) => names.get(id) ?? `not drawn: ${id}`);
      said.push(`${name} ${code} ${inNames.trim().replaceAll("\n", ", ")}${stderr}`);
    }
    return said;
  }

  describe.each(KERNELS)("$kernel", (on) => {
    test("gives the drawing's owners and parents", on.needs, async () => {
      const world = join(folder.path, "world.txt");
      writeFileSync(world, WORLD);
      expect(await answers(on, world)).toEqual([
        "user:outer 0 owner: user:init, parent: user:init",
        "user:inner 0 owner: user:outer, parent: user:outer",
        "pid:outer 0 owner: user:outer, parent: pid:init",
        "pid:inner 0 owner: user:inner, parent: pid:outer",
        "net:inner 1 owner: user:inner, parent: EINVAL",
        "uts:init 1 owner: user:init, parent: EINVAL",
      ]);
    });
  });
});

test("the lines in its comment work as they stand there", needs("native"), async () => {
  const lines = [...readFileSync(join(EXAMPLES, "ns-show.ts"), "utf8").matchAll(/^\/\/ {5}ns-show\.ts (.*)$/gm)];
  const world = join(folder.path, "box.txt");
  writeFileSync(world, "pid:init\n  pid:box\n");
  const said = [];
  for (const [, words = ""] of lines) said.push((await show(self, ...words.replace("FILE", world).split(" "))).stdout);
  expect(said).toEqual([
    "owner: EPERM\n",
    expect.stringMatching(/^owner: 0:4\/\d+\n$/),
    `parent: 0:4/${NAMESPACE_KINDS.pid.initialInode}\n`,
  ]);
});
