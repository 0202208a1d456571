import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { WHAT_IF_JSON_SCHEMA } from "../../src/what-if/schema.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

const anywhere = (...words: string[]) => runProgram(["what-if", "--color", "never", ...words], { columns: 80 });
/** On a machine that has just started. */
const whatIf = (...words: string[]) => anywhere("--world", "/dev/null", ...words);

/** Runs with a world drawn in a file. */
async function inWorld(drawing: string, ...words: string[]) {
  using folder = temporaryFolder();
  const path = join(folder.path, "world");
  writeFileSync(path, drawing);
  const ran = await anywhere("--world", path, ...words);
  return { ...ran, err: ran.err.replaceAll(folder.path, "FOLDER").replaceAll(/\s+/g, " ").trim() };
}

const WORLD = "user:outer by 1000\n  user:inner\npid:box of user:outer\nnet:blue of user:inner empty\n";

describe("nsatlas what-if says of each call what it gives, why not, and what changed", () => {
  test("where a process makes another with namespaces of its own", async () => {
    const calls = "clone user pid as box; box: ioctl pid:box NS_GET_PARENT; ioctl pid:box NS_GET_PARENT; exit";
    expect(await whatIf(calls)).toMatchObject({ exit: 0, err: "" });
    expect((await whatIf(calls)).out).toMatchInlineSnapshot(`
      "1. shell: clone user pid as box
         returns 3
         box starts
         user:box appears, child of user:init
         pid:box appears, child of pid:init, owned by user:box
         box/pid leads to pid:box
         box/pid_for_children leads to pid:box
         box/user leads to user:box
         box has the effective uid 65534, before 0
      2. box: ioctl pid:box NS_GET_PARENT
         EPERM (Operation not permitted)
         The parent is neither the caller's own namespace nor one below it, so the
           kernel does not show it.
      3. shell: ioctl pid:box NS_GET_PARENT
         returns 3 (pid:init)
      4. shell: exit
         returns 0
         shell ends
      "
    `);
  });
  test("where the world is drawn, and somebody else makes the calls", async () => {
    const calls = "setns inner/user user; exit; shell: setns net:blue net; shell: close fd:3";
    const ran = await inWorld(WORLD, "--as", "outer", "--", calls);
    expect(ran).toMatchObject({ exit: 0, err: "" });
    expect(ran.out).toMatchInlineSnapshot(`
      "1. user:outer: setns inner/user user
         returns 0
         user:outer/user leads to user:inner, no longer to user:outer
      2. user:outer: exit
         returns 0
         user:outer ends
      3. shell: setns net:blue net
         returns 0
         shell/net leads to net:blue, no longer to net:init
      4. shell: close fd:3
         returns 0
      "
    `);
  });
  test("in French", async () => {
    const ran = await runProgram(
      ["what-if", "--color=never", "--world=/dev/null", "unshare uts; setns uts:shell net"],
      {
        columns: 80,
        language: "fr",
      },
    );
    expect(ran).toMatchObject({ exit: 0, err: "" });
    expect(ran.out).toMatchInlineSnapshot(`
      "1. shell: unshare uts
         renvoie 0
         uts:shell apparaît, propriété de user:init
         shell/uts mène à uts:shell, et non plus à uts:init
      2. shell: setns uts:shell net
         EINVAL (Argument invalide)
         L'espace de noms n'est pas du type que demande nstype.
      "
    `);
  });
  test("with --json, as its schema describes", async () => {
    const { out } = await whatIf("--json", "clone user as box; box: setns user:init user; box: open shell/net");
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(WHAT_IF_JSON_SCHEMA);
    expect({ valid: validate(JSON.parse(out)), errors: validate.errors }).toEqual({ valid: true, errors: null });
  });
});

test.each([
  // Since Linux 5.8 setns takes a pidfd.
  ["5.7", "clone net as box; pidfd_open box; setns fd:3 net", "EINVAL"],
  ["5.8", "clone net as box; pidfd_open box; setns fd:3 net", undefined],
  ["ioctl-ns-v1", "ioctl user:init NS_GET_PARENT", "ENOENT"],
  ["ioctl-ns-v3", "ioctl user:init NS_GET_PARENT", "EPERM"],
])("--kernel %s: %s gives %s at last", async (kernel, calls, errno) => {
  const { out } = await whatIf("--json", "--kernel", kernel, calls);
  expect(JSON.parse(out)["what-if"].calls.at(-1).errno).toBe(errno);
});

test("the words of a call may be words of the command line, or one", async () => {
  const one = await whatIf('write uid_map "0 0 1"; unshare user');
  expect(await whatIf("--", "write", "uid_map", '"0 0 1";', "unshare", "user")).toEqual(one);
  expect((await whatIf("setresuid -1 5 -1")).out).toBe((await whatIf("--", "setresuid", "-1", "5", "-1")).out);
});

describe("words that are off are exit 2, with their place and what was meant", () => {
  test.each([
    ["unshare user; ioclt net:shell NS_GET_PARENT", "Did you mean ioctl?"],
    ["ioctl net:init NS_GET_PRENT", "Did you mean NS_GET_PARENT?"],
    ["unshare usr", "Did you mean user?"],
    ["setns net:int", "Did you mean net:init?"],
    ["open shel/net", "Did you mean shell?"],
    ["open shell/nett", "Did you mean net?"],
    ["clone user", "clone [KIND]… as NAME"],
    ["close fd:3 4", "close fd:N"],
    ["setns", "setns FILE [KIND]…"],
    ["exit; getpid", "is not a process of this world at that point"],
    ["init: getpid", "first process"],
    ["clone as shell", "already"],
    ['write uid_map "0 0 1', "has no end"],
    [";", "No call is given"],
  ])("%s", async (calls, said) => {
    const { exit, out, err } = await whatIf(calls);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toContain(said);
  });
  test("shown under the calls", async () => {
    const { err } = await whatIf("unshare user; ioclt net:shell NS_GET_PARENT");
    expect(err).toMatchInlineSnapshot(`
      "nsatlas: "ioclt" is not a call.
        - unshare user; ioclt net:shell NS_GET_PARENT
        -               ^^^^^
        Did you mean ioctl?
      "
    `);
  });
  test.each([
    [["--kernel", "ioctl-ns-v2", "getpid"], "Did you mean ioctl-ns-v"],
    [["--as", "nobody", "getpid"], "no process of that world"],
  ])("%j", async (words, said) => {
    expect(await whatIf(...words)).toMatchObject({ exit: 2, err: expect.stringContaining(said) });
  });
});

test.each([
  ["net:blue of user:red", "FOLDER/world, line 1: net:blue: its owner user:red is drawn nowhere above"],
  ["user:a\n net:b", "FOLDER/world, line 2: net:b cannot be a child of user:a"],
])("the drawing %j is exit 6, with the line", async (drawing, said) => {
  const ran = await inWorld(drawing, "getpid");
  expect(ran).toMatchObject({ exit: 6, out: "", err: expect.stringContaining(said) });
});

describe("of this machine and of a snapshot", () => {
  test("an answer is given, or unknown with exit 3 and the evidence that is missing", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "seen.json");
    expect(await runProgram(["snapshot", "-o", file])).toMatchObject({ exit: 0 });
    const known = await anywhere("--from", file, "--as", "self", "ioctl self/user NS_GET_NSTYPE");
    expect(known).toMatchObject({ exit: 0, out: expect.stringContaining("returns 0x10000000 (CLONE_NEWUSER)") });
    const { out, exit } = await anywhere(
      "--from",
      file,
      "--as=self",
      "--json",
      "dup fd:99; unshare net; chroot /x; getpid",
    );
    const { calls } = JSON.parse(out)["what-if"];
    expect({ exit, calls }).toMatchObject({
      exit: 3,
      calls: [
        { unknown: { what: "descriptor" } },
        { changes: {} },
        { unknown: { what: "mounts" } },
        { unknown: { what: "before", of: "3" } },
      ],
    });
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(WHAT_IF_JSON_SCHEMA);
    expect({ valid: validate(JSON.parse(out)), errors: validate.errors }).toEqual({ valid: true, errors: null });
  });
  test("in French too", async () => {
    const ran = await runProgram(["what-if", "--color=never", "--as", "self", "listns"], {
      columns: 80,
      language: "fr",
    });
    expect(ran).toMatchObject({
      exit: 3,
      out: expect.stringContaining("inconnu, car il peut manquer à un instantané"),
    });
  });
  test("a process that was not seen is exit 2", async () => {
    expect(await anywhere("--as", "nobody", "getpid")).toMatchObject({ exit: 2 });
  });
});

describe("--verify", needs("native", "root", "user-namespaces"), () => {
  test("exits with 0 where the running kernel agrees, with 3 where it was not asked", async () => {
    const { out, exit } = await whatIf("--verify", "--json", "unshare user; setns user:init; exit");
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(WHAT_IF_JSON_SCHEMA);
    expect({ exit, valid: validate(JSON.parse(out)), errors: validate.errors }).toEqual({
      exit: 0,
      valid: true,
      errors: null,
    });
    expect(JSON.parse(out)["what-if"].calls.map((call: { verified: object }) => call.verified)).toEqual([
      { is: "same" },
      { is: "same" },
      { is: "same" },
    ]);
    expect(await whatIf("--verify", "chroot /")).toMatchObject({
      exit: 3,
      out: expect.stringContaining("not verified: it could change this machine"),
    });
  });
  test("is for the running kernel's release", async () => {
    expect(await whatIf("--verify", "--kernel", "5.10", "getpid")).toMatchObject({ exit: 2 });
  });
});
