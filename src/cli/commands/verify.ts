import { TOPOLOGY_DIFFERENCES } from "../../messages/topology-differences.ts";
import { USAGE, USAGE_HINTS } from "../../messages/usage.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { compareTopologies } from "../../topology/compare/compare.ts";
import { report } from "../../topology/compare/report.ts";
import type { RegistryEntry } from "../../restore/registry-entry.ts";
import type { Topology } from "../../topology/topology.ts";
import { command, type Running } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { flag, many, single } from "../options.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS, type Place } from "../place.ts";
import { openNamed } from "../restore/externals.ts";
import { externalWish, type ExternalWish } from "../restore/readings.ts";
import { registered } from "../restore/registered.ts";
import { verifyMade, type Verified } from "../restore/verify-made.ts";
import { takeImage } from "../take-image.ts";
import { readTopologyFile } from "../topology-file.ts";
import { usageFailure } from "../usage.ts";
import { anyText } from "../values.ts";
import { differencesText } from "../verify-text.ts";
import { wrap } from "../wrap.ts";

/** How many differences are shown to a person who did not ask for all. */
const SHOWN = 10;

/** Whether what is there is what an image says. */
export const verify = command({
  name: "verify",
  operands: { shown: "FILE", least: 1, most: 1 },
  description: [
    "Compares the image in FILE (- is standard input) with what hangs from --against: what restore made under that NAME, or a " +
      "process WHO and all below it, or a namespace REF, as checkpoint takes them; whoever made it. The two are the same " +
      "where each namespace, process, bind mount and device of the image has one counterpart with the same owner, parents, " +
      "members, maps and attributes, and nothing else hangs there. Inode numbers and what the image leaves open are not compared.",
    "Each difference is told as a path from the outermost owner down, with what is here and what the image says, and the few " +
      "elements that the differences are about are drawn. Exit code 0: the same; 1: there are differences; 3: none is " +
      "certain, and something could not be read.",
  ],
  options: {
    against: single("NAME|WHO|REF", anyText, "what was restored under NAME, or what hangs from WHO or REF"),
    external: many("KEY=REF", externalWish, "the namespace that the image calls external:KEY is REF here"),
    all: flag("show all differences, and not only the first ten"),
    "no-enter": flag("enter no namespace to ask what it says of itself"),
    ...PLACE_OPTIONS,
  },
  exclusive: PLACE_EXCLUSIONS,
  formats: ["text"],
  examples: [
    { line: "nsatlas checkpoint 4 --world containers.world -o pod.json", shows: "an image to compare with" },
    { line: "nsatlas verify pod.json --against 4 --world containers.world", shows: "the same" },
    { line: "nsatlas verify pod.json --against 8 --world containers.world", shows: "another one", exit: EXIT.no },
  ],
  async run(running, { against, external, all, "no-enter": noEnter, ...place }, [file = ""]) {
    const { language } = running;
    if (against === undefined) {
      const seeHelp = USAGE_HINTS["see-help"][language]({ command: "verify" });
      throw usageFailure(USAGE["missing-option"][language]({ command: "verify", option: "--against" }), seeHelp);
    }
    const image = await readTopologyFile(running, file);
    const verified = await compared(running, image, { against, externals: external, enter: !noEnter, place });
    return tell(running, { ...verified, most: all ? verified.differences.length : SHOWN });
  },
});

interface Against {
  readonly against: string;
  readonly externals: readonly ExternalWish[];
  readonly enter: boolean;
  readonly place: Place;
}

/** On this machine a name that restore gave comes before others: what is left of it is what there is, be it nothing. */
async function compared(
  running: Running,
  image: Topology,
  { against, externals, enter, place }: Against,
): Promise<Verified> {
  const isMachine = place.from === undefined && place.world === undefined;
  const entry = isMachine ? registered(against, running.env) : undefined;
  if (entry !== undefined) return verifyMade(running, image, { entry: await named(running, entry, externals), enter });
  const here = await takeImage(running, { operands: [against], names: [], externals, enter, place });
  return { image, differences: report(compareTopologies(image, here)) };
}

/** What was registered, but for what is said otherwise. */
async function named(running: Running, entry: RegistryEntry, wishes: readonly ExternalWish[]): Promise<RegistryEntry> {
  if (wishes.length === 0) return entry;
  using opened = await openNamed(running, wishes);
  const keys = new Set(wishes.map(({ key }) => key));
  return { ...entry, externals: [...(entry.externals ?? []).filter(({ key }) => !keys.has(key)), ...opened.named] };
}

interface Told extends Verified {
  readonly most: number;
}

/** Prints what a comparison came to. */
export function tell({ out, format, glyphs, language }: Running, { image, differences, most }: Told): ExitCode {
  const counts = { namespaces: image.namespaces.length, processes: image.processes.length };
  const isCertain = differences.some(({ what }) => what !== "unread");
  const same = differences.length === 0 ? true : isCertain ? false : null;
  if (format === "json") out.write(`${toJson({ same, ...counts, differences })}\n`);
  else if (same === true) out.write(`${wrap(TOPOLOGY_DIFFERENCES.same[language](counts)).join("\n")}\n`);
  else out.write(differencesText(differences, { glyphs, language, most }));
  if (same === true) return EXIT.done;
  return same === false ? EXIT.no : EXIT.unknown;
}
