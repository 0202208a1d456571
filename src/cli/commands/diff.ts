import { DIFF_WORDS } from "../../messages/diff.ts";
import { diffLines, diffText } from "../../render/diff.ts";
import { diffGraph, diffRecords } from "../../render/diff-records.ts";
import { namesIn } from "../../render/namespace-name.ts";
import { differ, differences, isUncertain } from "../../snapshot/compare/differences.ts";
import { indexSnapshot } from "../../snapshot/index-snapshot.ts";
import { SOURCE_NAMES } from "../../messages/not-seen.ts";
import type { Snapshot, Source } from "../../snapshot/types.ts";
import { command, type Running } from "../command.ts";
import { diffJson } from "../diff-json.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { answerText, PICTURE_FORMS, ROW_FORMS, type PictureForm, type RowForm } from "../forms.ts";
import { note } from "../note.ts";
import { fromFile, look } from "../seen.ts";
import { isFolder } from "../snapshot-files.ts";
import { ATTRIBUTE_OPTIONS, SOURCE_OPTIONS, sourceWish } from "../source-options.ts";

type DiffForm = "text" | "tree" | "table" | RowForm | PictureForm;

/** The word for this machine where a snapshot's file may stand. */
const LIVE = "live";

/** What is different between two looks. */
export const diff = command({
  name: "diff",
  operands: { shown: "A B", least: 2, most: 2 },
  description: [
    "A and B are files that snapshot has written, - for standard input, or live for this machine as it is now. Namespaces " +
      "that are gone, new, held by something else or by no process any more, with other id maps, names, hosts, clocks or interfaces, and processes that went " +
      "from one to another. Processes that come and go are no difference as long as others stay.",
    "A namespace is the same where boot and 64-bit id are; before Linux 6.18, where boot, device and inode are and " +
      "nothing says that the number was reused. Where a look could not read what the other one did, nothing is said to be gone " +
      "or new that it may have missed. Exit code 0: no difference; 1: there are some; 3: none is certain, and not all could be told.",
    "A and B may be two folders of snapshots: the files of one name are one host, and each is compared with itself.",
  ],
  options: { ...SOURCE_OPTIONS, ...ATTRIBUTE_OPTIONS },
  formats: ["text", "tree", "table", ...ROW_FORMS, ...PICTURE_FORMS],
  examples: [
    { line: "nsatlas snapshot -o before.json", shows: "keep what is seen now, to compare with later" },
    { line: "nsatlas diff before.json before.json", shows: "no difference" },
    { line: "nsatlas diff before.json before.json --format csv", shows: "for a spreadsheet: headings, and no row" },
  ],
  async run(running, values, [a = "", b = ""]) {
    const see = async (name: string): Promise<Snapshot> =>
      name === LIVE ? lookNow(running, sourceWish(values)) : fromFile(running, name);
    if (!isFolder(a) && !isFolder(b)) return tellDifferences(running, await see(a), await see(b));
    const { diffHosts } = await import("../diff-hosts.ts");
    return await diffHosts(running, [a, b], async (to, [one, other]) => tellDifferences(to, await see(one), other));
  },
});

/** Prints what is different, and on standard error what could not be told. */
function tellDifferences(
  { out, err, format, glyphs, language }: Running<DiffForm>,
  before: Snapshot,
  after: Snapshot,
): ExitCode {
  const found = differences(indexSnapshot(before), indexSnapshot(after));
  if (format === "json") out.write(diffJson(found));
  else {
    // Names have the device where either look saw several.
    const nameOf = namesIn({ ...after, namespaces: [...before.namespaces, ...after.namespaces] });
    const words = { nameOf, glyphs, language };
    if (format === "text") out.write(diffText(found, words));
    else {
      const lines = diffLines(found, words);
      const title = `${before.takenAt} → ${after.takenAt}`;
      const forms = { records: () => diffRecords(lines), graph: () => diffGraph(lines, title) };
      out.write(answerText(format, forms, { width: out.columns, glyphs }));
    }
    const { sameBoot, unsure, notCompared, incomplete } = found;
    const names = (sources: readonly Source[]): readonly string[] =>
      sources.map((source) => SOURCE_NAMES[source][language]);
    const said = [
      ...(sameBoot === false ? [DIFF_WORDS["other-boot"][language]] : []),
      ...(sameBoot === undefined ? [DIFF_WORDS["unknown-boot"][language]] : []),
      ...(unsure.length > 0 ? [DIFF_WORDS.unsure[language]({ count: unsure.length })] : []),
      ...(notCompared.length > 0 ? [DIFF_WORDS["not-compared"][language]({ sources: names(notCompared) })] : []),
      ...(incomplete.length > 0 ? [DIFF_WORDS.incomplete[language]({ sources: names(incomplete) })] : []),
    ];
    for (const sentence of said) note(err, sentence);
  }
  if (differ(found)) return EXIT.no;
  return isUncertain(found) ? EXIT.unknown : EXIT.done;
}

const lookNow = async (running: Running, sources: ReturnType<typeof sourceWish>): Promise<Snapshot> =>
  look(running, await running.openObserver(running.procRoot), {
    commandLines: true,
    cgroups: true,
    status: true,
    attributes: true,
    ...sources,
  });
