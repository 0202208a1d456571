import { ROW_PX } from "../style.ts";
import { element } from "./element.ts";

/** The rows of a list, of which only those in sight are drawn. */
export interface Rows {
  readonly count: number;
  /** Fills an empty row. */
  draw(nth: number, row: HTMLElement): void;
  /** Enter or a click. */
  choose(nth: number): void;
  /** Any other key, or `twist`, a click on the row's triangle; whether it meant something. */
  key?(name: string, nth: number): boolean;
}

/** Drawn beyond the edges, so that scrolling by a row shows no gap. */
const BEYOND = 6;
/** On paper a list is drawn whole, up to so many rows. */
const MOST_ON_PAPER = 3_000;
const NO_ROWS: Rows = { count: 0, draw: () => undefined, choose: () => undefined };

/**
 * A list of any length with a cursor that the arrow keys move: the list itself has the focus, and names the row under the
 * cursor (aria-activedescendant). Source: ARIA Authoring Practices Guide, listbox and tree view.
 */
export class CursorList {
  readonly host: HTMLElement;
  readonly #inner: HTMLElement;
  readonly #prefix: string;
  readonly #role: string;
  #rows: Rows = NO_ROWS;
  #cursor = 0;
  #isOnPaper = false;

  /** `id` becomes the list's. */
  constructor(id: string, { role, label }: { role: "tree" | "listbox"; label: string }) {
    this.#prefix = `${id}-`;
    this.#role = role === "tree" ? "treeitem" : "option";
    this.#inner = element("div", { role: "presentation", class: "rows" });
    this.host = element("div", { id, role, tabindex: "0", "aria-label": label, class: "list" }, this.#inner);
    this.host.addEventListener("scroll", () => this.#draw(), { passive: true });
    this.host.addEventListener("keydown", (event) => {
      if (!this.#press(event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.host.addEventListener("click", (event) => this.#click(event));
    new ResizeObserver(() => this.#draw()).observe(this.host);
    addEventListener("beforeprint", () => this.#print(true));
    addEventListener("afterprint", () => this.#print(false));
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** Shows other rows; the cursor goes to `cursor`, or stays where it is. */
  show(rows: Rows, cursor = this.#cursor): void {
    this.#rows = rows;
    this.#cursor = Math.max(0, Math.min(cursor, rows.count - 1));
    this.#inner.style.height = `${rows.count * ROW_PX}px`;
    this.#draw();
  }

  /** Puts the cursor there, and scrolls so that it is in sight. */
  moveTo(nth: number): void {
    this.#cursor = Math.max(0, Math.min(nth, this.#rows.count - 1));
    const { scrollTop, clientHeight } = this.host;
    const top = this.#cursor * ROW_PX;
    if (top < scrollTop) this.host.scrollTop = top;
    else if (top + ROW_PX > scrollTop + clientHeight) this.host.scrollTop = top + ROW_PX - clientHeight;
    this.#draw();
  }

  #draw(): void {
    const { count } = this.#rows;
    const { scrollTop, clientHeight } = this.host;
    const [first, end] = this.#isOnPaper
      ? [0, Math.min(count, MOST_ON_PAPER)]
      : [
          Math.max(0, Math.floor(scrollTop / ROW_PX) - BEYOND),
          Math.min(count, Math.ceil((scrollTop + clientHeight) / ROW_PX) + BEYOND),
        ];
    const shown: HTMLElement[] = [];
    for (let nth = first; nth < end; nth += 1) shown.push(this.#row(nth));
    // Out of sight the row under the cursor stays, for it is named.
    if (count > 0 && (this.#cursor < first || this.#cursor >= end)) shown.push(this.#row(this.#cursor));
    this.#inner.replaceChildren(...shown);
    if (count > 0) this.host.setAttribute("aria-activedescendant", `${this.#prefix}${this.#cursor}`);
    else this.host.removeAttribute("aria-activedescendant");
  }

  #row(nth: number): HTMLElement {
    const attributes = { id: `${this.#prefix}${nth}`, role: this.#role, class: "row", "data-nth": String(nth) };
    const row = element("div", attributes);
    row.style.top = `${nth * ROW_PX}px`;
    if (nth === this.#cursor) row.classList.add("cursor");
    this.#rows.draw(nth, row);
    return row;
  }

  #press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== this.host) return false;
    if (this.#rows.count === 0) return false;
    const page = Math.max(1, Math.floor(this.host.clientHeight / ROW_PX) - 1);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: this.#cursor + 1,
      ArrowUp: this.#cursor - 1,
      PageDown: this.#cursor + page,
      PageUp: this.#cursor - page,
      Home: 0,
      End: this.#rows.count - 1,
    };
    const place = places[event.key];
    if (place !== undefined) this.moveTo(place);
    else if (event.key === "Enter" || event.key === " ") this.#rows.choose(this.#cursor);
    else return this.#rows.key?.(event.key, this.#cursor) === true;
    return true;
  }

  #click({ target }: MouseEvent): void {
    if (!(target instanceof Element)) return;
    const row = target.closest<HTMLElement>("[data-nth]");
    if (row === null) return;
    const nth = Number(row.dataset["nth"]);
    const isTwist = target.closest(".twist") !== null;
    this.moveTo(nth);
    if (!isTwist || this.#rows.key?.("twist", nth) !== true) this.#rows.choose(nth);
  }

  #print(isOnPaper: boolean): void {
    this.#isOnPaper = isOnPaper;
    this.#draw();
  }
}
