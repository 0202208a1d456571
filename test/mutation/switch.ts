/** How instrumented rules ask whether a mutant is active. */
export interface Ask {
  (number: number): boolean;
  /** Computes a constant of a module anew. */
  again(compute: () => void): void;
}

/**
 * Decides, while mutated rules run, which mutant is active, notes which ones are asked about, and ends what does not end
 * by itself: a loop whose condition is mutated asks again and again.
 */
export class Switch {
  #active = NONE;
  #limit = Number.POSITIVE_INFINITY;
  #asked = 0;
  #loading = true;
  readonly #constants: (() => void)[] = [];
  readonly #touched = new Set<number>();
  /** Mutants in constants: asked about when their module is loaded, or its constants are computed anew. */
  readonly inConstants = new Set<number>();

  readonly ask: Ask = Object.assign(
    (number: number): boolean => {
      this.#asked++;
      if (this.#asked > this.#limit) throw new Endless();
      if (this.#loading) this.inConstants.add(number);
      else if (this.#active === NONE) this.#touched.add(number);
      return number === this.#active;
    },
    { again: (compute: () => void): void => void this.#constants.push(compute) },
  );

  /** All modules are there: from now on tests run. */
  loaded(): void {
    this.#loading = false;
  }

  /** Makes one mutant active, or none; `limit`: how often may be asked before a step counts as endless. */
  activate(mutant: number | undefined, limit: number): void {
    const next = mutant ?? NONE;
    const changes = next !== this.#active;
    this.#active = next;
    this.#limit = limit;
    if (changes) this.computeAnew();
    this.beginStep();
  }

  /** Computes all constants of modules: what one of them keeps of earlier answers is forgotten. */
  computeAnew(): void {
    for (const compute of this.#constants) compute();
  }

  beginStep(): void {
    this.#asked = 0;
    this.#touched.clear();
  }

  /** What was asked in this step: how often, and about which mutants (where none was active). */
  get step(): { readonly asked: number; readonly touched: ReadonlySet<number> } {
    return { asked: this.#asked, touched: new Set(this.#touched) };
  }
}
const NONE = -1;

/** What runs on and on is as good as noticed. */
export class Endless extends Error {
  override readonly name = "Endless";
}
