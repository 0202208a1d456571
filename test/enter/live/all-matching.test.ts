import { spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { ENTER_ALL_JSON_SCHEMA } from "../../../src/cli/enter/schema.ts";
import { labelled } from "../../../src/cli/enter/labelled.ts";
import { needs } from "../../support/needs.ts";
import { ENTER, run } from "./both.ts";
import { startHolder, type Holder } from "./holder.ts";

interface Said {
  readonly ran: number;
  readonly failed: number;
  readonly results: readonly {
    readonly namespace: { readonly id: string };
    readonly exit: number | null;
    readonly signal: string | null;
    readonly stdout: string;
    readonly stderr: string;
    readonly error: { readonly code: string } | null;
  }[];
}

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(ENTER_ALL_JSON_SCHEMA);
function read(text: string): Said {
  const said: unknown = JSON.parse(text);
  expect({ valid: validate(said), errors: validate.errors }).toEqual({ valid: true, errors: null });
  return said as Said;
}

const linkOf = ({ pid }: Holder, kind = "net"): string => readlinkSync(`/proc/${pid}/ns/${kind}`);
const inodeOf = (link: string): string => link.replaceAll(/\D/g, "");
const either = (...links: readonly string[]): string => links.map((link) => `NS == ${inodeOf(link)}`).join(" or ");

test("whole lines have the label, in however many pieces they come", () => {
  let text = "";
  const lines = labelled({ isTerminal: false, columns: undefined, write: (one) => void (text += one) }, "L");
  for (const piece of ["a", "b\nc\n", "\nd", "e\nf", "", "g"]) lines.write(piece);
  expect(text).toBe("L ab\nL c\nL \nL de\n");
  lines.end();
  lines.end();
  expect(text).toBe("L ab\nL c\nL \nL de\nL fg\n");
});

describe("one command in many namespaces", needs("root", "native", "package:util-linux"), () => {
  test("what each prints has its namespace in front, and 0 is told where all gave 0", async () => {
    await using one = await startHolder(["-n"]);
    await using other = await startHolder(["-n"]);
    const links = [linkOf(one), linkOf(other)];
    const done = run(ENTER, ["--all-matching", either(...links), "sh", "-c", "readlink /proc/self/ns/net; printf end"]);
    expect({ ...done, out: done.out.split("\n").toSorted() }).toEqual({
      code: 0,
      signal: null,
      err: "",
      out: ["", ...links.flatMap((link) => [`${link} ${link}`, `${link} end`])].toSorted(),
    });
  });

  test("one that fails does not stop the others; it is told which, how, and the exit code is 1", async () => {
    await using one = await startHolder(["-n"]);
    await using other = await startHolder(["-n"]);
    const [first, second] = [linkOf(one), linkOf(other)];
    const fails = `test $(readlink /proc/self/ns/net) = '${second}' || exit 7; echo here`;
    const { code, out, err } = run(ENTER, ["--all-matching", either(first, second), "sh", "-c", fails]);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: `${second} here\n`,
      err: `${first} ended with exit status 7.\nnsatlas: 2 namespaces, 1 with another exit status than 0.\n`,
    });
    const killed = run(ENTER, ["--all-matching", either(first), "sh", "-c", "kill -KILL $$"]);
    expect({ code: killed.code, err: killed.err.split("\n")[0] }).toEqual({
      code: 1,
      err: `${first} was ended by SIGKILL.`,
    });
  });

  test("--json: one document with what each wrote and how it ended, as its schema has it", async () => {
    await using one = await startHolder(["-n"]);
    await using other = await startHolder(["-n"]);
    const [first, second] = [linkOf(one), linkOf(other)];
    const fails = `echo out; echo err >&2; test $(readlink /proc/self/ns/net) = '${second}'`;
    const { code, out, err } = run(ENTER, ["--json", "--all-matching", either(first, second), "sh", "-c", fails]);
    const { ran, failed, results } = read(out);
    expect({ code, err, ran, failed }).toEqual({ code: 1, err: "", ran: 2, failed: 1 });
    const shared = { signal: null, stdout: "out\n", stderr: "err\n", error: null };
    const byInode = new Map(results.map(({ namespace, ...rest }) => [namespace.id.split("/")[1], rest]));
    expect(byInode.get(inodeOf(first))).toEqual({ exit: 1, ...shared });
    expect(byInode.get(inodeOf(second))).toEqual({ exit: 0, ...shared });
  });

  test("--json: what keeps the command from running is told as a failure", async () => {
    await using one = await startHolder(["-n"]);
    const { code, out, err } = run(ENTER, ["--json", "--all-matching", either(linkOf(one)), "no-such-command"]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(read(out).results[0]).toMatchObject({
      exit: 127,
      stdout: "",
      stderr: "",
      error: { code: "ENOENT", syscall: "execve", subject: "no-such-command" },
    });
  });

  test("the command has the caller's variables and words byte by byte, and nothing that nsatlas or a shell added", async () => {
    await using one = await startHolder(["-n"]);
    const path = `PATH=${process.env["PATH"] ?? ""}`;
    const odd = ["a name=1", "BASH_FUNC_f%%=() { :; }", "PWD=/wrong"];
    const given = ["/usr/bin/env", "-i", path, ...odd, ...ENTER, "--all-matching", either(linkOf(one))];
    const { out } = run(given, ["env"]);
    const label = linkOf(one);
    expect(out.trimEnd().split("\n").toSorted()).toEqual([path, ...odd].map((line) => `${label} ${line}`).toSorted());
    // A byte that is no UTF-8, which only a shell can give here.
    const bytes = ["sh", "-c", 'printf %s "$1" | od -An -tx1', "sh"];
    const shell = ["sh", "-c", `exec "$@" "$(printf 'a\\377')"`, "sh"];
    expect(run([...shell, ...ENTER], ["--all-matching", either(label), ...bytes]).out).toBe(`${label}  61 ff\n`);
  });

  test("no namespace that passes is a mistake; --dry-run does not go with it", () => {
    expect(run(ENTER, ["--all-matching", "NS == 1", "true"])).toMatchObject({ code: 1, out: "" });
    expect(run(ENTER, ["--all-matching", "NS == 1", "--dry-run", "true"])).toMatchObject({ code: 1, out: "" });
    expect(run(ENTER, ["--all-matching", "NS ==", "true"]).err).toContain("character 6");
  });

  test("a reader that has gone ends it without a word, and the command too", async () => {
    await using one = await startHolder(["-n"]);
    const line = `"$@" | head -n 1`;
    const words = ["sh", "-c", line, "sh", ...ENTER, "--all-matching", either(linkOf(one)), "yes"];
    const { code, out, err } = run(words, []);
    expect({ code, out, err }).toEqual({ code: 0, out: `${linkOf(one)} y\n`, err: "" });
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "%s ends the command, and nsatlas by the same",
    async (signal) => {
      await using one = await startHolder(["-n"]);
      await using other = await startHolder(["-n"]);
      const [program = "", ...rest] = ENTER;
      const words = [
        ...rest,
        "--all-matching",
        either(linkOf(one), linkOf(other)),
        "sh",
        "-c",
        "echo $$; exec sleep 60",
      ];
      const child = spawn(program, words, { stdio: ["ignore", "pipe", "ignore"] });
      let out = "";
      for await (const text of child.stdout.setEncoding("utf8")) {
        out += String(text);
        if (out.includes("\n")) break;
      }
      const ended = once(child, "close");
      child.kill(signal);
      expect(await ended).toEqual([null, signal]);
      const pid = Number(out.trim().split(" ")[1]);
      expect(pid).toBeGreaterThan(1);
      expect(() => process.kill(pid, 0)).toThrow("ESRCH");
      expect(out.split("\n")).toHaveLength(2);
    },
  );
});

describe("in many, as an ordinary user", needs("root", "ordinary-user", "native", "user-namespaces"), () => {
  test("those that may not be entered are told by call, errno and reason; the rest runs", async () => {
    await using roots = await startHolder(["-n"]);
    await using own = await startHolder(["-U", "-r", "-n"], { ordinary: true });
    const [no, yes] = [linkOf(roots), linkOf(own)];
    const words = [
      "--ns",
      `${own.pid}/user`,
      "--preserve-credentials",
      "--all-matching",
      either(yes),
      "readlink",
      "/proc/self/ns/net",
    ];
    expect(run(ENTER, words, { ordinary: true })).toEqual({ code: 0, signal: null, err: "", out: `${yes} ${yes}\n` });
    // Root's own namespaces are not to be seen from there but for the viewer's: the net namespace of the caller.
    const mine = readlinkSync("/proc/self/ns/net");
    expect(no).not.toBe(mine);
    const { code, out, err } = run(
      ENTER,
      [
        "--ns",
        `${own.pid}/user`,
        "--preserve-credentials",
        "--json",
        "--all-matching",
        either(yes, mine),
        "readlink",
        "/proc/self/ns/net",
      ],
      { ordinary: true },
    );
    expect({ code, err }).toEqual({ code: 1, err: "" });
    const { results } = read(out);
    const byInode = new Map(results.map(({ namespace, ...rest }) => [namespace.id.split("/")[1], rest]));
    expect(byInode.get(inodeOf(yes))).toMatchObject({ exit: 0, stdout: `${yes}\n`, error: null });
    expect(byInode.get(inodeOf(mine))).toMatchObject({
      exit: 1,
      stdout: "",
      error: { code: "EPERM", syscall: "setns CLONE_NEWNET", subject: mine },
    });
  });
});
