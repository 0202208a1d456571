import { readFileSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { OwnedFd } from "./fd.ts";
import type { Native } from "./native.ts";
import { nativeFile } from "./native-files.ts";

type Maker = Pick<Native, "sealedMemory" | "openat">;

/** The launcher program built for this machine; undefined: nobody knows where it would be. */
export const launcherPath = (): string | undefined => nativeFile("launcher");

/**
 * The launcher as a file in memory that nobody can change: a container that gets hold of the running program (by a script
 * whose interpreter is /proc/self/exe, as in CVE-2019-5736) then has a copy, not the file that root runs next time.
 * Where the kernel forbids programs in memory, the file itself. ENOENT: it is not built. The caller owns the descriptor.
 */
export function openLauncher(native: Maker, path: string | undefined = launcherPath()): Outcome<OwnedFd> {
  if (path === undefined) return refused("ENOENT");
  const content = readProgram(path);
  if (!content.ok) return content;
  const copy = native.sealedMemory(content.value, 1);
  const fd = copy < 0 ? native.openat(CONSTANTS.AT_FDCWD, path, CONSTANTS.O_PATH) : copy;
  return fd < 0 ? refused(errnoName(-fd)) : ok(new OwnedFd(fd));
}

/** A plan as the launcher takes it. The caller owns the descriptor, which is close-on-exec. */
export function openPlan(native: Maker, plan: Uint8Array): Outcome<OwnedFd> {
  const fd = native.sealedMemory(plan, 0);
  return fd < 0 ? refused(errnoName(-fd)) : ok(new OwnedFd(fd));
}

export interface Becoming {
  /** Encoded. */
  readonly plan: Uint8Array;
  /** The descriptors that the plan names. */
  readonly descriptors: readonly number[];
  /** What ps(1) shows of the launcher, while there is one. */
  readonly shown: readonly Uint8Array[];
  /** The environment, `NAME=VALUE` each. */
  readonly environment: readonly Uint8Array[];
}

/**
 * This process becomes the launcher, which carries out the plan and becomes the command: same pid, parent, terminal.
 * No `finally`, exit handler or `using` runs any more, and other threads end. Returns only where it was refused.
 */
export function becomeLauncher(
  native: Maker & Pick<Native, "become">,
  { plan, descriptors, shown, environment }: Becoming,
): Outcome<never> {
  const program = openLauncher(native);
  if (!program.ok) return program;
  using launcher = program.value;
  const memory = openPlan(native, plan);
  if (!memory.ok) return memory;
  using planFd = memory.value;
  const words = ["nsatlas", `${planFd.raw}`].map((word) => Buffer.from(word));
  const kept = Int32Array.of(planFd.raw, ...descriptors);
  const result = native.become(launcher.raw, kept, ended([...words, ...shown]), ended(environment));
  return refused(errnoName(-result));
}

const NUL = Buffer.alloc(1);
/** Each text ended by NUL; none at all: one empty text. */
const ended = (texts: readonly Uint8Array[]): Uint8Array =>
  texts.length === 0 ? NUL : Buffer.concat(texts.flatMap((text) => [text, NUL]));

function readProgram(path: string): Outcome<Uint8Array> {
  try {
    return ok(readFileSync(path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return refused(code === "EACCES" ? "EACCES" : "ENOENT");
  }
}
