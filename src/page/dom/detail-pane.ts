import { KINDS } from "../../abi/namespace-kinds.ts";
import { PAGE_TEXTS } from "../../messages/page.ts";
import { safeText } from "../../messages/safe-text.ts";
import { SHOW_TEXTS } from "../../messages/show.ts";
import { GLYPHS } from "../../render/glyphs.ts";
import { programOf } from "../../render/held-by.ts";
import { partsOfItself } from "../../render/show.ts";
import { compareSeniority } from "../../snapshot/senior.ts";
import type { NamespaceRecord, ProcessRecord } from "../../snapshot/types.ts";
import { processParts } from "../process-parts.ts";
import type { PageState } from "../state.ts";
import type { Atlas } from "./atlas.ts";
import { CursorList } from "./cursor-list.ts";
import { element, namespaceLink, withLinks } from "./element.ts";
import { keepsOf } from "./keeps.ts";
import { sign } from "./sign.ts";

/** Everything about the namespace or process that was chosen. */
export class DetailPane {
  readonly host: HTMLElement;
  readonly #atlas: Atlas;
  readonly #heading = element("h2", { id: "chosen", tabindex: "-1" });
  readonly #body = element("div", {});
  readonly #members: CursorList;

  constructor(atlas: Atlas) {
    this.#atlas = atlas;
    this.#members = new CursorList("members", { role: "listbox", label: PAGE_TEXTS.members[atlas.language] });
    this.host = element("section", { class: "detail", "aria-labelledby": "chosen" }, this.#heading, this.#body);
  }

  /** For who came by a link, which is gone. */
  focus(): void {
    this.#heading.focus();
  }

  show({ chosen }: PageState): void {
    const { language, byName, index } = this.#atlas;
    if (chosen === undefined) return this.#say(PAGE_TEXTS.choose[language], PAGE_TEXTS.keys[language]);
    if ("pid" in chosen) {
      const process = index.processes.get(chosen.pid);
      return process === undefined ? this.#say(PAGE_TEXTS.gone[language]) : this.#showProcess(process);
    }
    const namespace = byName.get(chosen.namespace);
    return namespace === undefined ? this.#say(PAGE_TEXTS.gone[language]) : this.#showNamespace(namespace);
  }

  #say(...lines: readonly string[]): void {
    this.#heading.replaceChildren(PAGE_TEXTS.details[this.#atlas.language]);
    this.#body.replaceChildren(...lines.map((line) => element("p", { class: "hint" }, line)));
  }

  #showNamespace(namespace: NamespaceRecord): void {
    const { index, nameOf, language, own } = this.#atlas;
    const given = index.names.get(namespace.id)?.map(({ name }) => safeText(name)) ?? [];
    const mine = own.has(namespace.id) ? [element("span", { class: "mine" }, ` ● ${SHOW_TEXTS.own[language]}`)] : [];
    this.#heading.replaceChildren(sign(namespace.kind), [nameOf(namespace), ...given].join(" "), ...mine);
    const glyphs = GLYPHS["utf-8"];
    const parts = partsOfItself({ index, namespace, nameOf, glyphs, charset: "utf-8", language, all: true });
    const rows = parts.map(({ label, lines }) => ({ label: label[language], lines }));
    this.#body.replaceChildren(
      this.#table(rows),
      element("h3", {}, PAGE_TEXTS.keeps[language]),
      ...keepsOf(namespace, this.#atlas),
      ...this.#membersOf(namespace),
    );
    this.#showMembers(namespace);
  }

  #table(rows: readonly { readonly label: string; readonly lines: readonly string[] }[]): HTMLElement {
    const { byName } = this.#atlas;
    const cells = rows.flatMap(({ label, lines }) => [
      element("dt", {}, label),
      element("dd", {}, ...lines.map((line) => element("div", {}, ...withLinks(line, byName)))),
    ]);
    return element("dl", {}, ...cells);
  }

  #membersOf({ id }: NamespaceRecord): HTMLElement[] {
    const count = this.#atlas.index.members.get(id)?.length ?? 0;
    const heading = element("h3", {}, `${PAGE_TEXTS.members[this.#atlas.language]} (${count})`);
    return count === 0 ? [] : [heading, this.#members.host];
  }

  #showMembers({ id }: NamespaceRecord): void {
    const members = (this.#atlas.index.members.get(id) ?? []).toSorted(compareSeniority);
    const draw = (nth: number, row: HTMLElement): void => {
      const process = members[nth];
      if (process === undefined) return;
      const program = programOf(process, "utf-8");
      row.title = program;
      row.setAttribute("aria-posinset", String(nth + 1));
      row.setAttribute("aria-setsize", String(members.length));
      row.append(
        element("b", {}, String(process.pid)),
        element("span", { class: "uid" }, `uid ${process.uid}`),
        element("span", { class: "more" }, program),
      );
    };
    const choose = (nth: number): void => {
      const process = members[nth];
      if (process !== undefined) this.#atlas.go({ chosen: { pid: process.pid } });
    };
    this.#members.host.scrollTop = 0;
    this.#members.show({ count: members.length, draw, choose }, 0);
  }

  #showProcess(process: ProcessRecord): void {
    const { language, index, nameOf } = this.#atlas;
    this.#heading.replaceChildren(`${process.pid} ${safeText(process.comm)}`);
    const rows = KINDS.map((kind) => {
      const id = process.namespaces[kind];
      const refused = process.refused?.[kind];
      const where =
        id !== undefined && index.namespaces.has(id)
          ? namespaceLink(nameOf({ kind, id }))
          : (refused ?? PAGE_TEXTS.notRead[language]);
      return element("li", {}, sign(kind), where);
    });
    this.#body.replaceChildren(
      this.#table(processParts(process, language)),
      element("h3", {}, PAGE_TEXTS.isIn[language]),
      element("ul", { class: "plain" }, ...rows),
    );
  }
}
