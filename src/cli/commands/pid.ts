import { inodeOf } from "../../abi/ids.ts";
import { PID_WORDS } from "../../messages/pid.ts";
import { USAGE_HINTS } from "../../messages/usage.ts";
import { safeText } from "../../messages/safe-text.ts";
import { tableText } from "../../render/table.ts";
import { indexSnapshot } from "../../snapshot/index-snapshot.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { brief } from "../brief.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { single } from "../options.ts";
import { askNumber, askNumbers, type ToldNumber } from "../pid-answers.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { readRef } from "../resolve.ts";
import { fromFile, look } from "../seen.ts";
import { observerOf } from "../target.ts";
import { usageFailure } from "../usage.ts";
import { anyText } from "../values.ts";
import { namePidNamespace, pidNamespace, readWho } from "../who.ts";

const COLUMN = { widthHint: 0, cuts: false } as const;

/** The numbers of a process in pid namespaces, and back. */
export const pid = command({
  name: "pid",
  operands: { shown: "WHO", least: 1, most: 1 },
  description: [
    "A process has a number in its own pid namespace and in each one above. WHO is a process as you see it (42), a thread of " +
      "it (42/43), as another pid namespace sees it (42@pid:[4026532201]), or self.",
    "Numbers are translated by the kernel since Linux 6.11; before, and in a snapshot, they are those of NSpid in " +
      "/proc/PID/status. Exit code 1: there is no such process, or it has no number there; 3: it was not read.",
  ],
  options: {
    in: single("REF", anyText, "print its number in this pid namespace and nothing else"),
    of: single("REF", anyText, "take WHO for a number of this pid namespace, and print the one that you see"),
    ...PLACE_OPTIONS,
  },
  exclusive: [["in", "of"], ...PLACE_EXCLUSIONS],
  formats: ["text"],
  examples: [
    { line: "nsatlas pid self", shows: "every number that this process has" },
    { line: "nsatlas pid self --in self/pid", shows: "one, for a script" },
    { line: "nsatlas pid 1 --of self/pid --world containers.world", shows: "and back, in a world drawn as text" },
  ],
  async run(running, { in: within, of, ...place }, [operand = ""]) {
    const { out, format, glyphs, language } = running;
    const who = readWho(operand, language);
    if (of !== undefined && (who.in !== undefined || who.process === "self")) {
      throw usageFailure(PID_WORDS["in-and-of"][language], USAGE_HINTS["see-help"][language]({ command: "pid" }));
    }
    const observer = place.from === undefined ? await observerOf(running, place) : undefined;
    const name = (text: string) => namePidNamespace(readRef(text, language), observer, language);
    const text = of ?? (who.in === undefined ? undefined : operand.slice(operand.indexOf("@") + 1));
    const [source, target] = [text, within].map((ref) => (ref === undefined ? undefined : name(ref)));
    const files = [source?.path, target?.path].filter((path) => path !== undefined);
    const snapshot =
      observer === undefined
        ? await fromFile(running, place.from ?? "")
        : await look(running, observer, { status: true, files });
    const index = indexSnapshot(snapshot);

    const asked = {
      index,
      observer,
      who,
      text: safeText(brief(operand)),
      language,
      from: source && { ...pidNamespace(source, index, language), path: source.path },
    };
    const answers =
      target !== undefined
        ? [askNumber(asked, { ...pidNamespace(target, index, language), path: target.path })]
        : of !== undefined
          ? [askNumber(asked, undefined)]
          : askNumbers(asked);

    if (format === "json") out.write(`${toJson({ numbers: answers.map(numberFields) })}\n`);
    else if (within !== undefined || of !== undefined) out.write(`${answers[0]?.number}\n`);
    else {
      const unseen = PID_WORDS.unseen[language];
      const rows = answers.map(({ namespace, number }) => ({
        cells: [namespace === undefined ? unseen : `pid:[${inodeOf(namespace)}]`, String(number)],
      }));
      const columns = [
        { ...COLUMN, title: PID_WORDS.namespace[language], align: "left" },
        { ...COLUMN, title: "PID", align: "right" },
      ] as const;
      out.write(tableText({ columns, rows, tree: undefined }, { headings: true, width: undefined, glyphs }));
    }
    return EXIT.done;
  },
});

const numberFields = ({ namespace, number, by }: ToldNumber): object => ({ namespace: namespace ?? null, number, by });
