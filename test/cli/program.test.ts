import { describe, expect, test } from "vitest";
import { runProgram } from "./run-program.ts";

describe("words that are off", () => {
  test.each([
    ["an unknown command", "lsit", "list"],
    ["an unknown command that is a namespace", "net:[4026531833]", "nsatlas show net:[4026531833]"],
    ["an unknown long option", "tree --zzz", '"nsatlas help tree"'],
    ["a misspelt long option", "tree --dpeth 2", "--depth"],
    ["an option of another command", "snapshot --notruncate", '"nsatlas help snapshot"'],
    ["an unknown letter", "list -x", '"nsatlas help list"'],
    ["an ambiguous beginning", "list --no", "--noheadings, --notruncate, --nowrap"],
    ["a value that is missing", "list -o", "LIST"],
    ["a value where none is taken", "list --raw=1", "--raw takes no value"],
    ["an option given twice", "tree --depth 1 --depth 2", "first as --depth 1"],
    ["a number that is none", "tree --depth x", "a whole number"],
    ["a number out of range", "list -p 4194305", "from 1 to 4194304"],
    ["a kind that is none", "list -t nett", "net?"],
    ["a kind of several that is none", "list -t net,utz", "uts?"],
    ["a column that is none", "list -o NS,COMAND", "COMMAND?"],
    ["no column at all", "list -o ,", "One of"],
    ["a field that is none", "show self/net --get inode", "ino"],
    ["a tree that is none", "list -Towners", "owner?"],
    ["a colour that is none", "tree --color=allways", "always?"],
    ["a format that is none", "tree --format=jsno", "json?"],
    ["options that exclude each other", "list -J -r", "-J and -r exclude each other"],
    ["options that exclude each other, spelt out", "list --json --raw", "--json and --raw"],
    ["a snapshot and a /proc", "tree --from x --proc /proc", "--proc and --from"],
    ["json and another format", "tree --json --format tree", "--json and --format tree"],
    ["an operand too many", "tree x", '"x"'],
    ["an operand missing", "show", "show needs REF"],
    ["an option missing", "snapshot", "snapshot needs the option -o FILE"],
    ["an unknown topic", "help shwo", "show?"],
    ["an unknown schema", "schema snapshoot", "snapshot?"],
  ])("%s: exit 2, with a way out", async (_, line, says) => {
    const { exit, out, err } = await runProgram(line.split(" "));
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toMatch(/^(nsatlas: |\{"error":)/);
    expect(err.replaceAll(/\n +/g, " ")).toContain(says);
  });

  test("tell themselves as JSON where --json is among them", async () => {
    const { exit, err } = await runProgram(["list", "--bogus", "--json"]);
    expect(exit).toBe(2);
    expect(JSON.parse(err)).toEqual({
      error: {
        code: "USAGE",
        syscall: null,
        subject: null,
        reason: "list has no option --bogus.",
        hint: '"nsatlas help list" lists what there is.',
      },
    });
  });
  test.each([["-J"], ["--format=json"], ["--js"]])("or %s", async (word) => {
    expect(JSON.parse((await runProgram(["list", word, "--bogus"])).err)).toHaveProperty("error.code", "USAGE");
  });
  test("or before the command", async () => {
    expect(JSON.parse((await runProgram(["--json", "lsit"])).err)).toHaveProperty("error.code", "USAGE");
  });
  test("are answered in French where the environment says so", async () => {
    const { err } = await runProgram(["list", "--outptu"], { language: "fr" });
    expect(err).toBe("nsatlas: list n'a pas d'option --outptu.\n  Vouliez-vous dire --output ?\n");
  });
  test("are shown safely and shortened", async () => {
    const { exit, err } = await runProgram([`\u001b[31m\n${"x".repeat(5000)}`]);
    expect(exit).toBe(2);
    expect(err).not.toContain("\u001b");
    expect(err.length).toBeLessThan(400);
  });
});

describe("help and version", () => {
  test.each([
    ["list --help", "help list"],
    ["list -h --bogus", "help list"],
    ["--help tree", "help tree"],
    ["help help", "help --help"],
    ["--help", "help"],
    ["-h", "help"],
  ])("%s is %s", async (one, other) => {
    const [left, right] = await Promise.all([runProgram(one.split(" ")), runProgram(other.split(" "))]);
    expect(left).toEqual(right);
    expect(left.exit).toBe(0);
    expect(left.out).toMatch(/^Usage: nsatlas/);
  });
  test.each([["--version"], ["-V"], ["version"], ["list --version"], ["list -V --bogus"]])("%s", async (line) => {
    expect(await runProgram(line.split(" "))).toEqual({ exit: 0, out: "nsatlas 0.1.0\n", err: "" });
  });
  test.each([["--version --json"], ["version --json"], ["--json -V"], ["list --json -V"]])("%s", async (line) => {
    const { out } = await runProgram(line.split(" "));
    expect(JSON.parse(out)).toEqual({ name: "nsatlas", version: "0.1.0" });
  });
});

test("a bug is one line and exit 70, with the stack only under NSATLAS_DEBUG=1", async () => {
  const observer = new Proxy({} as never, {
    get() {
      throw new TypeError("boom\u001b[31m");
    },
  });
  const quiet = await runProgram(["tree"], { observer });
  expect(quiet).toEqual({
    exit: 70,
    out: "",
    err:
      "nsatlas: this is a bug in nsatlas: TypeError: boom\\x1b[31m\n" +
      "  NSATLAS_DEBUG=1 shows where it happened; please report it with that.\n",
  });
  const loud = await runProgram(["tree"], { observer, env: { NSATLAS_DEBUG: "1" } });
  expect(loud.exit).toBe(70);
  expect(loud.err).toContain("program.test.ts");
});
