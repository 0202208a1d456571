import { spawnSync } from "node:child_process";
import { describe, expect, test, vi } from "vitest";
import { drawnMachine } from "../support/drawn-machine.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { NEWER_LSNS } from "../support/machine.ts";
import { needs } from "../support/needs.ts";
import { runProgram } from "./run-program.ts";

const { actor } = drawnMachine(`
  user:init
    user:mid empty
      user:box
  net:blue of user:box
`);
const observer = new ModelObserver(() => actor.world, actor.first);
const list = (line: string) => runProgram(["list", ...line.split(" ").filter(Boolean)], { observer });
const lines = async (line: string): Promise<string[]> => (await list(line)).out.split("\n").map((one) => one.trim());

describe("list, on a drawn world", () => {
  test("shows the usual columns", async () => {
    expect((await lines(""))[0]).toMatch(/^NS +TYPE +NPROCS +PID +USER +COMMAND$/);
  });
  test("shows those that are named, in any case, and adds with +", async () => {
    expect((await lines("-o ns,Type"))[0]).toMatch(/^NS +TYPE$/);
    expect((await lines("-o+PNS"))[0]).toMatch(/COMMAND +PNS$/);
    expect((await lines("--output-all"))[0]).toMatch(/^NS +TYPE +PATH.* LINK$/);
  });
  test("leaves out the headings, and all kinds but some", async () => {
    expect(await lines("-n -o TYPE -t net,user -t pid")).toEqual(expect.arrayContaining(["net", "user", "pid"]));
    expect(new Set(await lines("-n -o TYPE -t net,user -t pid"))).toEqual(new Set(["net", "user", "pid", ""]));
  });
  test("nests by owner only where asked to, in JSON too", async () => {
    expect((await list("-n -o NS")).out).not.toContain("─");
    expect((await list("-n -T -o NS")).out).toContain("─");
    const flat = JSON.parse((await list("-J -o NS")).out);
    expect(flat.namespaces.every((row: object) => !("children" in row))).toBe(true);
    expect((await list("-J -T -o NS")).out).toContain('"children"');
  });
  test("shows the processes in one namespace", async () => {
    const inode = (await lines("-n -t net -o NS"))[0] ?? "";
    const [headings, ...rows] = await lines(inode);
    expect(headings).toMatch(/^PID +PPID +USER +COMMAND$/);
    expect(rows.filter(Boolean).length).toBeGreaterThan(0);
    expect(await list(`net:${inode}`)).toEqual(await list(inode));
    expect(await list("self/net")).toEqual(await list(inode));
  });
  test("never says nothing without saying why", async () => {
    expect(await list("-p 4000000")).toEqual({
      exit: 0,
      out: "",
      err: "nsatlas: nothing to list: no process 4000000 can be seen.\n",
    });
    const empty =
      (await lines("-n -l -t user -o NPROCS,NS"))
        .find((line) => line.startsWith("0 "))
        ?.slice(2)
        .trim() ?? "";
    expect(await list(empty)).toEqual({
      exit: 0,
      out: "",
      err: `nsatlas: nothing to list: no process that can be seen is in user:[${empty}].\n`,
    });
  });
  test("-P shows what has no process, and says so where all have one", async () => {
    const kept = await lines("-P -n -l -t user -o NPROCS");
    expect(new Set(kept)).toEqual(new Set(["0", ""]));
    expect(await list("-P -t uts")).toEqual({
      exit: 0,
      out: "",
      err: "nsatlas: nothing to list: every namespace that can be seen has a process.\n",
    });
  });
  test("-H lists the columns, for programs too", async () => {
    expect((await list("-H")).out).toMatch(/^ +NS <integer> namespace identifier/);
    expect((await list("-Hr")).out).toContain("NS <integer> namespace\\x20identifier");
    const { out } = await list("-HJ");
    expect(JSON.parse(out)["lsns-columns"][1]).toEqual({
      holder: "TYPE",
      type: "<string>",
      description: "kind of namespace",
    });
  });
  test("-Q keeps rows, hidden columns count; a wrong filter is exit 2 and says where", async () => {
    const filtered = (text: string) => runProgram(["list", "-n", "-l", "-o", "TYPE", "-Q", text], { observer });
    expect((await filtered("netnsid == 'unassigned' and NPROCS == 1")).out).toBe("net\n");
    expect(await filtered("TYPE == 'none'")).toEqual({
      exit: 0,
      out: "",
      err: "nsatlas: nothing to list: no row passes the filter.\n",
    });
    expect(await filtered("TYPE == net")).toEqual({
      exit: 2,
      out: "",
      err: "nsatlas: The filter is wrong at character 9: there is no column net.\n  Texts stand between quotes, as 'net'. \"nsatlas list -H\" lists the columns.\n",
    });
    expect((await filtered("USER > 5 and COMMAND == 5")).exit).toBe(2);
  });
  test("-l beside -T is a tree, as in lsns", async () => {
    expect(await list("-l -T -o NS")).toEqual(await list("-T -o NS"));
    expect(await list("-T -l")).toEqual(await list("-T"));
  });
  test.each(["-P -p 1", "-J -r", "-p 1 4026531833"])("%s exclude each other, as in lsns", async (line) => {
    const { exit, out, err } = await list(line);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toContain("exclude");
  });
  test("an inode that is not there is exit 1, as in lsns", async () => {
    const { exit, out, err } = await list("99");
    expect([exit, out]).toEqual([1, ""]);
    expect(err).toBe(
      'nsatlas: No namespace that nsatlas can see is 99.\n  "nsatlas tree" shows what can be seen; more shows as root.\n',
    );
  });
});

describe("list, beside lsns", needs("native", "package:util-linux"), () => {
  const ours = async (line: string) => runProgram(["list", ...line.split(" ")]);
  const theirs = (line: string) =>
    spawnSync("lsns", line.split(" "), { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } });

  // lsns gives up where a process ends while it is read, and an inode may be used anew between two looks: other tests go on
  // meanwhile, so what is compared is compared again.
  const soon = (compare: () => Promise<void>) => vi.waitFor(compare, { timeout: 40_000, interval: 300 });

  // Processes come and go: the kinds, the namespaces of this process and the shape of the output do not.
  const own = `-p ${process.pid}`;
  test.each([
    `-n ${own} -o NS,TYPE`,
    `${own} -o NS,TYPE,PNS,ONS`,
    `-r ${own} -o NS,TYPE`,
    `-J ${own} -o NS,TYPE,PNS,ONS`,
    `-l ${own} -o TYPE,NS`,
    `-nr -t net ${own} -oTYPE`,
    `--noheadings --type net --task ${process.pid} --output TYPE`,
    `--nohead --ty=net --ta=${process.pid} --output=TYPE`,
    `-t cgroup -n -o TYPE,PATH ${own}`,
  ])("%s", (line) =>
    soon(async () => {
      const expected = theirs(line);
      const { exit, out } = await ours(line);
      expect([out, exit]).toEqual([expected.stdout, expected.status]);
    }),
  );
  test.each(["99", "-p 4194304"])("exit code of %s", (line) =>
    soon(async () => expect((await ours(line)).exit).toBe(theirs(line).status)),
  );
  test("-H has lsns's columns, in its order and with its types", needs("newer-lsns"), async () => {
    const columnsOf = (text: string) =>
      JSON.parse(text)["lsns-columns"].map(({ holder, type }: Record<string, string>) => `${holder} ${type}`);
    const expected = columnsOf(spawnSync(NEWER_LSNS, ["-H", "-J"], { encoding: "utf8" }).stdout);
    expect(columnsOf((await ours("-H -J")).out).slice(0, expected.length)).toEqual(expected);
  });
  test("the same namespaces", () =>
    soon(async () => {
      // Other tests' namespaces come and go: what lsns sees before and after was there in between.
      const words = "-n -l -o NS,TYPE";
      const before = new Set(theirs(words).stdout.split("\n"));
      const { out } = await ours(words);
      const stayed = theirs(words)
        .stdout.split("\n")
        .filter((line) => before.has(line));
      expect(stayed.length).toBeGreaterThan(1);
      expect(out.split("\n")).toEqual(expect.arrayContaining(stayed));
    }));
});
