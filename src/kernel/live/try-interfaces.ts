import { spawnSync } from "node:child_process";
import { errnoName } from "../../abi/errnos.ts";
import { INTERFACE_NAMES, isInterface } from "../../abi/interfaces.ts";
import type { Tried } from "../tried.ts";

/** Each try takes microseconds. */
const LIMIT_MS = 5000;

/**
 * Tries every interface, in throw-away processes of the holder program at `path`: where a filter ends one for a call, the
 * next goes on behind that call. What no process could be started for is untried.
 */
export function tryInterfaces(path: string): readonly Tried[] {
  const tried: Tried[] = [];
  while (tried.length < INTERFACE_NAMES.length) {
    const { stdout } = spawnSync(path, ["try", String(tried.length)], {
      encoding: "latin1",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    });
    const answers = answersOf(stdout ?? "");
    if (answers.length === 0) break;
    tried.push(...answers);
  }
  return [...tried, ...INTERFACE_NAMES.slice(tried.length).map((name) => ({ name, came: "untried" }) as const)];
}

/** `NAME 0`, `NAME -ERRNO`, `NAME ? -ERRNO`; `NAME` alone, in the end, where the process came to its own. */
const ANSWER = /^(\S+) (?:(\? )?-?(\d+))?$/;

function answersOf(text: string): Tried[] {
  return text.split("\n").flatMap((line): Tried[] => {
    const [, name = "", untried, digits] = ANSWER.exec(line) ?? [];
    if (!isInterface(name)) return [];
    if (digits === undefined) return [{ name, came: "killed" }];
    const number = Number(digits);
    if (untried !== undefined) return [{ name, came: "untried", errno: errnoName(number) }];
    return [number === 0 ? { name, came: "result" } : { name, came: "errno", errno: errnoName(number) }];
  });
}
