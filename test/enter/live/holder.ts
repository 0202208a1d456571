import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { asOrdinaryUser } from "../../support/ordinary-user.ts";

/** A process in namespaces of its own, for as long as the block lasts. */
export interface Holder extends AsyncDisposable {
  readonly pid: number;
}

const PATIENCE_MS = 5000;
const POLL_MS = 10;

/** `unshare OPTIONS --fork sleep`: the process that sleeps, once it does. As the ordinary user who runs tests, if asked. */
export async function startHolder(
  options: readonly string[],
  how: {
    readonly ordinary?: boolean;
    /** A process in whose user namespace it is made. */
    readonly within?: number;
  } = {},
): Promise<Holder> {
  const words = [...options, "--fork", "--kill-child", "sleep", "1000"];
  const inside = how.within === undefined ? [] : ["nsenter", "-t", String(how.within), "-U"];
  const [program = "", ...all] = [...inside, "unshare", ...words];
  const outer = spawn(program, all, {
    stdio: "ignore",
    cwd: "/",
    ...(how.ordinary === true ? asOrdinaryUser() : {}),
  });
  const ended = new Promise<void>((resolve) => outer.once("exit", () => resolve()));
  const end = async (): Promise<void> => {
    outer.kill("SIGKILL");
    await ended;
  };
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(POLL_MS)) {
    const pid = Number(readOr0(`/proc/${outer.pid}/task/${outer.pid}/children`).trim().split(" ")[0]);
    if (pid > 0 && readOr0(`/proc/${pid}/comm`) === "sleep\n") return { pid, [Symbol.asyncDispose]: end };
  }
  await end();
  throw new Error(`no holder: unshare ${words.join(" ")}`);
}

function readOr0(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
