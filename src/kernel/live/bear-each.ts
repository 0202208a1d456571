import type { SyscallName } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Answer, CloneCall, Holder } from "./holder-answer.ts";
import { layOut } from "./holder-arguments.ts";
import type { HolderBooks } from "./holder-books.ts";
import type { HolderProgram } from "./holder-program.ts";
import type { RawAnswer, Request } from "./holder-wire.ts";
import type { SeriesWish, Told } from "./series.ts";

/** What came of a process that was to make some calls: what they gave, or how it was lost. Refused: it could not be made. */
export type Errand = Outcome<Told | "died" | "timedOut">;

/** What a parent calls, how a child of its own is born then, and what that calls. */
export interface BirthWish {
  readonly before: SeriesWish;
  readonly clone: CloneCall;
  readonly asking: SeriesWish;
}
export interface Birth {
  readonly before: Told;
  readonly child: Errand;
}
/** `lost`: what became of the parent in the birth behind those. */
export interface Births {
  readonly births: readonly Birth[];
  readonly lost?: "died" | "timedOut";
}

/** Who carries requests out, and the books of it. */
export interface Line {
  readonly program: HolderProgram;
  readonly books: HolderBooks;
  readonly numbers: Readonly<Record<SyscallName, number>>;
  readonly limitMs: number;
}

/** A request, and what to do with its answer. */
interface Word {
  readonly request: Request;
  readonly take: (answer: RawAnswer) => void;
}

const NO_DATA = layOut([]);

/**
 * Has a holder bear children, one after the other, each make its series, and end; they are for it to wait for. To begin, to ask and
 * to end them are sent together, for many at once: one by one each takes a few switches from process to process. Every call has the
 * whole time limit. RangeError: there are not so many slots.
 */
export function bearEach(line: Line, parent: Holder, many: readonly BirthWish[]): Births {
  const { books, limitMs, numbers } = line;
  const { slot } = parent;
  let lost: Births["lost"];
  const wished = many.map(({ before, clone, asking }) => {
    const one = new Sent(line, asking);
    let told: Told | undefined;
    const [first, second] = [before.series.layOut(numbers, before.given), layOut(clone.args)];
    const tell: Word = {
      request: { op: "series", slot, limitMs, layout: first },
      take(raw) {
        if (lost !== undefined) return;
        const answer = books.enter(raw, first);
        told = toldBy(before, answer);
        if (answer.state !== "done") lost = answer.state;
      },
    };
    const bear: Word = {
      request: { op: "clone", slot, limitMs, number: numbers[clone.call], newSlot: one.slot, layout: second },
      take(raw) {
        if (lost !== undefined) return books.giveBack(one.slot);
        const answer = books.enter(raw, second, one.slot);
        if (answer.state !== "done") lost = answer.state;
        if (answer.child !== undefined) one.born = ok(answer.child);
        else if (answer.state === "done") one.born = refused(errnoName(-answer.ret));
      },
    };
    return { words: [tell, bear, ...one.words], birth: () => told && { before: told, child: one.outcome } };
  });
  exchange(
    line,
    wished.flatMap(({ words }) => words),
  );
  const births = wished.flatMap(({ birth }) => birth() ?? []);
  return lost === undefined ? { births } : { births, lost };
}

/** One that has a slot, from its birth on. */
class Sent {
  readonly slot: number;
  born: Outcome<Holder> = refused("EAGAIN");
  #made: Told | "died" | "timedOut" = "died";
  readonly #line: Line;
  readonly #wish: SeriesWish;

  constructor(line: Line, wish: SeriesWish) {
    this.#line = line;
    this.#wish = wish;
    this.slot = line.books.takeSlot();
  }

  get outcome(): Errand {
    return this.born.ok ? ok(this.#made) : this.born;
  }

  /** To make the series, and to end. */
  get words(): readonly Word[] {
    const { books, limitMs, numbers } = this.#line;
    const { slot } = this;
    const layout = this.#wish.series.layOut(numbers, this.#wish.given);
    const ask: Word = {
      request: { op: "series", slot, limitMs, layout },
      take: (raw) => {
        if (!this.born.ok) return;
        const answer = books.enter(raw, layout);
        this.#made = toldBy(this.#wish, answer) ?? (answer.state === "timedOut" ? "timedOut" : "died");
      },
    };
    const end: Word = {
      request: { op: "kill", slot, limitMs, layout: NO_DATA },
      take: (raw) => {
        // Of one that has died by itself the books know already.
        if (!this.born.ok || !books.has(this.born.value)) return;
        if (books.enter(raw, NO_DATA).state === "done") books.strikeOut(slot);
      },
    };
    return [ask, end];
  }
}

function toldBy({ series }: SeriesWish, answer: Answer): Told | undefined {
  const [out] = answer.state === "done" ? answer.out : [];
  return out && series.told(out);
}

function exchange({ program }: Line, words: readonly Word[]): void {
  const rest = words.values();
  program.exchange(
    words.map(({ request }) => request),
    (raw) => rest.next().value?.take(raw),
  );
}
