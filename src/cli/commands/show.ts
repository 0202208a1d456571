import { pageWidth } from "../page-width.ts";
import { inodeOf } from "../../abi/ids.ts";
import { NOT_RECORDED } from "../../messages/commands.ts";
import { hintFor } from "../../messages/hints.ts";
import { REASONS } from "../../messages/reasons.ts";
import type { Language } from "../../messages/sentence.ts";
import { USAGE, USAGE_HINTS } from "../../messages/usage.ts";
import { FIELD_HELP } from "../../messages/show.ts";
import { SHOW_FIELD_NAMES, showField, type FieldAnswer } from "../../render/show-fields.ts";
import { tooCostly } from "../../render/not-seen.ts";
import { showText } from "../../render/show.ts";
import type { NamespaceRecord, Refusal } from "../../snapshot/types.ts";
import { command, type Running } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { note } from "../note.ts";
import { flag, single } from "../options.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { tellRelations } from "../relations.ts";
import { readRef, vanished } from "../resolve.ts";
import { showJson } from "../show-json.ts";
import { brief } from "../brief.ts";
import { ATTRIBUTE_OPTIONS, SOURCE_OPTIONS, sourceWish } from "../source-options.ts";
import { seenWith } from "../target.ts";
import { usageFailure } from "../usage.ts";
import { oneOf } from "../values.ts";

/** Everything about one namespace, or one field of it for a script. */
export const show = command({
  name: "show",
  operands: { shown: "REF [p|u]", least: 1, most: 2 },
  description: [
    "Device and inode, 64-bit id, kind, who owns it and what it descends from as far as you may see, the creator's uid, " +
      'id maps, members, and what holds it. "nsatlas help" lists the forms of REF.',
    "With p, u or pu it answers as ns_show does: parent, owning user namespace, or both; exit code 1 where the kernel " +
      "gives none.",
  ],
  options: {
    get: single("FIELD", oneOf(SHOW_FIELD_NAMES), "print one value and nothing else", { short: "g" }),
    all: flag("every member and holder, however many", { short: "a" }),
    ...SOURCE_OPTIONS,
    ...ATTRIBUTE_OPTIONS,
    ...PLACE_OPTIONS,
  },
  exclusive: [...PLACE_EXCLUSIONS, ["get", "all"]],
  formats: ["text"],
  tables: [{ heading: "Fields", rows: SHOW_FIELD_NAMES.map((name) => [name, FIELD_HELP[name].en]) }],
  examples: [
    { line: "nsatlas show self/net", shows: "the network namespace you are in" },
    { line: "nsatlas show --get ino self/user", shows: "an inode number, for a script" },
    { line: "nsatlas show self/net u", shows: "who owns it, as ns_show answers" },
    { line: "nsatlas show net:blue --world containers.world", shows: "one of a world drawn as text" },
    { line: "nsatlas show uts:/proc/self/ns/uts", shows: "a file, refused unless it is of that kind" },
  ],
  async run(running, { get, all, ...place }, [operand = "", letters]) {
    const { out, err, format, color, glyphs, language } = running;
    const named = readRef(operand, language);
    if (letters !== undefined) {
      if (!/^[pu]+$/.test(letters) || get !== undefined) throw badLetters(letters, language);
      return await tellRelations(running, { named, letters, ...place });
    }
    const { index, target } = await seenWith(running, {
      ...place,
      named,
      sources: sourceWish(place),
      attributes: true,
    });
    const namespace = index.namespaces.get(target.id);
    if (namespace === undefined) throw vanished(named.text, language);
    if (get !== undefined) out.write(fieldText(showField(get)(namespace, index), namespace, running));
    else if (format === "json") out.write(showJson(index, namespace));
    else out.write(showText(index, namespace, { width: pageWidth(out), color, glyphs, language, all }));
    // One value is one line; whoever asks for all of it is told what was not read.
    const isWhole = get === undefined;
    for (const sentence of isWhole ? tooCostly(index.snapshot, language) : []) note(err, sentence);
    return EXIT.done;
  },
});

/** The value, as JSON where that was asked for. Throws where the kernel gave none. */
function fieldText(answer: FieldAnswer, namespace: NamespaceRecord, { format, language }: Running): string {
  if ("refused" in answer) throw refusedField(answer, namespace, language);
  if ("notRecorded" in answer) throw unrecorded(answer.notRecorded, namespace, language);
  return `${format === "json" ? JSON.stringify(answer.value) : answer.value}\n`;
}

function unrecorded(call: string, { id, kind }: NamespaceRecord, language: Language): CommandFailure {
  const [reason, hint] = [NOT_RECORDED.reason[language]({ call }), NOT_RECORDED.hint[language]];
  return new CommandFailure({ exit: EXIT.unknown, code: "UNKNOWN", subject: `${kind}:[${inodeOf(id)}]`, reason, hint });
}

function badLetters(letters: string, language: Language): CommandFailure {
  const reason = USAGE["extra-operand"][language]({ command: "show", operand: brief(letters) });
  return usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "show" }));
}

function refusedField(refusal: Refusal, { id, kind, owner }: NamespaceRecord, language: Language): CommandFailure {
  // Without the native half nothing is asked, and an id that is not there says nothing about the kernel.
  const { refused, call, reason } =
    refusal.refused === "ENOTTY" && "refused" in owner && owner.refused === "ENOSYS" ? owner : refusal;
  const known = hintFor({ code: refused, syscall: call }, language);
  return new CommandFailure({
    exit: UNSUPPORTED.has(refused) ? EXIT.unsupported : EXIT.refused,
    code: refused,
    syscall: call,
    subject: `${kind}:[${inodeOf(id)}]`,
    ...known,
    ...(reason === undefined ? {} : { reason: REASONS[reason][language] }),
  });
}

/** The call is unknown to this kernel, or to this machine. */
const UNSUPPORTED: ReadonlySet<string> = new Set(["ENOTTY", "ENOSYS"]);
