import { drawPicture } from "../../render/picture/draw.ts";
import { pictureText } from "../../render/picture/forms.ts";
import { parseNamespaceId } from "../../abi/ids.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { PageState } from "../state.ts";
import type { Atlas } from "./atlas.ts";
import { part } from "./element.ts";

/** The picture, which the page opens with; it is drawn anew for other kinds. */
export class PicturePane {
  readonly #atlas: Atlas;
  readonly #frame = part("picture");
  readonly #drawn = new Map<string, Element>();
  #kinds: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(atlas: Atlas) {
    this.#atlas = atlas;
    this.#kinds = this.#frame.dataset["kinds"] ?? "";
    const first = this.#frame.firstElementChild;
    if (first !== null) this.#drawn.set(this.#kinds, first);
    this.#frame.addEventListener("click", ({ target }) => {
      const found = target instanceof Element ? target.closest<SVGElement>("[data-namespace],[data-pid]") : null;
      const { namespace = "", pid } = found?.dataset ?? {};
      if (pid !== undefined) return atlas.go({ chosen: { pid: Number(pid) } });
      const id = parseNamespaceId(namespace);
      const record = id === undefined ? undefined : atlas.index.namespaces.get(id);
      if (record !== undefined) atlas.go({ chosen: { namespace: atlas.nameOf(record) } });
    });
  }

  show({ kinds, chosen }: PageState): void {
    this.#show(kinds);
    for (const one of this.#frame.querySelectorAll(".chosen")) one.classList.remove("chosen");
    if (chosen === undefined) return;
    const id = "pid" in chosen ? undefined : this.#atlas.byName.get(chosen.namespace)?.id;
    const which = "pid" in chosen ? `[data-pid="${chosen.pid}"]` : id && `[data-namespace="${id}"]`;
    if (which !== undefined) this.#frame.querySelector(which)?.classList.add("chosen");
  }

  /** The tree is on the screen first, for a picture takes longer. */
  #show(kinds: readonly NamespaceKind[]): void {
    const key = kinds.join(" ");
    clearTimeout(this.#timer);
    if (key === this.#kinds) return;
    const before = this.#drawn.get(key);
    if (before !== undefined) return this.#put(key, before);
    requestAnimationFrame(() => {
      this.#timer = setTimeout(() => {
        if (this.#atlas.state.kinds.join(" ") !== key) return;
        this.#put(key, this.#draw(kinds));
        this.show(this.#atlas.state);
      });
    });
  }

  #put(key: string, svg: Element): void {
    this.#drawn.set(key, svg);
    this.#kinds = key;
    this.#frame.replaceChildren(svg);
  }

  #draw(kinds: readonly NamespaceKind[]): Element {
    const { index, language } = this.#atlas;
    const all = "all" in this.#frame.dataset;
    const wish = { language, charset: "utf-8", all, ...(kinds.length > 0 && { kinds: new Set(kinds) }) } as const;
    const text = pictureText(drawPicture(index, wish), "svg", language);
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    return document.importNode(parsed.documentElement, true);
  }
}
