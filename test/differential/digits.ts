/**
 * A number taken apart into small choices, one after the other: so a few numbers, which can be made smaller one by one,
 * stand for a whole call.
 */
export class Digits {
  #left: number;

  constructor(number: number) {
    this.#left = number;
  }
  /** From 0 up to `count` - 1. Zeros once the number is used up. */
  next(count: number): number {
    const digit = this.#left % count;
    this.#left = Math.floor(this.#left / count);
    return digit;
  }
  pick<T>(from: readonly T[]): T {
    const chosen = from[this.next(from.length)];
    if (chosen === undefined) throw new RangeError("nothing to choose from");
    return chosen;
  }
  /** True once in `often` times; never of the number 0. */
  once(often: number): boolean {
    return this.next(often) === often - 1;
  }
}
