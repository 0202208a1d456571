import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { asOrdinaryUser } from "../../support/ordinary-user.ts";
import { ENTER, NSENTER } from "./both.ts";
import { startHolder } from "./holder.ts";

const SETTLES_MS = 400;
const PATIENCE_MS = 10_000;
const [CTRL_C, CTRL_Z] = ["\u0003", "\u001a"];

/** What is typed, and what has to be seen before the next thing is. */
type Talk = readonly (readonly [typed: string, seen: RegExp])[];

/** A shell with job control in a terminal of its own (script(1)); gives what each answer was. */
async function talk(talked: Talk, ordinary: boolean): Promise<readonly string[]> {
  const shell = spawn("script", ["-qefc", "bash --norc --noprofile -i", "/dev/null"], {
    stdio: ["pipe", "pipe", "ignore"],
    cwd: "/",
    env: { ...process.env, TERM: "dumb", LC_ALL: "C", HISTFILE: "" },
    ...(ordinary ? asOrdinaryUser() : {}),
  });
  const ended = new Promise((resolve) => shell.once("close", resolve));
  let seen = "";
  let wake = (): void => {};
  shell.stdout.setEncoding("utf8").on("data", (text: string) => {
    seen += text;
    wake();
  });
  const until = async (what: RegExp): Promise<string> => {
    const limit = Date.now() + PATIENCE_MS;
    for (;;) {
      const match = what.exec(seen);
      if (match !== null) {
        seen = seen.slice(match.index + match[0].length);
        return match[0];
      }
      if (Date.now() > limit) throw new Error(`${what} was not seen in ${JSON.stringify(seen)}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 100);
      });
    }
  };
  try {
    const answers: string[] = [];
    await until(/bash-[\d.]+[$#] /);
    for (const [typed, what] of talked) {
      // The shell says what it will run before that has the terminal.
      if (typed === CTRL_C || typed === CTRL_Z) await sleep(SETTLES_MS);
      shell.stdin.write(typed);
      answers.push((await until(what)).replaceAll("\r", ""));
    }
    return answers;
  } finally {
    shell.stdin.end("exit\n");
    setTimeout(() => shell.kill("SIGKILL"), 500).unref();
    await ended;
  }
}

const VIEWERS = [
  { who: "root", ordinary: false },
  { who: "an ordinary user", ordinary: true },
] as const;
const WAYS = [
  { what: "without a fork", options: ["-U", "-n"] },
  { what: "with a fork", options: ["-U", "-p"] },
] as const;

describe.each(VIEWERS)(
  "in a terminal, as $who",
  needs("root", "ordinary-user", "native", "user-namespaces", "package:util-linux"),
  ({ ordinary }) => {
    test.each(WAYS)(
      "stop, continue, interrupt and what is typed are as with nsenter, $what",
      async ({ options }) => {
        await using holder = await startHolder(["-U", "-r", "-n", "-p"], { ordinary });
        const begin = ["-t", String(holder.pid), "--preserve-credentials", ...options].join(" ");
        const said = async (program: readonly string[]) => {
          const line = `${program.join(" ")} ${begin}`;
          return await talk(
            [
              // What is typed comes back first; an arithmetic result does not stand in it.
              [`${line} sh -c 'test -t 0 -a -t 1 && echo tty$((1+1)); exec sleep 100'\n`, /tty2\r?\n/],
              [CTRL_C, /\^C/],
              ["echo status$?\n", /status\d+/],
              [`${line} sleep 100\n`, /sleep 100/],
              [CTRL_Z, /Stopped/],
              // Where two processes wait for one another, either may stop once more: then the shell has the terminal back.
              ["fg\n", /sleep 100/],
              [CTRL_C, /\^C/],
              [`${line} sh -c 'kill -TERM $$'\n`, /Terminated/],
              ["echo status$?\n", /status\d+\r?\n/],
              [`${line} sh -c 'read -r x; echo got:$x:$((3+4))'\nword\n`, /got:word:7/],
            ],
            ordinary,
          );
        };
        expect(await said(ENTER)).toEqual(await said([NSENTER]));
      },
      6 * PATIENCE_MS,
    );
  },
);
