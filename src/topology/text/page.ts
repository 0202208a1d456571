import { LINKS } from "../../abi/proc-links.ts";
import { Page, type TextOptions } from "../../caps/page.ts";
import { COLON } from "../../messages/errors.ts";
import { safeText } from "../../messages/safe-text.ts";
import { TOPOLOGY_TEXT } from "../../messages/topology-text.ts";
import type { Glyphs } from "../../render/glyphs.ts";
import { walk } from "../../render/walk.ts";
import { columnsOf } from "../../render/width.ts";
import { FINDING_CLASSES, findingText, type Finding, type FindingClass } from "../findings.ts";
import type { Label } from "../reference.ts";
import type { ProcessNode, Topology } from "../topology.ts";
import { namespaceFacts } from "./facts.ts";
import { push } from "../../snapshot/push.ts";

export interface TopologyTextOptions extends TextOptions {
  readonly glyphs: Glyphs;
}

/** So many members of a namespace are named. */
const MOST_NAMED = 4;

/** A topology drawn: namespaces below their owners, processes below their parents, what holds them, and the findings. */
export function topologyText(topology: Topology, options: TopologyTextOptions): string {
  const { language } = options;
  const page = new Page(options);
  const { origin, namespaces, processes, pins, findings } = topology;
  page.say(countsText(topology, language), { paint: page.paint.strong });
  if (origin !== undefined) {
    const about = { when: safeText(origin.takenAt), release: safeText(origin.kernel.release) };
    page.say(TOPOLOGY_TEXT.origin[language](about), { paint: page.paint.faint });
  }
  if (namespaces.length > 0) drawNamespaces(page, topology, options);
  if (processes.length > 0) drawProcesses(page, topology, options);
  if (pins.length > 0) page.heading(TOPOLOGY_TEXT.pins[language]);
  for (const { namespace, in: place, path } of pins)
    page.item(TOPOLOGY_TEXT.pinIn[language]({ namespace, path: safeText(path), place }));
  sayFindings(page, findings, options);
  return page.text;
}

export const countsText = (
  { namespaces, processes, pins }: Topology,
  language: TopologyTextOptions["language"],
): string =>
  TOPOLOGY_TEXT.counts[language]({
    namespaces: namespaces.length,
    processes: processes.length,
    pins: pins.length,
  });

interface Line {
  readonly parent?: number | undefined;
  readonly name: string;
  readonly facts: readonly string[];
}

/** Lines of a forest, each broken where it must be; what is broken stays below its own name. */
function draw(page: Page, lines: readonly Line[], { glyphs, width }: TopologyTextOptions): void {
  page.say("");
  for (const { row, prefix, below } of walk(lines, glyphs, Math.floor(width / 2))) {
    const line = lines[row];
    if (line === undefined) continue;
    const text = line.facts.length === 0 ? line.name : `${line.name}  ${line.facts.join(", ")}`;
    const indent = " ".repeat(columnsOf(below) + glyphs.gap.length);
    page.say(`${prefix}${prefix === "" ? "" : " "}${text}`, {
      hanging: Math.min(indent.length, Math.floor(width / 2)),
    });
  }
}

function drawNamespaces(page: Page, { namespaces, processes, pins }: Topology, options: TopologyTextOptions): void {
  const { language } = options;
  const members = new Map<Label, Label[]>();
  for (const { label, namespaces: links } of processes) {
    for (const link of LINKS) {
      const of = link.endsWith("_for_children") ? undefined : links[link];
      if (of === undefined) continue;
      push(members, of, label);
    }
  }
  const places = new Map<Label, string[]>();
  for (const { namespace, path } of pins) {
    push(places, namespace, safeText(path));
  }
  const rows = new Map(namespaces.map(({ label }, nth) => [label, nth]));
  const lines = namespaces.map((node): Line => {
    const those = members.get(node.label) ?? [];
    const at = places.get(node.label) ?? [];
    const some = those.slice(0, MOST_NAMED).join(" ");
    const inside = those.length === 0 ? [] : [{ some, more: those.length - Math.min(those.length, MOST_NAMED) }];
    return {
      parent: rows.get(node.owner),
      name: node.label,
      facts: [
        ...namespaceFacts(node, language),
        ...inside.map((about) => TOPOLOGY_TEXT.members[language](about)),
        ...(at.length === 0 ? [] : [TOPOLOGY_TEXT.pinned[language]({ paths: at.join(", ") })]),
      ],
    };
  });
  draw(page, lines, options);
}

function drawProcesses(page: Page, { processes }: Topology, options: TopologyTextOptions): void {
  const { language } = options;
  const rows = new Map(processes.map(({ label }, nth) => [label, nth]));
  const lines = processes.map((process): Line => {
    const parent = process.parent === undefined ? undefined : rows.get(process.parent);
    const above = parent === undefined ? undefined : processes[parent];
    return { parent, name: process.label, facts: processFacts(process, above, language) };
  });
  page.heading(TOPOLOGY_TEXT.processes[language]);
  draw(page, lines, options);
}

/** Its name, its numbers, and where it is otherwise than its parent. */
function processFacts(
  { label, comm, numbers, namespaces, session, group, descriptors }: ProcessNode,
  above: ProcessNode | undefined,
  language: TopologyTextOptions["language"],
): readonly string[] {
  const own: string[] = [];
  const children: string[] = [];
  for (const link of LINKS) {
    const to = namespaces[link];
    if (to === undefined || to.startsWith("ambient:")) continue;
    if (link.endsWith("_for_children")) children.push(TOPOLOGY_TEXT.leadsTo[language]({ link, to }));
    else if (above?.namespaces[link] !== to) own.push(to);
  }
  const isOther = (leader: number | Label | undefined): leader is Label =>
    typeof leader === "string" && leader !== label;
  const files = descriptors.map(({ fd, namespace }) => `${namespace} (${fd})`).join(", ");
  return [
    [safeText(comm), ...(numbers.length === 0 ? [] : [numbers.join("/")])].join(" "),
    ...(own.length === 0 ? [] : [TOPOLOGY_TEXT.inNamespaces[language]({ namespaces: own.join(" ") })]),
    ...children,
    ...(isOther(session) ? [TOPOLOGY_TEXT.session[language]({ leader: session })] : []),
    ...(isOther(group) && group !== session ? [TOPOLOGY_TEXT.group[language]({ leader: group })] : []),
    ...(files === "" ? [] : [TOPOLOGY_TEXT.holds[language]({ files })]),
  ];
}

/** By class, the worst first; what is said of several elements is said once. */
export function sayFindings(
  page: Page,
  findings: readonly Finding[],
  { language }: Pick<TopologyTextOptions, "language">,
): void {
  for (const sort of (Object.keys(FINDING_CLASSES) as FindingClass[]).toReversed()) {
    const those = findings.filter((finding) => finding.class === sort);
    if (those.length === 0) continue;
    page.heading(TOPOLOGY_TEXT.findings[sort][language]);
    for (const line of findingLines(those, language)) page.item(line);
  }
}

/** A line for each sentence, with all that it is about in front. */
export function findingLines(
  findings: readonly Finding[],
  language: TopologyTextOptions["language"],
): readonly string[] {
  const elements = new Map<string, string[]>();
  for (const finding of findings) {
    const text = safeText(findingText(finding, language));
    const list = elements.get(text) ?? [];
    if (finding.element !== undefined) list.push(safeText(finding.element));
    elements.set(text, list);
  }
  return Array.from(elements, ([text, those]) =>
    those.length === 0 ? text : `${listed(those)}${COLON[language]} ${text}`,
  );
}

/** So many are named; more make nobody wiser. */
const MOST_ELEMENTS = 8;
const listed = (those: readonly string[]): string =>
  those.slice(0, MOST_ELEMENTS).join(", ") + (those.length > MOST_ELEMENTS ? ", …" : "");
