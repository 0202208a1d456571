import { reachGraph } from "../../caps/reach/picture.ts";
import { reach as reachOf } from "../../caps/reach/reach.ts";
import { Names, reachText } from "../../caps/reach/text.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { graphText, PICTURE_FORMS } from "../forms.ts";
import { gapFields } from "../finding-json.ts";
import { flag, single } from "../options.ts";
import { proseWidth } from "../page-width.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { seenPerson } from "../seen-person.ts";
import { count } from "../values.ts";
import { readWho } from "../who.ts";

const EXITS = { yes: EXIT.done, no: EXIT.no, unknown: EXIT.unknown } as const;

/** What a process can get to, step by step. */
export const reach = command({
  name: "reach",
  operands: { shown: "WHO", least: 1, most: 1 },
  description: [
    "Which namespaces WHO can get to, and with which power, by shortest paths of steps that the kernel's permission checks " +
      "let it take: setns(2), also as owner of a user namespace, attaching to processes (ptrace), /proc/PID/root, " +
      "descriptors that it or others hold, mounted namespace files, other ids by CAP_SETUID, programs started as root, " +
      "unshare(2). A step for which evidence is missing is told and not taken.",
    "Exit code 0: it reaches CAP_SYS_ADMIN in the machine's initial user namespace; 1: it does not; 3: no way was found, and " +
      "evidence is missing.",
  ],
  options: {
    depth: single("N", count, "paths of at most N steps"),
    all: flag("everything, however much", { short: "a" }),
    ...PLACE_OPTIONS,
  },
  exclusive: PLACE_EXCLUSIONS,
  formats: ["text", ...PICTURE_FORMS],
  examples: [
    { line: "nsatlas reach 1 --world containers.world", shows: "root of the machine reaches everything" },
    {
      line: "nsatlas reach 4 --world containers.world",
      shows: "root of a container reaches what lies in it",
      exit: EXIT.no,
    },
    { line: "nsatlas reach 4 --world containers.world --format dot", shows: "as a picture", exit: EXIT.no },
    { line: "nsatlas reach 1 --depth 1 --world containers.world --json", shows: "for programs" },
  ],
  async run(running, { depth, all, ...place }, [operand = ""]) {
    const { out, format, color, glyphs, language } = running;
    const who = readWho(operand, language);
    // Descriptors lead somewhere too.
    const seen = await seenPerson(running, place, { who, operand, refs: [], everybody: true, sockets: true });
    const { index, person } = seen;
    const answer = reachOf(index, person, depth === undefined ? {} : { depth });
    const { charset } = glyphs;
    if (format === "json") {
      out.write(`${toJson({ ...answer, gaps: answer.gaps.map((gap) => gapFields(gap, language)) })}\n`);
    } else if (format === "text") {
      out.write(reachText(index, answer, { width: proseWidth(out), color, charset, language, all }));
    } else {
      const graph = reachGraph(index, answer, { names: new Names(index, { language, charset }), charset, language });
      out.write(graphText(graph, format));
    }
    return EXITS[answer.initial.verdict];
  },
});
