import { ERRNOS } from "../../abi/errnos.ts";
import type { RawLooked } from "./native.ts";

const GONE: ReadonlySet<number> = new Set([ERRNOS.ENOENT, ERRNOS.ESRCH]);

/** Counts what came of looking at what hangs from processes. */
export class Looking {
  seen = 0;
  vanished = 0;
  skipped = 0;
  readonly #refused = new Map<number, number>();

  failed(errno: number, times = 1): void {
    if (GONE.has(errno)) this.vanished += times;
    else this.#refused.set(errno, (this.#refused.get(errno) ?? 0) + times);
  }
  get counts(): RawLooked {
    const pairs = [...this.#refused].sort(([left], [right]) => left - right);
    const { seen, vanished, skipped } = this;
    return { seen, vanished, skipped, refused: Int32Array.from(pairs.flat()) };
  }
}
