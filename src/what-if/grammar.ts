import { Arguments } from "./arguments.ts";
import { CALL_FORMS, callForm } from "./call-forms.ts";
import type { Asked } from "./calls/form.ts";
import { Fault, type Word } from "./fault.ts";
import { callsIn } from "./words.ts";

/** One call as it was typed: names in it are looked up when it is its turn. */
export interface Request extends Asked {
  /** Who makes it; undefined: who makes all that name nobody. */
  readonly by: Word | undefined;
  /** Its words as they were typed, without who makes it. */
  readonly text: string;
  readonly name: Word;
}

/** The calls of a text. Throws a `Fault` for the first word that is off. */
export function readCalls(source: string): readonly Request[] {
  const calls = callsIn(source);
  if (calls.length === 0) throw new Fault("no-calls", { text: source, from: 0, to: source.length });
  return calls.map((words) => readCall(source, words));
}

function readCall(source: string, words: readonly Word[]): Request {
  const [first] = words;
  const by = first?.text.endsWith(":") ? { ...first, text: first.text.slice(0, -1), to: first.to - 1 } : undefined;
  const rest = by === undefined ? words : words.slice(1);
  const [name] = rest;
  if (name === undefined) throw new Fault("missing", first ?? NOWHERE, { expected: "call" });
  const form = callForm(name.text);
  if (form === undefined) throw new Fault("unlike", name, { expected: "call", candidates: [...CALL_FORMS.keys()] });
  const args = new Arguments(source, form.form, rest);
  const asked = form.read(args);
  args.done();
  return { by, name, text: source.slice(name.from, rest.at(-1)?.to), ...asked };
}
const NOWHERE: Word = { text: "", from: 0, to: 0 };
