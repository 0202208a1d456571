import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Offer } from "../../src/cli/completion/candidates.ts";
import { complete } from "../../src/cli/completion/complete.ts";
import { SHELLS } from "../../src/cli/completion/scripts.ts";
import { thisMachine } from "../../src/cli/completion/this-machine.ts";
import type { Machine } from "../../src/cli/completion/values-of.ts";
import { loadCommand } from "../../src/cli/commands.ts";
import { VISIBLE_COMMANDS } from "../../src/cli/summaries.ts";
import { needs } from "../support/needs.ts";
import { productFolder } from "../support/product.ts";
import { runOf } from "../support/run.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const MACHINE: Machine = {
  processes: () => [
    { pid: 1, comm: "init" },
    { pid: 4711, comm: "dnsmasq" },
  ],
  networkNames: () => ["blue", "green"],
  inodes: (kind) => (kind === "net" ? [{ inode: "4026531833", comm: "1 init" }] : []),
  operations: () => [{ word: "sethostname" }],
  schemas: () => ["snapshot"],
};

const offered = (...words: readonly string[]): Promise<Offer> =>
  complete(words, { load: loadCommand, machine: MACHINE });
const words = async (...typed: readonly string[]): Promise<readonly string[]> =>
  (await offered(...typed)).candidates.map(({ word }) => word);

describe("completion offers", () => {
  test("every command, with what it does", async () => {
    const { candidates } = await offered("");
    expect(candidates.map(({ word, about }) => [word, about])).toEqual(VISIBLE_COMMANDS);
    expect(await words("wh")).toEqual(["why", "who", "what-if"]);
  });

  test("options of the command, those of the usual one where none is named, and none twice", async () => {
    expect(await words("--dep")).toEqual(["--depth"]);
    expect(await words("list", "--no")).toEqual(expect.arrayContaining(["--noheadings", "--notruncate", "--nowrap"]));
    expect(await words("list", "--raw", "--ra")).toEqual([]);
    expect(await words("list", "-t", "net", "--ty")).toEqual(["--type"]);
    expect(await words("run", "--load")).toEqual(["--load-interp"]);
  });

  test("values of options, attached or not, also the next of a list", async () => {
    expect(await words("tree", "--format", "m")).toEqual(["mermaid"]);
    expect(await words("tree", "--format=m")).toEqual(["--format=mermaid"]);
    expect(await words("list", "-t", "n")).toEqual(["net"]);
    expect(await words("list", "-t", "net,u")).toEqual(["net,user", "net,uts"]);
    expect(await words("list", "-o", "NS,HOST")).toEqual(["NS,HOSTNAME"]);
    expect(await words("show", "--get", "own")).toEqual(["owner", "owner-uid"]);
  });

  test("namespaces step by step: processes and kinds, then links, names and inodes", async () => {
    const { candidates, open } = await offered("why", "");
    expect(open).toBe(true);
    expect(candidates.map(({ word }) => word)).toEqual(expect.arrayContaining(["self/", "net:", "4711/"]));
    expect(await words("why", "4711/pid")).toEqual(["4711/pid", "4711/pid_for_children"]);
    expect(await words("why", "net:")).toEqual(["net:blue", "net:green", "net:[4026531833]"]);
    expect(await words("enter", "--ns", "net:b")).toEqual(["net:blue"]);
    expect(await offered("why", "/run/")).toEqual({ candidates: [], shell: "files" });
    expect(await offered("why", "net:/run/")).toEqual({ candidates: [], shell: "files" });
  });

  test("each operand in its turn", async () => {
    expect(await words("caps", "47")).toEqual(["4711"]);
    expect(await words("can", "self", "seth")).toEqual(["sethostname"]);
    expect(await words("who", "net_a")).toEqual(["net_admin"]);
    expect(await words("ids", "tr")).toEqual(["translate"]);
    expect(await words("schema", "s")).toEqual(["snapshot"]);
    expect(await words("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await words("help", "rea")).toEqual(["reach"]);
    expect(await words("why", "net:blue", "")).toEqual([]);
  });

  test("programs where a program is to be run, and its own words behind it", async () => {
    expect(await offered("enter", "-t", "1", "ls", "--")).toEqual({ candidates: [], shell: "command" });
    expect(await offered("run", "-U", "l")).toEqual({ candidates: [], shell: "command" });
  });

  test("nothing, and no error, for whatever else", async () => {
    expect(await words("no-such-command", "")).toEqual([]);
    expect(await words("tree", "--no-such-option=")).toEqual([]);
  });

  test("what there is on this machine", () => {
    const machine = thisMachine();
    expect(machine.processes()).toContainEqual({
      pid: process.pid,
      comm: readFileSync("/proc/self/comm", "utf8").trimEnd(),
    });
    expect(machine.inodes("net").length).toBeGreaterThan(0);
    expect(thisMachine("/nowhere", "/nowhere").processes()).toEqual([]);
  });
});

/** What a shell itself makes of a line that is being typed. */
function inShell(shell: string, line: string): string[] {
  const program = join(productFolder(runOf(process.env)), "dist/cli.cjs");
  const setUp = `nsatlas() { '${process.execPath}' '${program}' "$@"; }; source <(nsatlas completion ${shell})`;
  const script = {
    bash: `${setUp}
      COMP_LINE=$1 COMP_POINT=\${#1}; read -ra COMP_WORDS <<< "\${1//:/ : }"; [[ $1 == *' ' ]] && COMP_WORDS+=('')
      COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); compopt() { :; }
      _nsatlas; printf '%s\\n' "\${COMPREPLY[@]}"`,
    // What zsh would put on the screen.
    zsh: `${setUp}
      _describe() { print -rl -- "\${(@P)4}" }
      words=(\${(z)1}) CURRENT=\${#words}; _nsatlas`,
    fish: `function nsatlas; '${process.execPath}' '${program}' $argv; end; nsatlas completion fish | source; complete -C $argv[1]`,
  }[shell];
  const { stdout, stderr } = spawnSync(shell, ["-c", script ?? "", ...(shell === "fish" ? [] : [shell]), line], {
    encoding: "utf8",
    timeout: 40_000,
  });
  expect(stderr).toBe("");
  return stdout.split("\n").filter(Boolean);
}

describe("in a shell", () => {
  test("bash offers what nsatlas says, behind a colon only the rest", () => {
    expect(inShell("bash", "nsatlas sch")).toEqual(["schema"]);
    expect(inShell("bash", "nsatlas list --no")).toEqual(expect.arrayContaining(["--noheadings"]));
    expect(inShell("bash", "nsatlas why self/ne")).toEqual(["self/net"]);
    const [rest = ""] = inShell("bash", "nsatlas why user:");
    expect(rest).toMatch(/^\[\d+\]$/);
  });

  test("fish does", needs("package:fish"), () => {
    expect(inShell("fish", "nsatlas sch").map((line) => line.split("\t")[0])).toEqual(["schema"]);
  });

  test("zsh does", needs("package:zsh"), () => {
    expect(inShell("zsh", "nsatlas sch").map((line) => line.split(":")[0])).toEqual(["schema"]);
  });

  test.each(SHELLS)("the script of %s is one that it can read", (shell) => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(productFolder(runOf(process.env)), "dist/cli.cjs"), "completion", shell],
      {
        encoding: "utf8",
      },
    );
    expect([status, stdout.length > 100]).toEqual([0, true]);
    using folder = temporaryFolder();
    const file = join(folder.path, "script");
    writeFileSync(file, stdout);
    const read = spawnSync(shell, ["-n", file], { encoding: "utf8" });
    if (read.error === undefined) expect([read.status, read.stderr]).toEqual([0, ""]);
  });
});
