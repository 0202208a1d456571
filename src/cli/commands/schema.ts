import { USAGE, USAGE_HINTS } from "../../messages/usage.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { nearest } from "../nearest.ts";
import { SCHEMAS } from "../schemas.ts";
import { brief } from "../brief.ts";
import { usageFailure } from "../usage.ts";

const NAMES = Array.from(SCHEMAS.keys());

/** Prints the JSON Schemas of what nsatlas writes. */
export const schema = command({
  name: "schema",
  operands: { shown: "[NAME]", least: 0, most: 1 },
  description: ["Prints the JSON Schema of that name; without one, the names (with --json: all of them)."],
  options: {},
  formats: ["text"],
  tables: [{ heading: "Names", rows: Array.from(SCHEMAS, ([name, { describes }]) => [name, describes] as const) }],
  examples: [
    { line: "nsatlas schema", shows: "what there is" },
    { line: "nsatlas schema snapshot", shows: "the shape of a snapshot" },
  ],
  async run({ out, format, language }, _, [name]) {
    if (name !== undefined) {
      const published = SCHEMAS.get(name);
      if (published === undefined) {
        const near = nearest(name, NAMES);
        const reason = USAGE["unknown-name"][language]({ what: "schema", word: brief(name) });
        const hint =
          near === undefined
            ? USAGE_HINTS["one-of"][language]({ names: NAMES })
            : USAGE_HINTS["did-you-mean"][language]({ nearest: near });
        throw usageFailure(reason, hint);
      }
      out.write(text(await published.make()));
    } else if (format === "json") {
      const all = await Promise.all(Array.from(SCHEMAS, async ([known, { make }]) => [known, await make()] as const));
      out.write(text(Object.fromEntries(all)));
    } else {
      const width = Math.max(...NAMES.map((known) => known.length));
      for (const [known, { describes }] of SCHEMAS) out.write(`${known.padEnd(width)}  ${describes}\n`);
    }
    return EXIT.done;
  },
});

const text = (document: object): string => `${JSON.stringify(document, undefined, 2)}\n`;
