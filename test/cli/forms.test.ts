import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PICTURE_FORMS, ROW_FORMS } from "../../src/cli/forms.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

const WORLD = join(import.meta.dirname, "../../examples/worlds/containers.world");
const ask = (...words: readonly string[]) => runProgram([...words, "--world", WORLD], { columns: 80 });
const COMMANDS = [["tree"], ["list"], ["why", "net:blue"]] as const;

describe("the forms of an answer", () => {
  test.each(COMMANDS.flatMap((words) => PICTURE_FORMS.map((form) => [words.join(" "), form] as const)))(
    "%s --format %s",
    async (words, form) => {
      const { exit, out, err } = await ask(...words.split(" "), "--format", form);
      expect({ exit, err }).toEqual({ exit: 0, err: "" });
      expect(out).toMatch({ dot: /^digraph \w+ \{\n/, mermaid: /^flowchart LR\n/, svg: /^<svg xmlns=/ }[form]);
      // The one that a name keeps is in each.
      expect(out).toContain("blue");
    },
  );

  test("the picture of the README is what it says", async () => {
    const { out } = await ask("tree", "--format", "svg");
    await expect(out).toMatchFileSnapshot("../../docs/containers.svg");
  });

  test("rows are the same in CSV and NDJSON, and in tree and list", async () => {
    const [csv, lines, ofTree] = await Promise.all([
      ask("list", "--format", "csv"),
      ask("list", "--format", "ndjson"),
      ask("tree", "--format", "csv"),
    ]);
    expect(ofTree.out).toBe(csv.out);
    const [heading = "", ...rows] = csv.out.trimEnd().split("\n");
    expect(heading).toBe("NS,TYPE,NPROCS,PID,USER,COMMAND");
    const objects = lines.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects.map((one) => String(one["ns"]))).toEqual(rows.map((row) => row.split(",")[0]));
    expect(Object.keys(objects[0] ?? {})).toEqual(heading.toLowerCase().split(","));
    const table = await ask("tree", "--format", "table");
    expect(table.out.split("\n").length).toBe(rows.length + 2);
  });

  test("list --format tree is list -T, and columns that were asked for are those of the rows", async () => {
    const [tree, short] = await Promise.all([ask("list", "--format", "tree"), ask("list", "-T")]);
    expect(tree.out).toBe(short.out);
    const { out } = await ask("list", "-t", "net", "-o", "NS,NSFS", "--format", "csv");
    expect(out.split("\n")[0]).toBe("NS,NSFS");
  });

  test.each([["-p", "1"], ["-P"], ["-Q", "NPROCS > 0"], ["-o", "NS"], ["self/net"]])(
    "a picture of list is not narrowed down by %s, and says so",
    async (...words) => {
      const { exit, out, err } = await ask("list", "--format", "svg", ...words);
      expect([exit, out]).toEqual([2, ""]);
      expect(err).toContain("--format svg");
    },
  );

  test("what keeps a namespace is a tree, too", async () => {
    const { exit, out, err } = await ask("why", "net:blue", "--format", "tree");
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatch(/^net:\[\d+\] ?.*\n(├─ .*\n|│ .*\n)*└─ bind-mount \/run\/netns\/blue/);
  });

  test("a difference is a row, a picture, and a tree", async () => {
    using folder = temporaryFolder();
    const [a, b] = [join(folder.path, "a.json"), join(folder.path, "b.json")];
    const seen = JSON.parse((await ask("tree", "--json")).out);
    writeFileSync(a, JSON.stringify(seen));
    const kept = seen.namespaces.filter(({ id }: { id: string }) => id !== seen.names[0].namespace);
    const without = (list: { namespace?: string }[]) =>
      list.filter(({ namespace }) => namespace !== seen.names[0].namespace);
    const later = {
      ...seen,
      namespaces: kept,
      names: [],
      pins: without(seen.pins),
      descriptors: without(seen.descriptors),
    };
    writeFileSync(b, JSON.stringify(later));
    const { exit, out } = await runProgram(["diff", a, b, "--format", "csv"], { columns: 80 });
    expect([exit, out.replaceAll(/\d{10}/g, "N")]).toEqual([1, "CHANGE,ABOUT,WHAT\n-,net:[N],is gone\n"]);
    const tree = await runProgram(["diff", a, b, "--format", "tree"], { columns: 80 });
    expect(tree.out.replaceAll(/\d{10}/g, "N")).toMatch(/^.* → .*\n└─ - net:\[N\]\n {2}└─ - is gone\n$/);
    for (const form of PICTURE_FORMS) {
      const drawn = await runProgram(["diff", a, b, "--format", form], { columns: 80 });
      expect([drawn.exit, drawn.out.includes("is gone")]).toEqual([1, true]);
    }
  });

  test.each([...PICTURE_FORMS, ...ROW_FORMS])(
    "%s is of one host: of several it is refused, and nothing is printed",
    async (form) => {
      using folder = temporaryFolder();
      const files = ["a.json", "b.json"].map((name) => join(folder.path, name));
      for (const file of files) writeFileSync(file, (await ask("tree", "--json")).out);
      const words = files.flatMap((file) => ["--from", file]);
      const { exit, out, err } = await runProgram(["list", "--format", form, ...words], { columns: 80 });
      expect([exit, out]).toEqual([2, ""]);
      expect(err).toContain(`--format ${form} is of one host`);
    },
  );

  test("a picture says nothing that is not in the world: what it names, tree names", async () => {
    const { out } = await ask("tree", "--format", "svg");
    const { out: tree } = await ask("tree", "--all");
    const drawn = new Set([...out.matchAll(/\[(\d{10})\]/g)].map(([, inode]) => inode));
    const told = new Set([...tree.matchAll(/\[(\d{10})\]/g)].map(([, inode]) => inode));
    expect(drawn).toEqual(told);
    expect(readFileSync(WORLD, "utf8")).toContain("net:blue");
  });
});
