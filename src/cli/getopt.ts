/** What an option takes: nothing, a value (attached or the next word), or a value that may be left out (attached only). */
export type Takes = "nothing" | "value" | "optional";

/** One option, as getopt_long(3) knows it. */
export interface OptionForm {
  /** Without the dashes; unique within its table. */
  readonly long: string;
  /** One character. */
  readonly short?: string;
  readonly takes: Takes;
  /** The letter takes none, though the name may: unshare's `-mp` is two options, its --mount=FILE one with a value. */
  readonly bareLetter?: true;
}

/** Whether operands may stand between options (reading commands), or the first one ends them (`enter`, `run`). */
export type Operands = "permute" | "stop";

/** What is wrong with one word, and the option as it was written: `--depht`, `-x`. */
export type Fault =
  | { readonly fault: "unknown"; readonly option: string }
  | { readonly fault: "ambiguous"; readonly option: string; readonly candidates: readonly string[] }
  | { readonly fault: "needs-value"; readonly option: string; readonly long: string }
  | { readonly fault: "takes-no-value"; readonly option: string; readonly long: string };

/** One option that was found, in the order of the words; `value` is absent where none was given. */
export interface Given {
  readonly long: string;
  /** As it was written, for messages: `-o`, `--out`. */
  readonly written: string;
  readonly value?: string;
}

export interface Parsed {
  /** In the order of the words. Like getopt_long, parsing goes on after a fault, so that what follows (`--json`) is known. */
  readonly found: readonly (Given | Fault)[];
  readonly operands: readonly string[];
}

export const isFault = (one: Given | Fault): one is Fault => "fault" in one;

/**
 * Takes a command line apart by the rules of getopt_long(3) as glibc has them: bundles of short options (`-nm`), values
 * attached or not (`-n/run/x`, `--out=x`, `--out x`), optional values only attached (`-Towner`, `--tree=owner`),
 * unambiguous beginnings of long options, and `--`, after which everything is an operand.
 * test/cli/getopt.test.ts compares it with the C function on random words.
 */
export function getopt(forms: readonly OptionForm[], words: readonly string[], mode: Operands): Parsed {
  const table = new Forms(forms);
  const found: (Given | Fault)[] = [];
  const operands: string[] = [];

  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (word.startsWith("--")) at += long(word, words[at + 1]);
    else if (word.startsWith("-") && word !== "-") at += bundle(word, words[at + 1]);
    else if (mode === "permute") operands.push(word);
    else {
      operands.push(...words.slice(at));
      break;
    }
  }
  return { found, operands };

  /** Reads `--name` or `--name=value`, and gives how many further words it used. */
  function long(word: string, next: string | undefined): number {
    const equals = word.indexOf("=");
    const written = equals === -1 ? word : word.slice(0, equals);
    const value = equals === -1 ? undefined : word.slice(equals + 1);
    const [form, ...others] = table.byBeginning(written.slice(2));
    if (form === undefined) return fault({ fault: "unknown", option: written });
    if (others.length > 0) {
      return fault({
        fault: "ambiguous",
        option: written,
        candidates: [form, ...others].map((one) => `--${one.long}`),
      });
    }
    if (value !== undefined) {
      if (form.takes === "nothing") return fault({ fault: "takes-no-value", option: written, long: form.long });
      found.push({ long: form.long, written, value });
      return 0;
    }
    return form.takes === "value" ? valueFrom(form, written, next) : take(form, written);
  }

  /** Reads `-abc`, and gives how many further words it used. */
  function bundle(word: string, next: string | undefined): number {
    const letters = Array.from(word.slice(1));
    for (const [index, letter] of letters.entries()) {
      const form = table.byLetter(letter);
      if (form === undefined) {
        fault({ fault: "unknown", option: `-${letter}` });
        continue;
      }
      if (form.takes === "nothing" || form.bareLetter === true) {
        take(form, `-${letter}`);
        continue;
      }
      const rest = letters.slice(index + 1).join("");
      if (rest !== "") {
        found.push({ long: form.long, written: `-${letter}`, value: rest });
        return 0;
      }
      return form.takes === "value" ? valueFrom(form, `-${letter}`, next) : take(form, `-${letter}`);
    }
    return 0;
  }

  /** The value is the next word, whatever it looks like: `-o -n` names a column `-n`. */
  function valueFrom(form: OptionForm, written: string, next: string | undefined): number {
    if (next === undefined) return fault({ fault: "needs-value", option: written, long: form.long });
    found.push({ long: form.long, written, value: next });
    return 1;
  }
  function take(form: OptionForm, written: string): number {
    found.push({ long: form.long, written });
    return 0;
  }
  function fault(what: Fault): number {
    found.push(what);
    return 0;
  }
}

/** The look-ups of an option table. */
class Forms {
  readonly #forms: readonly OptionForm[];
  readonly #byLong: ReadonlyMap<string, OptionForm>;
  readonly #byShort: ReadonlyMap<string, OptionForm>;

  constructor(forms: readonly OptionForm[]) {
    this.#forms = forms;
    this.#byLong = new Map(forms.map((form) => [form.long, form]));
    this.#byShort = new Map(forms.flatMap((form) => (form.short === undefined ? [] : [[form.short, form] as const])));
  }

  byLetter(letter: string): OptionForm | undefined {
    return this.#byShort.get(letter);
  }
  /** The option of that name, else every one whose name begins so. */
  byBeginning(name: string): readonly OptionForm[] {
    const exact = this.#byLong.get(name);
    return exact === undefined ? this.#forms.filter((form) => form.long.startsWith(name)) : [exact];
  }
}
