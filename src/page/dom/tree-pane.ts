import { COLON } from "../../messages/errors.ts";
import { PAGE_SENTENCES, PAGE_TEXTS } from "../../messages/page.ts";
import { PICTURE_SENTENCES } from "../../messages/picture.ts";
import { OWNER_NOT_SHOWN } from "../../messages/tree.ts";
import { safeText } from "../../messages/safe-text.ts";
import { heldBy, programOf } from "../../render/held-by.ts";
import { traceNameOf } from "../../render/trace-words.ts";
import type { NamespaceRecord } from "../../snapshot/types.ts";
import { entriesOf, type Entry } from "../entries.ts";
import type { PageState } from "../state.ts";
import type { Atlas } from "./atlas.ts";
import { CursorList } from "./cursor-list.ts";
import { element } from "./element.ts";
import { sign } from "./sign.ts";

/** The tree of namespaces, and below it all processes; while something is searched for, what was found. */
export class TreePane {
  readonly host: HTMLElement;
  readonly #atlas: Atlas;
  readonly #list: CursorList;
  readonly #found = element("p", { class: "hint", role: "status" });
  #entries: readonly Entry[] = [];

  constructor(atlas: Atlas) {
    this.#atlas = atlas;
    const { language } = atlas;
    this.#list = new CursorList("tree", { role: "tree", label: PAGE_TEXTS.namespaces[language] });
    const heading = element("h2", {}, PAGE_TEXTS.namespaces[language]);
    this.host = element("section", { class: "tree" }, heading, this.#found, this.#list.host);
  }

  focus(): void {
    this.#list.host.focus();
  }

  show({ query, kinds, turned, chosen }: PageState): void {
    const { index, nameOf, language } = this.#atlas;
    const found = this.#atlas.find(query);
    const { roots } = this.#atlas.framed(kinds);
    const { processes, namespaces } = index.snapshot;
    const under = this.#entries[this.#list.cursor]?.key;
    this.#entries = entriesOf({ roots, nameOf, found, processes, turned: new Set(turned) });
    const counts = {
      namespaces: found?.namespaces.size ?? namespaces.length,
      processes: (found?.processes ?? processes).length,
    };
    this.#found.textContent = PAGE_SENTENCES.found[language](counts);
    const key = chosen === undefined ? undefined : "pid" in chosen ? `pid:${chosen.pid}` : chosen.namespace;
    const cursor = this.#entries.findIndex((entry) => entry.key === under);
    this.#list.show(
      {
        count: this.#entries.length,
        draw: (nth, row) => this.#draw(nth, row, key),
        choose: (nth) => this.#choose(nth),
        key: (name, nth) => this.#key(name, nth),
      },
      Math.max(0, cursor),
    );
  }

  /** Puts the cursor on what was chosen elsewhere, where its line is to be seen. */
  follow({ chosen }: PageState): void {
    if (chosen === undefined) return;
    const key = "pid" in chosen ? `pid:${chosen.pid}` : chosen.namespace;
    const nth = this.#entries.findIndex((entry) => entry.key === key);
    if (nth >= 0) this.#list.moveTo(nth);
  }

  #draw(nth: number, row: HTMLElement, chosen: string | undefined): void {
    const entry = this.#entries[nth];
    if (entry === undefined) return;
    row.style.paddingInlineStart = `${(Math.min(entry.level, DEEPEST) - 1) * INDENT_PX + 4}px`;
    row.setAttribute("aria-level", String(entry.level));
    row.setAttribute("aria-posinset", String(entry.nth));
    row.setAttribute("aria-setsize", String(entry.of));
    row.setAttribute("aria-selected", String(entry.key === chosen));
    if (entry.open !== undefined) row.setAttribute("aria-expanded", String(entry.open));
    row.append(element("span", { class: "twist", "aria-hidden": "true" }, twistOf(entry)));
    row.append(...this.#wordsOf(entry));
    row.title = row.textContent.slice(twistOf(entry).length);
  }

  #wordsOf(entry: Entry): (HTMLElement | string)[] {
    const { language } = this.#atlas;
    switch (entry.is) {
      case "namespace":
        return this.#namespaceWords(entry.namespace);
      case "no-owner": {
        const { errno } = entry;
        return [errno === undefined ? OWNER_NOT_SHOWN.unseen[language] : OWNER_NOT_SHOWN.refused[language]({ errno })];
      }
      case "processes":
        return [element("b", {}, PAGE_TEXTS.processes[language]), element("span", { class: "more" }, `${entry.count}`)];
      case "process": {
        const { process } = entry;
        const more = element("span", { class: "more" }, programOf(process, "utf-8"));
        return [element("b", {}, String(process.pid)), more];
      }
    }
  }

  #namespaceWords(namespace: NamespaceRecord): (HTMLElement | string)[] {
    const { index, nameOf, language, own } = this.#atlas;
    const given = index.names.get(namespace.id)?.map(({ name }) => safeText(name)) ?? [];
    const whose = traceNameOf(namespace, "utf-8");
    const count = index.members.get(namespace.id)?.length ?? 0;
    const senior = this.#atlas.framed([]).seniors.get(namespace.id);
    const told =
      senior === undefined
        ? heldBy(index, namespace, { language, charset: "utf-8", nameOf })
        : `${PICTURE_SENTENCES.processes[language]({ count })}${COLON[language]} ${senior.pid} ${programOf(senior, "utf-8")}`;
    const more = [...given, ...(whose === undefined ? [] : [whose]), told].join(" · ");
    return [
      sign(namespace.kind),
      element("b", {}, nameOf(namespace)),
      ...(own.has(namespace.id) ? [element("span", { class: "mine" }, "●")] : []),
      element("span", { class: "more" }, more),
    ];
  }

  #choose(nth: number): void {
    const entry = this.#entries[nth];
    if (entry?.is === "namespace") this.#atlas.go({ chosen: { namespace: entry.key } });
    else if (entry?.is === "process") this.#atlas.go({ chosen: { pid: entry.process.pid } });
    else this.#turn(nth);
  }

  /** As the pattern of trees has it: right opens or goes in, left closes or goes out. */
  #key(name: string, nth: number): boolean {
    const entry = this.#entries[nth];
    if (entry === undefined) return false;
    if (name === "twist") return this.#turn(nth);
    if (name === "ArrowRight") {
      if (entry.open === false) return this.#turn(nth);
      if (entry.open === true) this.#list.moveTo(nth + 1);
      return true;
    }
    if (name !== "ArrowLeft") return false;
    if (entry.open === true && this.#turn(nth)) return true;
    for (let at = nth - 1; at >= 0; at -= 1) {
      if ((this.#entries[at]?.level ?? 0) >= entry.level) continue;
      this.#list.moveTo(at);
      break;
    }
    return true;
  }

  #turn(nth: number): boolean {
    const entry = this.#entries[nth];
    const { query, turned } = this.#atlas.state;
    // What was found is shown open, else it would not be seen.
    if (entry?.open === undefined || query.trim() !== "") return false;
    const others = turned.filter((key) => key !== entry.key);
    this.#atlas.go({ turned: others.length < turned.length ? others : [...turned, entry.key] }, "replace");
    return true;
  }
}

const INDENT_PX = 16;
/** Deeper ones stand below each other: aria-level and the chain of parents tell how deep. */
const DEEPEST = 12;

const twistOf = ({ open }: Entry): string => (open === undefined ? "" : open ? "▾" : "▸");
