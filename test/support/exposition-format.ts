/** A sample of Prometheus's text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const HELP = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\\n]|\\\\|\\n)*)$/;
const TYPE = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:counter|gauge|histogram|summary|untyped)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^}]*)\})? ([+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)(?: -?\d+)?$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^\\"\n]|\\\\|\\"|\\n)*)"(,|$)/y;

/**
 * The samples of a text in the format 0.0.4. Throws where it breaks a rule: each line is a HELP, a TYPE or a sample and ends
 * with a line feed; each metric has one HELP and one TYPE, before its samples, which stand together; no sample comes twice.
 * Source: prometheus.io/docs/instrumenting/exposition_formats.
 */
export function samplesOf(text: string): readonly Sample[] {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const samples: Sample[] = [];
  const [helped, typed, series] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let at = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const broken = (rule: string): Error => new Error(`${rule}: ${line}`);
    const [help, type] = [HELP.exec(line)?.[1], TYPE.exec(line)?.[1]];
    if (help !== undefined) {
      if (helped.has(help)) throw broken("a second HELP");
      helped.add(help);
      at = help;
      continue;
    }
    if (type !== undefined) {
      if (type !== at || typed.has(type)) throw broken("a TYPE in a wrong place");
      typed.add(type);
      continue;
    }
    const [, name = "", inside, value = ""] = SAMPLE.exec(line) ?? [];
    if (name === "" || name !== at || !typed.has(name)) throw broken("no sample of the metric above");
    if (series.has(line.slice(0, line.lastIndexOf(" ")))) throw broken("the same sample again");
    series.add(line.slice(0, line.lastIndexOf(" ")));
    samples.push({ name, labels: labelsOf(inside ?? "", broken), value: Number(value) });
  }
  return samples;
}

function labelsOf(inside: string, broken: (rule: string) => Error): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inside.length) {
    const [, name, value = ""] = LABEL.exec(inside) ?? [];
    if (name === undefined || name in labels) throw broken("bad labels");
    labels[name] = value.replaceAll(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter));
  }
  return labels;
}
