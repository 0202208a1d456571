import { Page } from "../../caps/page.ts";
import { CRIU_WORDS } from "../../messages/criu.ts";
import { COLON } from "../../messages/errors.ts";
import { CHECKPOINT } from "../../messages/topology-text.ts";
import { USAGE, USAGE_HINTS } from "../../messages/usage.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { encodeTopology } from "../../topology/image/encode.ts";
import { criuRefusals, type CriuRefusal } from "../../topology/criu/refusals.ts";
import type { Finding } from "../../topology/findings.ts";
import { countsText, findingLines, sayFindings } from "../../topology/text/page.ts";
import type { Topology } from "../../topology/topology.ts";
import { brief } from "../brief.ts";
import { command, type Running } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { fileFailure } from "../file-failure.ts";
import { flag, many, single } from "../options.ts";
import { proseWidth } from "../page-width.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { externalWish } from "../restore/readings.ts";
import { takeImage } from "../take-image.ts";
import { usageFailure } from "../usage.ts";
import { anyText, path } from "../values.ts";
import { writeWhole } from "../write-file.ts";

/** An image of namespaces and of who stands in them. */
export const checkpoint = command({
  name: "checkpoint",
  operands: { shown: "[WHO|REF]…", least: 0, most: Number.POSITIVE_INFINITY },
  description: [
    "Writes the topology that hangs from WHO (a process and all below it), REF (whoever is in it; of a user namespace all that " +
      "lies below and all that it owns) or a container to FILE: namespaces with owners, parents, maps and attributes, " +
      "processes with their numbers and credentials, bind mounts and open files. Nothing is changed, and nothing stopped.",
    "What starts and ends processes all the time is never seen alike twice (exit code 3). With --freeze all that is captured stands " +
      "still meanwhile, by the freezer of its control group (version 2) where nobody else is in that, else by SIGSTOP, which its " +
      "parents are told of; then it goes on, also where nsatlas fails or is killed. Who stood still before does so afterwards; " +
      "nsatlas, whoever started it, and process 1 are never stopped.",
    "It looks until two looks in a row agree. What the image does not hold is listed: for your information, left out of " +
      "comparisons (refused with --strict), or, where it could not be restored, so that no image is written (exit code 4). " +
      "The namespaces of nsatlas itself are the boundary: ambient:KIND, whoever restores's own; and so are those that --external " +
      "names, such as a network namespace that somebody else sets up: restore --external says which they are then.",
  ],
  options: {
    output: single("FILE", path, "where to; - is standard output", { short: "o" }),
    name: many("CONTAINER", anyText, "the processes of this container, pod or machine, by its name or id"),
    external: many("KEY=REF", externalWish, "leave REF out: what leads there leads to external:KEY"),
    freeze: flag("have all of it stand still meanwhile: the cgroup's freezer, or SIGSTOP and SIGCONT"),
    strict: flag("refuse what is only degraded too"),
    "check-criu": flag("say also what CRIU would refuse of it for its namespaces, and why"),
    "no-enter": flag("enter no namespace to ask what it says of itself"),
    ...PLACE_OPTIONS,
  },
  exclusive: [...PLACE_EXCLUSIONS, ["freeze", "proc"], ["freeze", "from"], ["freeze", "world"]],
  formats: ["text"],
  examples: [
    {
      line: "nsatlas checkpoint 4 --world containers.world -o pod.json",
      shows: "a process of a drawn world, and all below",
    },
    { line: "nsatlas topology pod.json", shows: "what the image holds" },
    {
      line: "nsatlas checkpoint 4 --world containers.world -o pod.json --check-criu",
      shows: "would CRIU take it, too",
    },
    {
      line: "nsatlas checkpoint 4 --world containers.world -o pod.json --json",
      shows: "what was written and what could not be, for programs",
    },
  ],
  async run(
    running,
    { output, name, external, freeze, strict, "no-enter": noEnter, "check-criu": checkCriu, ...place },
    operands,
  ) {
    const { language, out, err, format, color } = running;
    const seeHelp = USAGE_HINTS["see-help"][language]({ command: "checkpoint" });
    if (operands.length === 0 && name.length === 0) throw usageFailure(CHECKPOINT.nothing[language], seeHelp);
    if (output === undefined)
      throw usageFailure(USAGE["missing-option"][language]({ command: "checkpoint", option: "-o FILE" }), seeHelp);
    let stopped: number | undefined;
    const still = freeze ? { freeze: { stopped: (count: number) => (stopped = count) } } : {};
    const topology = await takeImage(running, {
      operands,
      names: name,
      externals: external,
      enter: !noEnter,
      place,
      ...still,
    });
    const stopping = topology.findings.filter((one) => one.class === "refuse" || (strict && one.class === "degraded"));
    if (stopping.length > 0) throw refusedImage(stopping, running);
    if (output === "-") {
      out.write(encodeTopology(topology));
    } else {
      try {
        writeWhole(output, encodeTopology(topology));
      } catch (error) {
        throw fileFailure(error, { subject: output, situation: "write-file", language });
      }
      const criu = checkCriu ? { criu: criuRefusals(topology).map((one) => criuFields(one, language)) } : {};
      if (format === "json")
        out.write(
          `${toJson({ file: output, ...summary(topology), ...(stopped !== undefined && { stopped }), ...criu })}\n`,
        );
    }
    if (format === "json") return EXIT.done;
    const page = new Page({ width: proseWidth(output === "-" ? err : out), color });
    if (output !== "-")
      page.say(CHECKPOINT.written[language]({ path: brief(output), counts: countsText(topology, language) }));
    if (stopped !== undefined) page.say(CHECKPOINT.stopped[language]({ count: stopped }));
    const told = topology.findings.filter((one) => one.class === "degraded");
    sayFindings(page, told, { language });
    if (checkCriu) sayCriu(page, topology, language);
    (output === "-" ? err : out).write(page.text);
    return EXIT.done;
  },
});

function refusedImage(stopping: readonly Finding[], { language }: Running): CommandFailure {
  const isStrictOnly = stopping.every((one) => one.class === "degraded");
  return new CommandFailure({
    exit: EXIT.refused,
    code: "REFUSED",
    reason: CHECKPOINT.refused[language]({ count: stopping.length }),
    details: findingLines(stopping, language),
    hint: isStrictOnly ? CHECKPOINT.strict[language] : CHECKPOINT["refused-hint"][language],
  });
}

function sayCriu(page: Page, topology: Topology, language: Running["language"]): void {
  const refusals = criuRefusals(topology);
  page.heading(CRIU_WORDS[refusals.length === 0 ? "nothing" : "refuses"][language]);
  for (const { process, reason, source } of refusals)
    page.item(`${process}${COLON[language]} ${reason[language]} (${source})`);
}

const criuFields = ({ rule, process, reason, source }: CriuRefusal, language: Running["language"]): object => ({
  rule,
  process,
  reason: reason[language],
  source,
});

const summary = ({ namespaces, processes, pins, findings }: Topology): object => ({
  namespaces: namespaces.length,
  processes: processes.length,
  pins: pins.length,
  findings,
});
