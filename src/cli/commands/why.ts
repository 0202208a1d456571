import { WHY } from "../../messages/why.ts";
import { inodeOf } from "../../abi/ids.ts";
import { namesIn } from "../../render/namespace-name.ts";
import { whyText } from "../../render/why.ts";
import { whyGraph, whyRecords } from "../../render/why-records.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { whyAlive, type WhyAlive } from "../../snapshot/why-alive.ts";
import { command, type Running } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { gapFields, holderAnswerFields, namespaceFields } from "../finding-json.ts";
import { answerText, PICTURE_FORMS, ROW_FORMS } from "../forms.ts";
import { flag } from "../options.ts";
import { pageWidth } from "../page-width.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { readRef, vanished } from "../resolve.ts";
import { SOURCE_OPTIONS, sourceWish } from "../source-options.ts";
import { seenWith } from "../target.ts";

/** Every holder of one namespace, and what would let it go. Nothing of that is done. */
export const why = command({
  name: "why",
  operands: { shown: "REF", least: 1, most: 1 },
  description: [
    "Lists every holder that can be seen, the surest first: processes, threads, what tasks give to their children, open " +
      "files, sockets, pidfds, mounts, children, what it owns. Below each stands what would make it let go; of a holder that " +
      "is itself a namespace, or lies in one, why that is there. The namespace ends when all have let go.",
    "Where nobody visible holds it, it says what was not looked into and what would show it; exit code 3.",
  ],
  options: {
    all: flag("every holder, however many", { short: "a" }),
    ...SOURCE_OPTIONS,
    ...PLACE_OPTIONS,
  },
  exclusive: PLACE_EXCLUSIONS,
  formats: ["text", "tree", "table", ...ROW_FORMS, ...PICTURE_FORMS],
  examples: [
    { line: "nsatlas why self/net", shows: "who keeps your network namespace" },
    { line: "nsatlas why net:blue --world containers.world", shows: "what holds one that no process is in" },
    { line: "nsatlas why user:4026531840 --world containers.world", shows: "children, and what it owns" },
    { line: "nsatlas why net:blue --world containers.world --format csv", shows: "a row a holder" },
    { line: "nsatlas why self/uts --json", shows: "for programs" },
  ],
  async run(running, { all, ...place }, [operand = ""]) {
    const { out, err, format, color, glyphs, language } = running;
    const named = readRef(operand, language);
    const { index, target } = await seenWith(running, { ...place, named, sources: sourceWish(place) });
    const namespace = index.namespaces.get(target.id);
    if (namespace === undefined) throw vanished(named.text, language);
    const answer = whyAlive(index, namespace);
    if (format === "json") out.write(whyJson(index, answer, running));
    else if (format === "text")
      out.write(whyText(index, answer, { width: pageWidth(out), color, glyphs, language, all }));
    else {
      const wording = { language, charset: glyphs.charset, nameOf: namesIn(index.snapshot) };
      const forms = { records: () => whyRecords(answer, wording), graph: () => whyGraph(answer, wording) };
      out.write(answerText(format, forms, { width: out.columns, glyphs }));
    }
    if (answer.kernels || answer.holders.length > 0) return EXIT.done;
    const nobody = namespace.listed ? WHY.listed : WHY.nobody;
    if (format !== "text") err.write(`nsatlas: ${namespace.kind}:[${inodeOf(namespace.id)}]: ${nobody[language]}\n`);
    return EXIT.unknown;
  },
});

function whyJson(index: SnapshotIndex, { namespace, kernels, holders, gaps }: WhyAlive, running: Running): string {
  const { language, glyphs } = running;
  const wording = { language, charset: glyphs.charset, nameOf: namesIn(index.snapshot) };
  const document = {
    ...namespaceFields(namespace, index),
    kernels,
    holders: holders.map((one) => holderAnswerFields(one, wording)),
    unseen: gaps.map((gap) => gapFields(gap, language)),
  };
  return `${toJson(document)}\n`;
}
