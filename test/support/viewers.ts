import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe } from "vitest";
import { needs } from "./needs.ts";
import { asOrdinaryUser } from "./ordinary-user.ts";
import { productFolder } from "./product.ts";
import { RUN_VARIABLE, runOf } from "./run.ts";

/** What came of a program. */
export interface Ran {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Added to the environment, which is otherwise the same on every machine; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** The program is killed then, and the test sees its signal. */
  readonly timeoutMs?: number;
}

/** Somebody who runs the built programs. */
export interface Viewer {
  readonly name: string;
  /** Options for a test or describe: whether this machine lets us be that one. */
  readonly needs: ReturnType<typeof needs>;
  /** Any program. */
  run(program: string, words: readonly string[], options?: RunOptions): Promise<Ran>;
  /** `nsatlas WORDS…` */
  nsatlas(words: readonly string[], options?: RunOptions): Promise<Ran>;
  /** `ns_show WORDS…` */
  nsShow(words: readonly string[], options?: RunOptions): Promise<Ran>;
}

const TIMEOUT_MS = 50_000;

/** The copy of the product that everybody may read; what it uses of other packages must be inside. */
export const PRODUCT = productFolder(runOf(process.env));
/** Its programs. */
export const PROGRAMS = { nsatlas: join(PRODUCT, "dist/cli.cjs"), nsShow: join(PRODUCT, "dist/ns_show.js") } as const;

/** Whoever runs the tests. */
export const self: Viewer = viewer("whoever runs the tests", {}, {});
export const ordinaryUser: Viewer = viewer("an ordinary user", needs("ordinary-user"), asOrdinaryUser());
export const root: Viewer = viewer("root", needs("root"), {});

/** The same tests for root and for an ordinary user; the one we cannot be here is skipped, with the reason. */
export function describeAsEachViewer(name: string, tests: (viewer: Viewer) => void): void {
  for (const who of [root, ordinaryUser]) {
    describe(`${name}, as ${who.name}`, who.needs, () => {
      tests(who);
    });
  }
}

type Credentials = ReturnType<typeof asOrdinaryUser>;

function viewer(name: string, options: ReturnType<typeof needs>, credentials: Credentials): Viewer {
  const run: Viewer["run"] = (program, words, more = {}) => runAs(credentials, [program, ...words], more);
  return {
    name,
    needs: options,
    run,
    nsatlas: (words, more) => run(process.execPath, [PROGRAMS.nsatlas, ...words], more),
    nsShow: (words, more) => run(process.execPath, [PROGRAMS.nsShow, ...words], more),
  };
}

async function runAs(credentials: Credentials, [program = "", ...words]: string[], options: RunOptions): Promise<Ran> {
  const child = spawn(program, words, {
    ...credentials,
    cwd: options.cwd ?? "/",
    env: { ...environment(), ...options.env },
    timeout: options.timeoutMs ?? TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  // A program that ends before it has read everything closes the pipe; what it says about that is in its output.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const ended = new Promise<Pick<Ran, "code" | "signal">>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  const [{ code, signal }, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, signal, stdout, stderr };
}

/** English, no colours, and nothing of the developer's own settings. */
function environment(): Record<string, string> {
  const { PATH = "/usr/bin:/bin", [RUN_VARIABLE]: run = "" } = process.env;
  return { PATH, LC_ALL: "C", HOME: "/nonexistent", [RUN_VARIABLE]: run };
}
