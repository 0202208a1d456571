import { PAGE_TEXTS } from "../../messages/page.ts";
import { LANGUAGES, type Language } from "../../messages/sentence.ts";
import { encodeSnapshot } from "../../snapshot/encode.ts";
import type { Snapshot } from "../../snapshot/types.ts";
import { unpacked } from "../pack.ts";
import { EMPTY_STATE, fragmentOf, stateOf, type PageState } from "../state.ts";
import { AskPane } from "./ask-pane.ts";
import { Atlas, type Going } from "./atlas.ts";
import { Controls } from "./controls.ts";
import { DetailPane } from "./detail-pane.ts";
import { element, part } from "./element.ts";
import { PicturePane } from "./picture-pane.ts";
import { TreePane } from "./tree-pane.ts";

/** Begins the page: what it lacks without a script is added to what its HTML has. */
function begin(): void {
  const language: Language = LANGUAGES.find((one) => one === document.documentElement.lang) ?? "en";
  try {
    // nsatlas wrote it, with this very script.
    const snapshot = unpacked(JSON.parse(part("snapshot").textContent)) as Snapshot;
    open(snapshot, language);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    part("atlas").replaceChildren(element("p", { role: "alert" }, `${PAGE_TEXTS.fault[language]} ${what}`));
    throw error;
  }
}

function open(snapshot: Snapshot, language: Language): void {
  const opening = { ...EMPTY_STATE, kinds: stateOf(`kinds=${part("picture").dataset["kinds"] ?? ""}`).kinds };
  if (location.hash === "" && opening.kinds.length > 0) history.replaceState(null, "", `#${fragmentOf(opening)}`);
  const atlas = new Atlas(snapshot, { language, state: stateOf(location.hash), move });
  const tree = new TreePane(atlas);
  const detail = new DetailPane(atlas);
  const ask = new AskPane(atlas);
  const picture = new PicturePane(atlas);
  const controls = new Controls(atlas, (query) => update({ ...atlas.state, query }));
  const save = element("button", { type: "button", class: "save" }, PAGE_TEXTS.save[language]);
  save.addEventListener("click", () => download(snapshot));
  part("atlas").replaceChildren(controls.host, tree.host, element("div", { class: "answers" }, detail.host, ask.host));
  part("about").append(save);
  update(atlas.state, true);
  // What is measured (docs/performance.md): from the beginning of loading to here.
  performance.mark("drawn");

  addEventListener("popstate", () => update(stateOf(location.hash)));
  addEventListener("hashchange", () => update(stateOf(location.hash)));
  document.addEventListener("click", follow);
  document.addEventListener("keydown", press);
  // The first question about anything needs these; nobody waits for them yet.
  setTimeout(() => atlas.prepare(), IDLE_MS);

  function move(change: Partial<PageState>, how: Going): void {
    const state = { ...atlas.state, ...change };
    const fragment = fragmentOf(state);
    const address = fragment === "" ? location.href.replace(/#.*$/s, "") : `#${fragment}`;
    if (fragment !== fragmentOf(stateOf(location.hash))) {
      if (how === "push") history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    }
    update(state);
  }

  /** Shows what is another than before. */
  function update(state: PageState, isFirst = false): void {
    const before = atlas.state;
    atlas.state = state;
    const isOther = (...keys: readonly (keyof PageState)[]): boolean =>
      isFirst || keys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(state[key]));
    if (isOther("query", "kinds")) controls.show(state);
    if (isOther("query", "kinds", "turned", "chosen")) tree.show(state);
    if (isOther("chosen")) {
      detail.show(state);
      tree.follow(state);
      ask.suggest(state);
    }
    if (isOther("asked")) ask.show(state);
    if (isOther("kinds", "chosen")) picture.show(state);
  }

  /** A click on a link to a namespace or a process keeps the rest of what is shown. */
  function follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='#']") : null;
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const { chosen } = stateOf(link.hash);
    if (chosen === undefined) return;
    event.preventDefault();
    atlas.go({ chosen });
    detail.focus();
  }

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { target } = event;
    const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (event.key === "/" && (!isField || target.type === "checkbox")) {
      event.preventDefault();
      controls.focus();
    } else if (event.key === "Escape") {
      if (atlas.state.query !== "") atlas.go({ query: "" }, "replace");
      else if (target instanceof Element && target.id === "tree" && atlas.state.chosen !== undefined) {
        atlas.go({ chosen: undefined });
      }
      tree.focus();
    } else if (event.key === "Enter" && target instanceof Element && target.id === "query") tree.focus();
  }
}

const IDLE_MS = 50;

/** As a file for `--from`. */
function download(snapshot: Snapshot): void {
  const address = URL.createObjectURL(new Blob([encodeSnapshot(snapshot)], { type: "application/json" }));
  element("a", { href: address, download: "snapshot.json" }).click();
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_MS);
}
/** By then the browser has begun to write it. */
const REVOKE_MS = 10_000;

begin();
