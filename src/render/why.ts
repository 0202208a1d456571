import { HOLDER_WORDS } from "../messages/holders.ts";
import { COLON } from "../messages/errors.ts";
import { safeText } from "../messages/safe-text.ts";
import { SHOW_MORE } from "../messages/show.ts";
import { BEYOND, HOLDS_IT, WHY } from "../messages/why.ts";
import type { Foundation, Step } from "../snapshot/foundations.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { HolderAnswer, WhyAlive } from "../snapshot/why-alive.ts";
import { gapText } from "./gap-words.ts";
import type { Glyphs } from "./glyphs.ts";
import { groupBy } from "./group.ts";
import type { Wording } from "./held-by.ts";
import { holderWords, isProcessHolder, placeWords } from "./holder-words.ts";
import { namesIn } from "./namespace-name.ts";
import { palette, type Paint } from "./palette.ts";
import { releaseWords } from "./release-words.ts";
import { traceNameOf } from "./trace-words.ts";
import { columnsOf } from "./width.ts";
import { wrap } from "./wrap.ts";

export interface WhyOptions {
  readonly width: number;
  readonly color: boolean;
  readonly glyphs: Glyphs;
  readonly language: Wording["language"];
  /** Every holder, however many. */
  readonly all: boolean;
}

/** So many holders of a kind are shown without `--all`. */
const FIRST = 10;
const INDENT = "  ";

/** Who holds a namespace, how surely, and what would let it go; then where others may be. */
export function whyText(index: SnapshotIndex, why: WhyAlive, options: WhyOptions): string {
  const { glyphs, language } = options;
  const wording: Wording = { language, charset: glyphs.charset, nameOf: namesIn(index.snapshot) };
  const paint = palette(options.color);
  const page = new Page(options.width);

  const names = index.names.get(why.namespace.id) ?? [];
  const title = [wording.nameOf(why.namespace), ...names.map(({ name }) => safeText(name, glyphs.charset))].join(" ");
  const whose = traceNameOf(why.namespace, glyphs.charset);
  page.say(title, "", paint.strong);
  if (whose !== undefined) page.say(WHY.belongs[language]({ whose }), INDENT);
  const count = why.holders.length;
  if (why.kernels) page.say(WHY.kernels[language], INDENT);
  else if (count > 0) page.say(WHY.held[language]({ count }), INDENT);
  else page.say((why.namespace.listed ? WHY.listed : WHY.nobody)[language], INDENT, paint.missing);

  // They all say the same: nobody can do anything about them.
  const lasting = options.all ? [] : why.holders.filter(({ release }) => release.do === "nothing");
  if (lasting.length > 0) page.say(WHY.kernelThreads[language]({ count: lasting.length }), INDENT);
  const told = lasting.length === 0 ? why.holders : why.holders.filter(({ release }) => release.do !== "nothing");
  for (const holders of groupBy(told, ({ holder }) => holder.kind).values()) {
    const shown = options.all ? holders : holders.slice(0, FIRST);
    for (const answer of shown) tellHolder(page, answer, { wording, options, faint: paint.faint });
    const more = holders.length - shown.length;
    if (more > 0) page.say(SHOW_MORE[language]({ count: more }), INDENT);
  }
  if (!why.kernels) tellUnseen(page, why, wording);
  return page.text;
}

/** Lines of at most so many columns. */
class Page {
  readonly #width: number;
  text = "";
  constructor(width: number) {
    this.#width = width;
  }
  say(text: string, indent: string, paint: Paint = (plain) => plain): void {
    const lines = wrap(text, { width: Math.max(1, this.#width - columnsOf(indent)), indent: INDENT });
    for (const line of lines) this.text += `${indent}${paint(line)}\n`;
  }
}

function tellHolder(
  page: Page,
  { holder, release, because }: HolderAnswer,
  { wording, options, faint }: { wording: Wording; options: WhyOptions; faint: Paint },
): void {
  page.say(holdsIt(holder, wording), INDENT);
  page.say(`${options.glyphs.arrow} ${releaseWords(release, wording)}`, INDENT.repeat(2), faint);
  for (const step of because) page.say(stepText(step, wording), INDENT.repeat(3), faint);
}

/** `user:[4026532101]: 4712 sleep is in it`. */
export function stepText({ namespace, by }: Step, wording: Wording): string {
  const { language, nameOf } = wording;
  const why = by === undefined ? WHY.unknown[language] : holdsIt(by, wording);
  return `${nameOf(namespace)}${COLON[language]} ${why}`;
}

/** `4711 dnsmasq is in it`, `it is mounted at /run/netns/blue`. */
export function holdsIt(holder: Foundation, wording: Wording): string {
  return HOLDS_IT[holder.kind][wording.language]({ what: foundationWords(holder, wording) });
}

/** The holder by name. */
export function foundationWords(holder: Foundation, wording: Wording): string {
  const { language, nameOf } = wording;
  switch (holder.kind) {
    case "kernel":
      return "";
    case "bind-mount":
      return placeWords(holder.pin, wording);
    case "mount": {
      const { fileSystem: type } = holder.mount;
      return HOLDER_WORDS.fileSystem[language]({ type, at: placeWords(holder.mount, wording) });
    }
    case "child":
    case "owned":
      return nameOf(holder.namespace);
    default:
      return isProcessHolder(holder) ? holderWords(holder, wording) : "";
  }
}

function tellUnseen(page: Page, why: WhyAlive, wording: Wording): void {
  const { language } = wording;
  const isHeld = why.holders.length > 0;
  if (why.gaps.length > 0) {
    page.say(isHeld ? WHY.more[language] : WHY.unseen[language], INDENT);
    for (const gap of why.gaps) page.say(`- ${gapText(gap, language)}`, INDENT.repeat(2));
  }
  if (isHeld) return;
  for (const { descriptor, process } of why.inFlight) {
    const what = holderWords({ kind: "socket", descriptor, process }, wording);
    const count = descriptor.inFlight ?? 0;
    page.say(`- ${WHY.inFlight[language]({ count, what })}`, INDENT.repeat(2));
  }
  page.say(WHY.beyond[language], INDENT);
  const { kind, listed } = why.namespace;
  for (const text of listed ? [BEYOND.listed] : [BEYOND.every, BEYOND[kind]]) {
    if (text !== undefined) page.say(`- ${text[language]}`, INDENT.repeat(2));
  }
}
