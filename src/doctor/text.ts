import { CAPABILITIES } from "../abi/capabilities.ts";
import {
  ANSWER_WORDS,
  DOCTOR_LABELS,
  DOCTOR_SENTENCES,
  DOCTOR_TEXTS,
  notShownText,
  REMEDIES,
} from "../messages/doctor.ts";
import { INTERFACE_TEXTS } from "../messages/interfaces.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import { palette, type Palette } from "../render/palette.ts";
import { columnsOf, padEnd } from "../render/width.ts";
import { wrap } from "../render/wrap.ts";
import type { Caller, Diagnosis, InterfaceAnswer, ProcMount } from "./diagnosis.ts";
import { inodeOf } from "../abi/ids.ts";

export interface DoctorTextOptions {
  readonly width: number;
  readonly color: boolean;
  readonly language: Language;
}

/** No such setting; and for the label, no security module that gives any. */
const ABSENT: ReadonlySet<string> = new Set(["ENOENT", "EINVAL"]);
const LABEL_COLUMNS = 14;
const ANSWER_COLUMNS = 17;
const SINCE_COLUMNS = 7;
const NAME_COLUMNS = 24;

/** The whole diagnosis for people. */
export function doctorText(diagnosis: Diagnosis, { width, color, language }: DoctorTextOptions): string {
  const paint = palette(color);
  const page: Page = { width, language, paint };
  return [...facts(diagnosis, page), "", ...answers(diagnosis, page), "", ...missingLines(diagnosis, page), ""].join(
    "\n",
  );
}

/** What each call answered; of a snapshot, that it does not say. */
function answers({ takenAt, interfaces }: Diagnosis, page: Page): string[] {
  const { language, paint, width } = page;
  if (takenAt !== undefined) return wrap(DOCTOR_TEXTS["not-tried"][language], { width });
  return [paint.heading(DOCTOR_LABELS.interfaces[language]), ...interfaces.flatMap((one) => interfaceLines(one, page))];
}

interface Page {
  readonly width: number;
  readonly language: Language;
  readonly paint: Palette;
}

function facts(diagnosis: Diagnosis, page: Page): string[] {
  const { kernel, caller, proc, settings, limits, takenAt } = diagnosis;
  const { language } = page;
  const read = Object.entries(settings).flatMap(([name, one]) => {
    if ("value" in one) return [`${name}=${one.value}`];
    return ABSENT.has(one.refused) ? [] : [`${name}: ${one.refused}`];
  });
  const bounds = limits.map(({ name, ...limit }) => DOCTOR_SENTENCES[name][language](limit));
  return [
    ...(takenAt === undefined ? [] : [labelled("taken", safeText(takenAt), page)]),
    labelled("kernel", `${kernel.name} ${kernel.release} ${kernel.machine}`, page),
    labelled(takenAt === undefined ? "you" : "viewer", `pid ${caller.pid}, uid ${caller.uid}, gid ${caller.gid}`, page),
    labelled("capabilities", capabilityText(caller, language), page),
    ...caller.namespaces.map(({ link, id, initial }, nth) => {
      const first = initial ? `, ${DOCTOR_TEXTS.initial[language]}` : "";
      return labelled(nth === 0 ? "inside" : undefined, `${link}:[${inodeOf(id)}]${first}`, page);
    }),
    labelled("proc", procText(proc, language), page),
    ...(takenAt === undefined ? [labelled("filters", seccompText(caller, language), page)] : []),
    ...read.map((text, nth) => labelled(nth === 0 ? "settings" : undefined, text, page)),
    ...(bounds.length === 0 ? [] : [labelled("limits", bounds.join(", "), page)]),
  ].flat();
}

/** A label, and a text beside it that goes on below itself. */
function labelled(
  label: keyof typeof DOCTOR_LABELS | undefined,
  text: string,
  { width, language, paint }: Page,
): string[] {
  const before = padEnd(label === undefined ? "" : DOCTOR_LABELS[label][language], LABEL_COLUMNS);
  const lines = wrap(safeText(text), { width: width - LABEL_COLUMNS });
  return lines.map((line, nth) => (nth === 0 ? paint.faint(before) : " ".repeat(LABEL_COLUMNS)) + line);
}

function capabilityText({ capabilities }: Caller, language: Language): string {
  if (capabilities === undefined) return DOCTOR_TEXTS.unknown[language];
  if (capabilities.length === 0) return DOCTOR_TEXTS.none[language];
  const held = new Set(capabilities);
  const lacking = CAPABILITIES.filter((name) => !held.has(name));
  if (lacking.length === 0) return DOCTOR_TEXTS.all[language];
  if (lacking.length < capabilities.length) return DOCTOR_SENTENCES["all-but"][language]({ names: lacking.join(" ") });
  return capabilities.join(" ");
}

function procText({ path, found, hidepid, ownPids }: ProcMount, language: Language): string {
  if (!found) return `${path}: ${DOCTOR_TEXTS["not-there"][language]}`;
  const whose = DOCTOR_TEXTS[ownPids ? "own-pids" : "other-pids"][language];
  const shows =
    hidepid === undefined
      ? []
      : [
          hidepid === "off"
            ? DOCTOR_TEXTS["hidepid-off"][language]
            : DOCTOR_SENTENCES.hidepid[language]({ value: hidepid }),
        ];
  return [`${path}: ${whose}`, ...shows].join(", ");
}

function seccompText({ seccomp, noNewPrivs }: Caller, language: Language): string {
  const mode = seccomp === undefined ? DOCTOR_TEXTS.unknown : DOCTOR_TEXTS[`seccomp-${seccomp}`];
  return [mode[language], ...(noNewPrivs === true ? [DOCTOR_TEXTS["no-new-privs"][language]] : [])].join(", ");
}

/** What it answered, since when kernels have it, its name, what it is for; below, what goes without. */
function interfaceLines({ name, since, answer, errno }: InterfaceAnswer, { width, language, paint }: Page): string[] {
  const word = ANSWER_WORDS[answer][language] + (errno === undefined ? "" : ` ${errno}`);
  const { use, without } = INTERFACE_TEXTS[name];
  const texts =
    answer === "answers" ? [use] : [use, wrapped(without, (what) => DOCTOR_SENTENCES.without[language]({ what }))];
  const indent = 2 + ANSWER_COLUMNS + SINCE_COLUMNS;
  const front = `  ${mark(padEnd(word, ANSWER_COLUMNS), answer, paint)}${paint.faint(padEnd(since, SINCE_COLUMNS))}`;
  const beside = texts.flatMap((text) => wrap(text[language], { width: width - indent - NAME_COLUMNS }));
  const [first = "", ...rest] = beside;
  const margin = " ".repeat(indent + NAME_COLUMNS);
  if (columnsOf(name) >= NAME_COLUMNS) return [`${front}${name}`, ...beside.map((line) => margin + line)];
  return [`${front}${padEnd(name, NAME_COLUMNS)}${first}`, ...rest.map((line) => margin + line)];
}

const wrapped = (text: Record<Language, string>, put: (text: string) => string): Record<Language, string> => ({
  en: put(text.en),
  fr: put(text.fr),
});

const mark = (text: string, answer: InterfaceAnswer["answer"], paint: Palette): string =>
  answer === "answers" ? text : paint.missing(text);

function missingLines({ missing, takenAt }: Diagnosis, { width, language, paint }: Page): string[] {
  if (missing.length === 0) return [DOCTOR_LABELS.nothing[language]];
  return [
    paint.heading(DOCTOR_LABELS[takenAt === undefined ? "missing" : "missed"][language]),
    ...missing.flatMap((one) => [
      ...bullet("  - ", notShownText(one, language), width),
      ...one.reveals.flatMap((remedy) => bullet("      ", REMEDIES[remedy][language], width)),
    ]),
  ];
}

const bullet = (first: string, text: string, width: number): string[] =>
  wrap(safeText(text), { width: width - first.length }).map((line, nth) =>
    nth === 0 ? first + line : " ".repeat(first.length) + line,
  );
