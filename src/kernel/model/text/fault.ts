import type { WorldTextRule } from "../../../messages/world-text.ts";

/** A line of a world's text breaks a rule. Caught where reading the text began. */
export class TextFault extends Error {
  override readonly name = "TextFault";
  /** Counted from 1. */
  readonly line: number;
  readonly rule: WorldTextRule;
  readonly about: { readonly name: string; readonly text: string; readonly near: string };

  constructor(line: number, rule: WorldTextRule, about: { name: string; text?: string; near?: string }) {
    super(`line ${line}: ${rule}`);
    this.line = line;
    this.rule = rule;
    this.about = { text: "", near: "", ...about };
  }
}
