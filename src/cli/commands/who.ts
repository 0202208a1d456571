import { who as whoHas } from "../../caps/who.ts";
import { whoText } from "../../caps/who-text.ts";
import { namesIn } from "../../render/namespace-name.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { readCapability } from "../capability-word.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { gapFields } from "../finding-json.ts";
import { flag } from "../options.ts";
import { proseWidth } from "../page-width.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { readRef, vanished } from "../resolve.ts";
import { seenWith } from "../target.ts";

/** Every process that has a capability over a namespace. */
export const who = command({
  name: "who",
  operands: { shown: "CAP REF", least: 2, most: 2 },
  description: [
    "Every process that has CAP over the resources of REF, by the reason it has it: in the user namespace that governs it, " +
      "in one above, or as the owner of one on the way; then those of which too little was seen to tell. A process stands " +
      "for its first thread (caps PID/TID asks about another).",
    "CAP is a name as in capabilities(7), with or without CAP_: sys_admin. Exit code 1: nobody has it; 3: nobody has it " +
      "for certain, and for some it is unknown.",
  ],
  options: { all: flag("every process by its number, however many", { short: "a" }), ...PLACE_OPTIONS },
  exclusive: PLACE_EXCLUSIONS,
  formats: ["text"],
  examples: [
    { line: "nsatlas who CAP_SYS_ADMIN self/net", shows: "who can configure the network you are in" },
    { line: "nsatlas who sys_ptrace user:4026531840 --world containers.world", shows: "who can look into a container" },
    { line: "nsatlas who net_admin net:blue --world containers.world --json", shows: "for programs" },
  ],
  async run(running, { all, ...place }, [word = "", operand = ""]) {
    const { out, format, color, glyphs, language } = running;
    const capability = readCapability(word, language);
    const named = readRef(operand, language);
    const sources = { without: ["descriptors", "sockets", "mounts"] } as const;
    const { index, target } = await seenWith(running, { ...place, named, sources, status: true });
    const answer = whoHas(index, capability, target.id);
    if (answer === undefined) throw vanished(named.text, language);
    if (format === "json") {
      out.write(`${toJson({ ...answer, gaps: answer.gaps.map((gap) => gapFields(gap, language)) })}\n`);
    } else {
      const nameOf = namesIn(index.snapshot);
      const options = { width: proseWidth(out), color, charset: glyphs.charset, language, nameOf, all };
      out.write(whoText(index, answer, options));
    }
    if (answer.holders.length > 0) return EXIT.done;
    return answer.unknown.length > 0 || answer.gaps.length > 0 ? EXIT.unknown : EXIT.no;
  },
});
