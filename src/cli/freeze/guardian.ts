import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { OwnedFd } from "../../kernel/live/fd.ts";
import type { Native } from "../../kernel/live/native.ts";
import { errnoName } from "../../abi/errnos.ts";
import { CONSTANTS } from "../../abi/constants.ts";
import { SHELL } from "../../restore/come-to-rest.ts";

/**
 * Reads what was stopped, and waits: told that it is done it ends; at the end of the pipe, when whoever wrote is no more, it has
 * everything go on.
 */
const SCRIPT = `pids= folder=
while read -r what which; do
  case $what in
    pid) pids="$pids $which" ;;
    folder) folder=$which ;;
    done) exit ;;
  esac
done
[ -z "$folder" ] || echo 0 > "$folder/cgroup.freeze"
for pid in $pids; do kill -CONT "$pid"; done`;

/** Somebody who has processes go on should we be killed: a shell in a session of its own, out of reach of a terminal's signals. */
export class Guardian implements Disposable {
  readonly #in: OwnedFd;

  /** Error: no pipe. */
  constructor(native: Pick<Native, "pipe2">) {
    const ends = new Int32Array(2);
    const made = native.pipe2(ends, CONSTANTS.O_CLOEXEC);
    if (made < 0) throw new Error(`pipe2: ${errnoName(-made)}`);
    using out = new OwnedFd(ends[0] ?? -1);
    this.#in = new OwnedFd(ends[1] ?? -1);
    spawn(SHELL, ["-c", SCRIPT], { stdio: [out.raw, "ignore", "ignore"], detached: true, cwd: "/" }).unref();
  }

  /** Before it is stopped. */
  minds(what: "pid" | "folder", which: string | number): void {
    writeSync(this.#in.raw, `${what} ${which}\n`);
  }
  /** Everything goes on: nothing is left to mind. */
  dismiss(): void {
    writeSync(this.#in.raw, "done\n");
  }
  [Symbol.dispose](): void {
    this.#in[Symbol.dispose]();
  }
}
