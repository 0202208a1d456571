import type { Answer, Holder } from "./holder-answer.ts";
import type { Layout } from "./holder-arguments.ts";
import type { RawAnswer } from "./holder-wire.ts";

/** A call that timed out: what its answer will need. */
interface Outstanding {
  readonly layout: Layout;
  readonly newSlot: number | undefined;
}

/** Why the dispatcher did not pass a request on. All are mistakes of the caller. */
const REFUSALS = {
  badRequest: "the holder program refused the request: fork, vfork, clone and exit have functions of their own",
  unused: "there is no such holder",
  busy: "the holder's last call is not answered yet: await it, or kill the holder",
} as const;

/** Who has which slot, and whose call is not answered yet: all as the answers tell it. */
export class HolderBooks {
  readonly #holders: (Holder | undefined)[];
  readonly #free: number[];
  readonly #outstanding = new Map<number, Outstanding>();

  constructor(slots: number) {
    this.#holders = Array.from({ length: slots });
    this.#free = this.#holders.map((_, slot) => slot).reverse();
  }

  get living(): readonly Holder[] {
    return this.#holders.filter((holder) => holder !== undefined);
  }

  /** Whether its slot is still its own. */
  has(holder: Holder): boolean {
    return this.#holders[holder.slot] === holder;
  }

  slotOf(holder: Holder): number {
    if (this.#holders[holder.slot] !== holder) throw new TypeError(`holder ${holder.pid} has ended`);
    return holder.slot;
  }

  /** A slot for a holder to come: `enrol` it, or `giveBack` the slot. */
  takeSlot(): number {
    const slot = this.#free.pop();
    if (slot === undefined) throw new RangeError(`there are ${this.#holders.length} holders already`);
    return slot;
  }

  giveBack(slot: number): void {
    this.#free.push(slot);
  }

  enrol(slot: number, { pid, tid }: RawAnswer): Holder {
    const holder = { slot, pid, tid };
    this.#holders[slot] = holder;
    return holder;
  }

  /** Another record for the same slot; the old one is of no use any more. */
  renumber(holder: Holder, numbers: Pick<Holder, "pid" | "tid">): Holder {
    const slot = this.slotOf(holder);
    const again = { slot, ...numbers };
    this.#holders[slot] = again;
    return again;
  }

  /** Its end is known. */
  strikeOut(slot: number): void {
    if (this.#holders[slot] === undefined) return;
    this.#holders[slot] = undefined;
    this.#outstanding.delete(slot);
    this.giveBack(slot);
  }

  outstandingOf(slot: number): Outstanding | undefined {
    return this.#outstanding.get(slot);
  }

  /** Enters what an answer tells: who was born to `newSlot`, who has died, whose call goes on. */
  enter(raw: RawAnswer, layout: Layout, newSlot?: number): Answer {
    const { slot, status, ret } = raw;
    const child = newSlot !== undefined && raw.pid !== 0 ? this.enrol(newSlot, raw) : undefined;
    const family = child === undefined ? {} : { child };
    const unborn = child === undefined ? newSlot : undefined;
    switch (status) {
      case "done":
        this.#outstanding.delete(slot);
        if (unborn !== undefined && ret < 0) this.giveBack(unborn);
        return { state: "done", ret, out: layout.rooms.map(([at, bytes]) => raw.out.slice(at, at + bytes)), ...family };
      case "timedOut":
        this.#outstanding.set(slot, { layout, newSlot: unborn });
        return { state: "timedOut", ...family };
      case "died":
        if (unborn !== undefined) this.giveBack(unborn);
        this.strikeOut(slot);
        return { state: "died", ...family };
      default:
        if (unborn !== undefined) this.giveBack(unborn);
        throw new TypeError(`${REFUSALS[status]} (slot ${slot})`);
    }
  }
}
