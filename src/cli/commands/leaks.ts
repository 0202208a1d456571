import { LEAKS } from "../../messages/leaks.ts";
import { leaksText } from "../../render/leaks.ts";
import { leaksMetrics } from "../../render/prometheus.ts";
import { gapsForAll } from "../../snapshot/gaps.ts";
import { judgeLeaks } from "../../snapshot/leaks.ts";
import { command } from "../command.ts";
import { duration } from "../duration.ts";
import { EXIT } from "../exit-codes.ts";
import { leaksJson } from "../leaks-json.ts";
import { note } from "../note.ts";
import { flag, many, single } from "../options.ts";
import { pageWidth } from "../page-width.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { SOURCE_OPTIONS, sourceWish } from "../source-options.ts";
import { seen } from "../target.ts";
import { kinds } from "../values.ts";

const EXIT_BY_VERDICT = { yes: EXIT.no, no: EXIT.done, unknown: EXIT.unknown } as const;

/** Namespaces that outlived their processes. */
export const leaks = command({
  name: "leaks",
  description: [
    "Lists the namespaces that no process is in, with what most surely holds each and for how long, at least, they have been " +
      "there: a namespace is at least as old as its file, which an open descriptor or a mount keeps, and not younger than " +
      "what it owns.",
    "No leaks are: what the kernel keeps for itself; what a thread is in; and a user or pid namespace that another one with " +
      "a process lies in or belongs to, which cannot be without it. That is listed apart.",
    "Exit code 1 where there is one, 0 where there is none, 3 where it cannot be told: a process that may not be looked into " +
      "may be in any of them, and what was not looked into may hold another. --as-seen judges by what was seen.",
    "With --format prometheus it prints metrics for a textfile collector, whose labels have a fixed set of values.",
  ],
  options: {
    "older-than": single("T", duration, "only those known to be there for so long: 90s, 15m, 2h, 7d, 2w"),
    type: many("TYPE", kinds, "only namespaces of this kind", { short: "t" }),
    "as-seen": flag("judge by what was seen, as if there were nothing else"),
    ...SOURCE_OPTIONS,
    ...PLACE_OPTIONS,
  },
  exclusive: PLACE_EXCLUSIONS,
  formats: ["text", "prometheus"],
  examples: [
    {
      line: "nsatlas leaks --world containers.world",
      shows: "one in a drawn world, which a name holds",
      exit: EXIT.no,
    },
    {
      line: "nsatlas leaks --world containers.world --older-than 1h --as-seen",
      shows: "none that is known to be so old: a drawn world has no clock",
    },
    {
      line: "nsatlas leaks --world containers.world --format prometheus",
      shows: "for a textfile collector",
      exit: EXIT.no,
    },
    { line: "nsatlas leaks --world containers.world --json -t net,mnt", shows: "for programs", exit: EXIT.no },
  ],
  async run(running, { "older-than": olderThanSeconds, type, "as-seen": asSeen, ...place }) {
    const { out, err, format, color, glyphs, language } = running;
    const { index } = await seen(running, { ...place, sources: sourceWish(place) });
    const gaps = gapsForAll(index.snapshot);
    const chosen = type.flat();
    const judgement = judgeLeaks(index, gaps.length === 0, {
      asSeen,
      ...(chosen.length === 0 ? {} : { kinds: new Set(chosen) }),
      ...(olderThanSeconds === undefined ? {} : { olderThanSeconds }),
    });
    if (format === "json") out.write(leaksJson(index, judgement, gaps, running));
    else if (format === "prometheus") out.write(leaksMetrics(judgement, gaps, new Date(index.snapshot.takenAt)));
    else {
      out.write(
        leaksText(index, judgement, gaps, { width: pageWidth(out), color, glyphs, language, olderThanSeconds }),
      );
    }
    if (judgement.verdict === "unknown") note(err, LEAKS["cannot-tell"][language]);
    return EXIT_BY_VERDICT[judgement.verdict];
  },
});
