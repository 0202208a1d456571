import { audit as auditOf } from "../../caps/audit/audit.ts";
import { auditSarif } from "../../caps/audit/sarif.ts";
import { auditText } from "../../caps/audit/text.ts";
import { AUDIT_RULES } from "../../messages/audit.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { VERSION } from "../../version.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { gapFields } from "../finding-json.ts";
import { proseWidth } from "../page-width.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { seen } from "../target.ts";

/** What is amiss with the walls between containers and their machine. */
export const audit = command({
  name: "audit",
  description: [
    "Looks for walls that are missing: containers with capabilities over the initial user namespace, or in the machine's own " +
      "net, pid or ipc namespace; containers that share ids; setgroups allowed where one group alone is mapped; user " +
      "namespaces of containers that a user beside them owns; namespaces that no process is in or has open. Containers are " +
      "known by the names of control groups.",
    "Exit code 1: an error or a warning was found; 0: none (notes may be); 3: none, and evidence is missing.",
  ],
  options: PLACE_OPTIONS,
  exclusive: PLACE_EXCLUSIONS,
  formats: ["text", "sarif"],
  examples: [
    { line: "nsatlas audit --world containers.world", shows: "a drawn world, in which nothing is amiss" },
    { line: "nsatlas audit --world containers.world --format sarif", shows: "for what collects findings" },
    { line: "nsatlas audit --world containers.world --json", shows: "for programs" },
  ],
  async run(running, place) {
    const { out, format, color, glyphs, language } = running;
    const { index } = await seen(running, { ...place, status: true, cgroups: true });
    const answer = auditOf(index);
    if (format === "sarif") {
      out.write(`${toJson(auditSarif(answer, { language, producer: { name: "nsatlas", version: VERSION } }))}\n`);
    } else if (format === "json") {
      const findings = answer.findings.map((one) => ({ ...one, remedy: AUDIT_RULES[one.rule].remedy[language] }));
      out.write(`${toJson({ ...answer, findings, gaps: answer.gaps.map((gap) => gapFields(gap, language)) })}\n`);
    } else {
      out.write(auditText(answer, { width: proseWidth(out), color, charset: glyphs.charset, language }));
    }
    if (answer.findings.some(({ severity }) => severity !== "note")) return EXIT.no;
    return answer.missing.length + answer.gaps.length > 0 ? EXIT.unknown : EXIT.done;
  },
});
