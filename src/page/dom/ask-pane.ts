import { CAPABILITIES } from "../../abi/capabilities.ts";
import { OPERATION_NAMES } from "../../caps/operations.ts";
import { PAGE_TEXTS } from "../../messages/page.ts";
import { answerTo, isQuestion, QUESTIONS, shellLine, type QuestionName } from "../ask.ts";
import type { PageState } from "../state.ts";
import type { Atlas } from "./atlas.ts";
import { element, withLinks } from "./element.ts";

/** The widest an answer is set, in letters: a line that is longer is hard to read. */
const WIDEST = 100;
const NARROWEST = 30;

/** Questions in the words of the command line, answered by the same rules. */
export class AskPane {
  readonly host: HTMLElement;
  readonly #atlas: Atlas;
  readonly #question = element("select", { id: "question" });
  readonly #who = element("input", { id: "ask-who", spellcheck: "false", autocomplete: "off", placeholder: "self" });
  readonly #what = element("input", { id: "ask-what", spellcheck: "false", autocomplete: "off", list: "words" });
  readonly #ref = element("input", { id: "ask-ref", spellcheck: "false", autocomplete: "off" });
  readonly #words = element("datalist", { id: "words" });
  readonly #answer = element("div", { class: "answer", role: "status" });
  readonly #whoField: HTMLElement;
  readonly #whatField: HTMLElement;
  readonly #whatLabel: HTMLElement;

  constructor(atlas: Atlas) {
    this.#atlas = atlas;
    const { language } = atlas;
    const options = QUESTIONS.map((name) => element("option", { value: name }, PAGE_TEXTS[name][language]));
    this.#question.append(...options);
    this.#whatLabel = element("label", { for: "ask-what" });
    this.#whoField = field(element("label", { for: "ask-who" }, PAGE_TEXTS.whoField[language]), this.#who);
    this.#whatField = field(this.#whatLabel, this.#what);
    const form = element(
      "form",
      {},
      field(element("label", { for: "question" }, PAGE_TEXTS.question[language]), this.#question),
      this.#whoField,
      this.#whatField,
      field(element("label", { for: "ask-ref" }, PAGE_TEXTS.refField[language]), this.#ref),
      element("button", { type: "submit" }, PAGE_TEXTS.answer[language]),
    );
    form.append(this.#words);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      atlas.go({ asked: this.#asked() });
    });
    this.#question.addEventListener("change", () => this.#fit());
    const heading = element("h2", { id: "ask" }, PAGE_TEXTS.ask[language]);
    this.host = element("section", { class: "ask", "aria-labelledby": "ask" }, heading, form, this.#answer);
    this.#fit();
  }

  /** What was chosen is what questions are about, until something else is written. */
  suggest({ chosen }: PageState): void {
    if (chosen === undefined) return;
    if ("pid" in chosen) this.#who.value = String(chosen.pid);
    else this.#ref.value = chosen.namespace;
  }

  show({ asked }: PageState): void {
    const [question = "", ...words] = asked;
    if (question === "") return this.#answer.replaceChildren();
    if (isQuestion(question)) this.#write(question, words);
    const { index, language, byName } = this.#atlas;
    const { ok, text } = answerTo(asked, { index, language, width: this.#columns() });
    const lines = element("div", { class: ok ? "lines" : "lines fault" }, ...withLinks(text.trimEnd(), byName));
    const command = element("code", {}, `nsatlas ${shellLine(asked)} --from FILE`);
    this.#answer.replaceChildren(lines, element("p", { class: "hint" }, `${PAGE_TEXTS.terminal[language]} `, command));
  }

  #asked(): string[] {
    const question = this.#question.value;
    const refs = this.#ref.value.split(/\s+/).filter((word) => word !== "");
    const what = this.#what.value.trim();
    if (question === "why") return [question, ...refs];
    if (question === "who") return [question, what, ...refs];
    return [question, this.#who.value.trim() || "self", what, ...refs];
  }

  #write(question: QuestionName, words: readonly string[]): void {
    this.#question.value = question;
    const rest = [...words];
    if (question === "can") this.#who.value = rest.shift() ?? "";
    if (question !== "why") this.#what.value = rest.shift() ?? "";
    this.#ref.value = rest.join(" ");
    this.#fit();
  }

  /** The fields that the question has. */
  #fit(): void {
    const { language } = this.#atlas;
    const question = this.#question.value;
    this.#whoField.hidden = question !== "can";
    this.#whatField.hidden = question === "why";
    this.#whatLabel.textContent = PAGE_TEXTS[question === "who" ? "capabilityField" : "whatField"][language];
    const capabilities = CAPABILITIES.map((name) => name.slice("CAP_".length).toLowerCase());
    const words = question === "who" ? capabilities : ["enter", ...OPERATION_NAMES, ...capabilities];
    this.#words.replaceChildren(...[...new Set(words)].map((value) => element("option", { value })));
  }

  /** How many letters fit beside each other. */
  #columns(): number {
    const probe = element("span", { class: "lines" }, "0".repeat(10));
    this.#answer.replaceChildren(probe);
    const letter = probe.getBoundingClientRect().width / 10;
    const room = Math.floor(this.#answer.clientWidth / (letter || 8)) - 1;
    return Math.max(NARROWEST, Math.min(WIDEST, room));
  }
}

const field = (label: HTMLElement, input: HTMLElement): HTMLElement => element("div", { class: "field" }, label, input);
