import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { asOrdinaryUser } from "../../support/ordinary-user.ts";
import { needs } from "../../support/needs.ts";
import { NSATLAS } from "./run-beside.ts";

const SCRIPT = join(import.meta.dirname, "terminal.py");
const [CTRL_C, CTRL_Z, CTRL_QUIT, CTRL_D] = ["\u0003", "\u001A", "\u001C", "\u0004"];

/** What is typed, and what has to have come out before. PROG: the program, by a variable of the same length of name. */
type Scenario = readonly (readonly [after: string, keys: string])[];
const say = (status: string): string => `echo "${status} $?"; exit\n`;

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "^C ends the command": [
    ["$ ", "$PROG -r sh -c 'echo here; sleep 60'\n"],
    ["here\r\n", CTRL_C],
    ["$ ", say("status")],
  ],
  "^C ends the command behind the one that waits": [
    ["$ ", "$PROG -rf sh -c 'echo here; sleep 60'\n"],
    ["here\r\n", CTRL_C],
    ["$ ", say("status")],
  ],
  "^C that the command takes for itself": [
    ["$ ", `$PROG -rf sh -c 'trap "echo caught; exit 5" INT; echo here; while :; do sleep 0.1; done'\n`],
    ["here\r\n", CTRL_C],
    ["$ ", say("status")],
  ],
  "^\\ ends it": [
    ["$ ", "ulimit -c 0; $PROG -r sh -c 'echo here; exec sleep 60'\n"],
    ["here\r\n", CTRL_QUIT],
    ["$ ", say("status")],
  ],
  "^Z stops it, and fg has it go on": [
    ["$ ", "$PROG -r sh -c 'echo here; sleep 1; echo on; exit 6'\n"],
    ["here\r\n", CTRL_Z],
    ["$ ", "jobs | grep -c Stopped; fg >/dev/null\n"],
    ["on\r\n", say("status")],
  ],
  "^Z stops it with the one that waits, and fg has both go on": [
    ["$ ", "$PROG -rf sh -c 'echo here; sleep 1; echo on; exit 6'\n"],
    ["here\r\n", CTRL_Z],
    ["$ ", "jobs | grep -c Stopped; fg >/dev/null\n"],
    ["on\r\n", say("status")],
  ],
  "in the background it may not read from the terminal": [
    ["$ ", "$PROG -r cat &\n"],
    ["$ ", "sleep 0.7; jobs | grep -c Stopped; kill -KILL %1; wait %1 2>/dev/null\n"],
    ["$ ", say("status")],
  ],
  "reads lines from the terminal": [
    ["$ ", "$PROG -rf cat\n"],
    ["\r\n", "one\n"],
    ["one\r\none\r\n", CTRL_D],
    ["$ ", say("status")],
  ],
  "the terminal and its size are the same": [
    [
      "$ ",
      "stty rows 33 cols 99; $PROG -rf sh -c 'stty size; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo all; [ -c /dev/tty ] && echo tty; stty -a | md5sum'\n",
    ],
    ["  -", say("status")],
  ],
  "the terminal is left as it was": [
    ["$ ", "$PROG -r stty -echo; stty -a | grep -o '.echo '; stty echo\n"],
    ["echo ", say("status")],
  ],
};

describe(
  "at a terminal, run behaves as unshare does",
  needs("native", "root", "ordinary-user", "package:util-linux", "package:python3-minimal"),
  () => {
    describe.each([
      ["root", {}],
      ["an ordinary user", asOrdinaryUser()],
    ])("as %s", (_, who) => {
      test.each(Object.entries(SCENARIOS))("%s", { timeout: 90_000 }, (_name, scenario) => {
        const session = (program: string): readonly string[] => {
          const { stdout, stderr } = spawnSync("python3", [SCRIPT, JSON.stringify(scenario)], {
            encoding: "utf8",
            cwd: "/",
            env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, LC_ALL: "C.UTF-8", PROG: program },
            timeout: 80_000,
            ...who,
          });
          expect(stderr).toBe("");
          // Job numbers' process ids differ, and where the shell's own words come between is a matter of time.
          return stdout
            .split("\r\n")
            .map((line) => line.replace(/^(\$ )+|\[1\] \d+/g, "").trimEnd())
            .filter((line) => line !== "")
            .toSorted();
        };
        const [theirs, ours] = [session("unshare"), session(`${NSATLAS} run`)];
        expect(ours).toEqual(theirs);
        expect(theirs.filter((line) => /^status \d+$/.test(line))).toHaveLength(1);
      });
    });
  },
);
