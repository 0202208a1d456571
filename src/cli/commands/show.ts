import { inodeOf } from "../../abi/ids.ts";
import { hintFor } from "../../messages/hints.ts";
import { REASONS } from "../../messages/reasons.ts";
import type { Language } from "../../messages/sentence.ts";
import type { NamespaceRecord, Refusal } from "../../snapshot/types.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { field, FIELD_NAMES, FIELDS } from "../fields.ts";
import { flag, single } from "../options.ts";
import { readRef } from "../resolve.ts";
import { seenWith } from "../target.ts";
import { oneOf, path } from "../values.ts";

/** Everything about one namespace, or one field of it for a script. */
export const show = command({
  name: "show",
  operands: { shown: "REF", least: 1, most: 1 },
  description: [
    "Device and inode, 64-bit id, kind, who owns it and what it descends from as far as you may see, the creator's uid, " +
      'id maps, members, and what holds it. "nsatlas help" lists the forms of REF.',
  ],
  options: {
    get: single("FIELD", oneOf(FIELD_NAMES), "print one value and nothing else", { short: "g" }),
    all: flag("every member and holder, however many", { short: "a" }),
    from: single("FILE", path, "look at a snapshot in place of this machine; - is standard input"),
  },
  exclusive: [
    ["proc", "from"],
    ["get", "all"],
  ],
  formats: ["text"],
  tables: [{ heading: "Fields", rows: FIELD_NAMES.map((name) => [name, FIELDS[name].help]) }],
  examples: [
    { line: "nsatlas show self/net", shows: "the network namespace you are in" },
    { line: "nsatlas show --get ino self/user", shows: "an inode number, for a script" },
    { line: "nsatlas show uts:/proc/self/ns/uts", shows: "a file, refused unless it is of that kind" },
  ],
  async run(running, { get, from }, [operand = ""]) {
    const { out, language } = running;
    const named = readRef(operand, language);
    const { index, target } = await seenWith(running, { from, named });
    const namespace = index.namespaces.get(target.id);
    if (namespace === undefined) throw new Error(`${target.id} was resolved and is not in the snapshot`);
    if (get !== undefined) {
      const answer = field(get).value(namespace, index);
      if (!("value" in answer)) throw refusedField(answer, namespace, language);
      out.write(`${answer.value}\n`);
      return EXIT.done;
    }
    for (const name of FIELD_NAMES) {
      const answer = field(name).value(namespace, index);
      out.write(`${name}: ${"value" in answer ? answer.value : answer.refused}\n`);
    }
    return EXIT.done;
  },
});

function refusedField({ refused, call, reason }: Refusal, { id, kind }: NamespaceRecord, language: Language) {
  const known = hintFor({ code: refused, syscall: call }, language);
  return new CommandFailure({
    exit: EXIT.refused,
    code: refused,
    syscall: call,
    subject: `${kind}:[${inodeOf(id)}]`,
    ...known,
    ...(reason === undefined ? {} : { reason: REASONS[reason][language] }),
  });
}
