import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { productFolder } from "../support/product.ts";
import { runOf } from "../support/run.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const CLI = join(productFolder(runOf(process.env)), "dist/cli.cjs");
const PATH = `${dirname(process.execPath)}:/usr/bin:/bin`;
const LOOK = ["sh", "-c", 'grep SigIgn /proc/self/status; ulimit -Sn; tr "\\0" "\\n" </proc/self/environ'];

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
function run(words: readonly string[], env: Record<string, string> = { PATH }): Ended {
  const [program = "", ...rest] = words;
  const done = spawnSync(program, rest, { encoding: "utf8", env, timeout: 20_000 });
  if (done.error !== undefined) throw done.error;
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe("the shell line in front of dist/cli.cjs", needs("native"), () => {
  test("is no part of the program to Node: started by it, everything works, and signals do their default", () => {
    expect(run([process.execPath, CLI, "version"])).toEqual(run([CLI, "version"]));
    const { code, out } = run([process.execPath, CLI, "run", "-r", ...LOOK]);
    expect({ code, signals: out.split("\n")[0] }).toEqual({ code: 0, signals: "SigIgn:\t0000000000000000" });
  });

  test("works through a link, as npm makes one for a program, whatever the link's and the folder's name", () => {
    using folder = temporaryFolder();
    for (const name of ["nsatlas", "a b'c", "enter"]) {
      const link = join(folder.path, name);
      symlinkSync(CLI, link);
      const env = { PATH: `${folder.path}:${PATH}` };
      expect(run(["/bin/sh", "-c", '"$0" version', basename(link)], env)).toMatchObject({ code: 0, err: "" });
      expect(run(["/bin/sh", "-c", '"$0" run -r echo it', basename(link)], env)).toMatchObject({
        out: "it\n",
        err: "",
      });
    }
  });

  test.each([
    ["dash", "HUP", 1],
    ["bash", "HUP", 1],
    // Which bash ignores itself.
    ["bash", "QUIT", 4],
  ])("is read alike by %s, with %s ignored: signals, limit and environment are the caller's", (shell, signal, mask) => {
    const caller = `trap '' ${signal}; ulimit -Sn 99; exec env -i 'B.C=2' PATH='${PATH}' ${shell} '${CLI}' run -r "$@"`;
    const { code, out, err } = run(["/bin/sh", "-c", caller, "sh", ...LOOK]);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: `SigIgn:\t000000000000000${mask}\n99\nB.C=2\nPATH=${PATH}\n`,
      err: "",
    });
  });

  test("goes on without a word where there is no base64, or more environment than a variable holds", () => {
    using folder = temporaryFolder();
    symlinkSync(process.execPath, join(folder.path, "node"));
    const bare = run(["/bin/sh", "-c", `${CLI} run -r /bin/sh -c 'ulimit -Sn; echo $A'`], {
      PATH: folder.path,
      A: "b",
    });
    expect(bare).toMatchObject({ code: 0, err: "" });
    expect(bare.out).toMatch(/^\d+\nb\n$/);
    const large = { PATH, A: "x".repeat(120_000), "B.C": "1" };
    expect(run([CLI, "run", "-r", "sh", "-c", "echo ${#A}"], large)).toEqual({ code: 0, out: "120000\n", err: "" });
  });

  test("says nothing where there is no /proc, as on other systems, and the program starts", needs("root"), () => {
    const script = `umount -l /proc && ! [ -e /proc/self ] && exec '${CLI}' "$@"`;
    const without = (...words: string[]): Ended => run(["unshare", "-m", "/bin/sh", "-c", script, "sh", ...words]);
    expect(without("version")).toEqual(run([CLI, "version"]));
    // The words are there, so the note is taken; what is asked for takes /proc, and says so.
    expect(without("help", "enter")).toMatchObject({ code: 0, err: "" });
    const { code, err } = without("run", "-r", "true");
    expect(code).toBe(1);
    expect(err).toMatch(/^nsatlas: .*\n/);
    expect(err).not.toMatch(/sh:|cannot open|No such file.*status/);
  });

  test("is one line: what Node says of a fault names the lines of the file", () => {
    const [first, second, third = ""] = readFileSync(CLI, "utf8").split("\n");
    expect(first).toBe("#!/bin/sh");
    expect(second).toMatch(/^':' \/\/; .*exec node "\$0" "\$@"$/);
    expect(third).not.toMatch(/nsatlas_/);
  });

  test("is not believed where it is about another process, and never reaches the command", () => {
    const env = { PATH, NSATLAS_CALLER: "1 7 0000000000000000 7fffffffffffffff -012 ." };
    const { code, out } = run([process.execPath, CLI, "run", "-r", ...LOOK], env);
    expect(code).toBe(0);
    expect(out).toMatch(/^SigIgn:\t0000000000000000\n/);
    expect(out).not.toMatch(/NSATLAS_CALLER/);
    expect(run([CLI, "run", "-r", ...LOOK], env).out).not.toMatch(/NSATLAS_CALLER/);
  });
});
