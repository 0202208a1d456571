import { capsOver } from "../../caps/caps-over.ts";
import { capsText } from "../../caps/caps-text.ts";
import { MISSING_EVIDENCE } from "../../messages/evidence.ts";
import { namesIn } from "../../render/namespace-name.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { proseWidth } from "../page-width.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { readRef } from "../resolve.ts";
import { seenPerson } from "../seen-person.ts";
import { readWho } from "../who.ts";

/** What a process can use over the resources of a namespace, with the walk that leads there. */
export const caps = command({
  name: "caps",
  operands: { shown: "WHO [REF]", least: 1, most: 2 },
  description: [
    "A capability counts in a user namespace: the one that owns the namespace in question. WHO has its effective set there " +
      "if it is in that user namespace or in one above, and every capability if it owns it. The answer comes with each " +
      "step and where it was read. Without REF: over the user namespace that WHO is in.",
    "WHO is a process as you see it (42), a thread of it (42/43), as another pid namespace sees it " +
      "(42@pid:[4026532201]), or self. Exit code 1: it has none; 3: evidence is missing, it says which.",
  ],
  options: PLACE_OPTIONS,
  exclusive: PLACE_EXCLUSIONS,
  formats: ["text"],
  examples: [
    { line: "nsatlas caps self", shows: "what this process can use where it is" },
    {
      line: "nsatlas caps 1 net:blue --world containers.world",
      shows: "what root has over a namespace of a world drawn as text",
    },
    { line: "nsatlas caps self self/net --json", shows: "the same as data, for programs" },
  ],
  async run(running, place, [operand = "", text]) {
    const { out, format, color, glyphs, language } = running;
    const refs = text === undefined ? [] : [readRef(text, language)];
    const seen = await seenPerson(running, place, { who: readWho(operand, language), operand, refs });
    const answer = capsOver(seen.index, seen.person, seen.namespaces[0]?.id);
    if (answer === undefined) {
      const reason = MISSING_EVIDENCE.link[language]({ of: `${seen.person.process.pid}/user` });
      throw new CommandFailure({ exit: EXIT.unknown, code: "UNKNOWN", subject: operand, reason });
    }
    if (format === "json") out.write(`${toJson(answer)}\n`);
    else {
      const options = { width: proseWidth(out), color, charset: glyphs.charset, language };
      out.write(capsText(answer, namesIn(seen.index.snapshot), options));
    }
    if (answer.usable.length > 0) return EXIT.done;
    return answer.possible.length > 0 ? EXIT.unknown : EXIT.no;
  },
});
