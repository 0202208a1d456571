import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { asOrdinaryUser } from "../support/ordinary-user.ts";

const SCRIPT = join(import.meta.dirname, "terminal.py");
const [CTRL_C, CTRL_Z, CTRL_QUIT, CTRL_D] = ["\u0003", "\u001A", "\u001C", "\u0004"];

/**
 * What is typed, and what has to have come out before. $ONE: a program that becomes the command; $TWO: one that waits for it.
 * Each ends by saying the status; the shell is sent away (LEAVING) when that has been read.
 */
type Scenario = readonly (readonly [after: string, keys: string])[];
const say = (status: string): string => `echo "${status} $?"\n`;

/**
 * What a shell wrote last may be lost where it exits at once: the end of a session hangs up its terminal, and the kernel
 * throws away what is still on its way to the reader (tty_ldisc_hangup calls pty_flush_buffer).
 */
const LEAVING: Scenario = [["\r\nstatus ", "exit\n"]];

/** Where two processes wait for one another, either may stop once more: then the shell has the terminal back. */
const FOREGROUND =
  "jobs | grep -c Stopped; fg >/dev/null; s=$?; while jobs | grep -q Stopped; do fg >/dev/null; s=$?; done; (exit $s)\n";

/** At an interactive bash on a terminal of its own. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "^C ends the command": [
    ["$ ", "$ONE sh -c 'echo here; sleep 60'\n"],
    ["here\r\n", CTRL_C],
    ["$ ", say("status")],
  ],
  "^C ends the command behind the one that waits": [
    ["$ ", "$TWO sh -c 'echo here; sleep 60'\n"],
    ["here\r\n", CTRL_C],
    ["$ ", say("status")],
  ],
  "^C that the command takes for itself": [
    ["$ ", `$TWO sh -c 'trap "echo caught; exit 5" INT; echo here; while :; do sleep 0.1; done'\n`],
    ["here\r\n", CTRL_C],
    ["$ ", say("status")],
  ],
  "^\\ ends it": [
    ["$ ", "ulimit -c 0; $ONE sh -c 'echo here; exec sleep 60'\n"],
    ["here\r\n", CTRL_QUIT],
    ["$ ", say("status")],
  ],
  "^Z stops it, and fg has it go on": [
    ["$ ", "$ONE sh -c 'echo here; read -r x; echo $x on; exit 6'\n"],
    ["here\r\n", CTRL_Z],
    ["$ ", FOREGROUND],
    ["1\r\n", "go\n"],
    ["go on\r\n", say("status")],
  ],
  "^Z stops it with the one that waits, and fg has both go on": [
    ["$ ", "$TWO sh -c 'echo here; read -r x; echo $x on; exit 6'\n"],
    ["here\r\n", CTRL_Z],
    ["$ ", FOREGROUND],
    ["1\r\n", "go\n"],
    ["go on\r\n", say("status")],
  ],
  "in the background it may not read from the terminal": [
    ["$ ", "$ONE cat &\n"],
    ["$ ", "until jobs | grep -q Stopped; do sleep 0.1; done; kill -KILL %1; wait %1 2>/dev/null; echo do''ne\n"],
    ["done\r\n", say("status")],
  ],
  "reads lines from the terminal, and its end": [
    ["$ ", "$TWO cat\n"],
    ["\r\n", "one\n"],
    ["one\r\none\r\n", CTRL_D],
    ["$ ", say("status")],
  ],
  "dies by a signal of its own": [
    ["$ ", "$ONE sh -c 'kill -TERM $$'\n"],
    ["$ ", say("status")],
  ],
  "the terminal and its size are the same": [
    [
      "$ ",
      "stty rows 33 cols 99; $TWO sh -c 'stty size; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo all; [ -c /dev/tty ] && echo tty; stty -a | md5sum'\n",
    ],
    ["  -", say("status")],
  ],
  "the terminal is left as it was": [
    ["$ ", "$ONE stty -echo; stty -a | grep -o '.echo '; stty echo; echo do''ne\n"],
    ["done\r\n", say("status")],
  ],
};

/** What comes out of a scenario, line by line and sorted: where the shell's own words come between is a matter of time. */
export async function played(
  scenario: Scenario,
  { one, two, ordinary }: { readonly one: string; readonly two: string; readonly ordinary: boolean },
): Promise<readonly string[]> {
  const python = spawn("python3", [SCRIPT, JSON.stringify([...scenario, ...LEAVING])], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: "/",
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, LC_ALL: "C.UTF-8", ONE: one, TWO: two },
    timeout: 80_000,
    ...(ordinary ? asOrdinaryUser() : {}),
  });
  const [out] = await Promise.all([text(python.stdout), once(python, "close")]);
  return (
    out
      .split("\r\n")
      // A key's echo may stand in front of what comes next; process ids differ, and what the shell says of a job comes when it likes.
      .map((line) =>
        line
          .replace(/\^[CZD\\]/, "")
          .replace(/^(\$ )+|\[1\] \d+/g, "")
          .trimEnd(),
      )
      .filter((line) => line !== "" && line !== "exit" && !/^\[1\][-+]/.test(line))
      .toSorted()
  );
}
