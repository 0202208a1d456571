import { closeSync } from "node:fs";

const CLOSED = -1;
/** Open descriptors and where each was opened; kept only while a test asks for it. */
let ledger: Map<number, Error> | undefined;
export const trackFds = (): Map<number, Error> => (ledger = new Map());

/** Owns one file descriptor and closes it once. */
export class OwnedFd implements Disposable {
  #raw: number;
  constructor(raw: number) {
    this.#raw = raw;
    ledger?.set(raw, new Error(`fd ${raw} was opened here`));
  }
  /** The number, on loan: for the call at hand, not for keeping. */
  get raw(): number {
    if (this.#raw === CLOSED) throw new TypeError("fd used after it was closed");
    return this.#raw;
  }
  /** Hands the descriptor over; the caller closes it from now on. */
  release(): number {
    const raw = this.raw;
    this.#raw = CLOSED;
    ledger?.delete(raw);
    return raw;
  }
  [Symbol.dispose](): void {
    if (this.#raw !== CLOSED) closeSync(this.release());
  }
}
