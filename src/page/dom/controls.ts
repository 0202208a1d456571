import { KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { PAGE_TEXTS } from "../../messages/page.ts";
import { countKinds } from "../../render/frames.ts";
import type { PageState } from "../state.ts";
import type { Atlas } from "./atlas.ts";
import { element } from "./element.ts";
import { sign } from "./sign.ts";

/** So long after the last letter the address has what is searched for: browsers limit how often it may change. */
const ADDRESS_DELAY_MS = 250;

/** The search and the kinds. */
export class Controls {
  readonly host: HTMLElement;
  readonly #query: HTMLInputElement;
  readonly #boxes: ReadonlyMap<NamespaceKind, HTMLInputElement>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(atlas: Atlas, typed: (query: string) => void) {
    const { language } = atlas;
    this.#query = element("input", {
      id: "query",
      type: "search",
      placeholder: PAGE_TEXTS.searchWhat[language],
      autocomplete: "off",
      spellcheck: "false",
      "aria-keyshortcuts": "/",
    });
    this.#query.addEventListener("input", () => {
      const query = this.#query.value;
      typed(query);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => atlas.go({ query }, "replace"), ADDRESS_DELAY_MS);
    });
    const counts = new Map(countKinds(atlas.index.snapshot.namespaces));
    const there = KINDS.filter((kind) => counts.has(kind));
    this.#boxes = new Map(there.map((kind) => [kind, element("input", { type: "checkbox", id: `kind-${kind}` })]));
    const labels = Array.from(this.#boxes, ([kind, box]) => {
      box.addEventListener("change", () => atlas.go({ kinds: this.#kinds() }));
      return element("label", { for: box.id }, box, sign(kind), `${kind} ${counts.get(kind)}`);
    });
    const legend = element("legend", {}, PAGE_TEXTS.kinds[language]);
    this.host = element(
      "div",
      { class: "controls", role: "search" },
      element("label", { for: "query" }, PAGE_TEXTS.search[language]),
      this.#query,
      element("fieldset", {}, legend, ...labels),
    );
  }

  focus(): void {
    this.#query.focus();
    this.#query.select();
  }

  show({ query, kinds }: PageState): void {
    clearTimeout(this.#timer);
    // While somebody types, the field is ahead of the address.
    if (this.#query.value !== query) this.#query.value = query;
    for (const [kind, box] of this.#boxes) box.checked = kinds.length === 0 || kinds.includes(kind);
  }

  /** All of them is as good as none chosen; so is none of them, which would show nothing. */
  #kinds(): NamespaceKind[] {
    const kinds = Array.from(this.#boxes).flatMap(([kind, box]) => (box.checked ? [kind] : []));
    return kinds.length === this.#boxes.size ? [] : kinds;
  }
}
