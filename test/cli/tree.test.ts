import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { columnsOf } from "../../src/render/width.ts";
import { decodeSnapshot } from "../../src/snapshot/decode.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROGRAMS } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

const { actor } = drawnMachine(`
  user:init
    user:box by 1000
      user:inner
  net:blue of user:box
`);
const observer = new ModelObserver(() => actor.world, actor.first);
const ESCAPE = "\u001b[";

describe("tree", () => {
  test("is what nsatlas does where it is told nothing", async () => {
    expect(await runProgram([], { observer })).toEqual(await runProgram(["tree"], { observer }));
  });
  test("has colours on a terminal, unless the user does not want them", async () => {
    const colored = async (words: string[], setting: object): Promise<boolean> =>
      (await runProgram(["tree", ...words], { observer, ...setting })).out.includes(ESCAPE);
    expect(await colored([], { columns: 80 })).toBe(true);
    expect(await colored([], {})).toBe(false);
    expect(await colored([], { columns: 80, env: { NO_COLOR: "1" } })).toBe(false);
    expect(await colored([], { columns: 80, env: { NO_COLOR: "" } })).toBe(true);
    for (const TERM of ["dumb", "vt220", "ansi"]) {
      expect(await colored([], { columns: 80, env: { TERM } })).toBe(false);
      expect(await colored(["--color=always"], { columns: 80, env: { TERM } })).toBe(true);
    }
    for (const env of [{ TERM: "xterm" }, { TERM: "linux" }, { TERM: "vt220", COLORTERM: "truecolor" }])
      expect(await colored([], { columns: 80, env })).toBe(true);
    expect(await colored(["--color=never"], { columns: 80 })).toBe(false);
    expect(await colored(["--color=always"], { env: { NO_COLOR: "1" } })).toBe(true);
  });
  test.each([40, 80, 200])("fits a terminal of %i columns", async (columns) => {
    const { out } = await runProgram(["tree", "--color=never"], { observer, columns });
    for (const line of out.split("\n")) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
  });
  test("draws with what the locale can show", async () => {
    const drawnWith = async (env: Record<string, string>) => (await runProgram(["tree"], { observer, env })).out;
    expect(await drawnWith({ LC_ALL: "C" })).toMatch(/^[\n -~]*$/);
    for (const env of [{ LANG: "C.UTF-8" }, { LC_CTYPE: "fr_FR.utf8" }, {}])
      expect(await drawnWith(env)).toContain("└─");
  });
  test("shows some kinds, and some levels", async () => {
    const { out } = await runProgram(["tree", "-t", "net"], { observer });
    expect(out).toContain("net:[");
    expect(out).not.toContain("mnt:[");
    const [all, one] = await Promise.all(
      [[], ["--depth", "1"]].map((more) => runProgram(["tree", ...more], { observer })),
    );
    expect(one?.out.length).toBeLessThan(all?.out.length ?? 0);
  });
  test("prints the snapshot as JSON, which it reads back from a file", async () => {
    using folder = temporaryFolder();
    const file = `${folder.path}/snapshot.json`;
    const { out } = await runProgram(["tree", "--json"], { observer });
    expect((await decodeSnapshot(out)).namespaces.length).toBeGreaterThan(8);
    expect(await runProgram(["snapshot", "-o", file], { observer })).toEqual({ exit: 0, out: "", err: "" });
    expect(readFileSync(file, "utf8")).toBe(out);
    expect(await runProgram(["tree", "--from", file])).toEqual(await runProgram(["tree"], { observer }));
  });
  test("leaves command lines and paths out of a redacted snapshot", async () => {
    const { out } = await runProgram(["snapshot", "-o", "-", "--redact"], { observer });
    const snapshot = await decodeSnapshot(out);
    expect(snapshot.redacted).toBe(true);
    expect(out).not.toContain("commandLine");
    expect(out).not.toContain('"path"');
  });
});

describe("show", () => {
  const show = async (line: string) => runProgram(["show", ...line.split(" ")], { observer });
  test("finds one namespace by each of its names", async () => {
    const ino = (await show("self/net --get ino")).out.trim();
    for (const ref of [
      `net:${ino}`,
      `net:[${ino}]`,
      ino,
      `net:[0:4/${ino}]`,
      "/proc/self/ns/net",
      "net:/proc/self/ns/net",
    ]) {
      expect(await show(ref)).toEqual(await show("self/net"));
    }
    const id = (await show("self/net --get id")).out.trim();
    expect(await show(`net:id:${id}`)).toEqual(await show("self/net"));
  });
  test.each([
    ["ino", /^4026531837\n$/],
    ["dev", /^0:4\n$/],
    ["id", /^\d+\n$/],
    ["kind", /^user\n$/],
    ["nstype", /^0x10000000\n$/],
    ["owner-uid", /^0\n$/],
    ["ancestors", /^\n$/],
  ])("prints the field %s and nothing else", async (name, value) => {
    const { exit, out, err } = await show(`self/user --get ${name}`);
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatch(value);
  });
  test("walks to the ancestors, nearest first", async () => {
    const users = (await runProgram(["list", "-n", "-t", "user", "-o", "NS"], { observer })).out.trim().split(/\s+/);
    const [init, box, inner] = users;
    expect((await show(`user:${inner} --get ancestors`)).out).toBe(`${box} ${init}\n`);
    expect((await show(`user:${inner} --get parent`)).out).toBe(`${box}\n`);
    expect((await show(`user:${box} --get owner-uid`)).out).toBe("1000\n");
  });
  test("answers as ns_show does", async () => {
    expect(await show("self/net u")).toEqual({ exit: 0, out: "owning user namespace: [0,4] / 4026531837\n", err: "" });
    expect(await show("self/net pu")).toEqual({
      exit: 1,
      out: "owning user namespace: [0,4] / 4026531837\nparent namespace: none, this kind does not nest\n",
      err: "",
    });
    expect(await show("user:4026531837 p")).toEqual({
      exit: 1,
      out: "parent namespace: outside your namespace scope\n",
      err: "",
    });
    expect((await show("self/net x")).exit).toBe(2);
    expect((await show("self/net u --get ino")).exit).toBe(2);
  });
  test("has a twin for programs", async () => {
    const { out } = await show("self/user --json");
    expect(JSON.parse(out)).toMatchObject({ id: "0:4/4026531837", kind: "user", ancestors: [], nstype: 0x10000000 });
  });
});

describe("on the running kernel", needs("native"), () => {
  test("a descriptor that nsatlas inherited is shown, though nothing else holds the namespace", needs("root"), () => {
    const program = `'${process.execPath}' '${PROGRAMS.nsatlas}'`;
    // The process that made the namespace has ended when nsatlas looks: the descriptor alone is left.
    const line =
      `unshare --uts sh -c 'echo $$; exec sleep 5' | ` +
      `{ read pid; exec 7</proc/$pid/ns/uts; kill $pid; sleep 0.2; ${program} show fd:7; ${program} show fd:7 --get owner; }`;
    const shown = execFileSync("bash", ["-c", line], { encoding: "utf8" });
    expect(shown).toMatch(/^uts:\[\d+\]\n/);
    expect(shown).toMatch(/\n4026531837\n$/);
  });
});
