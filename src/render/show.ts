import { deviceTextOf, inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS, nests } from "../abi/namespace-kinds.ts";
import type { Language, Text } from "../messages/sentence.ts";
import { SHOW_LABELS, SHOW_TEXTS } from "../messages/show.ts";
import { ownerChain, parentChain } from "../snapshot/ancestors.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import type { Glyphs } from "./glyphs.ts";
import { namesIn } from "./namespace-name.ts";
import { palette, type Paint, type Palette } from "./palette.ts";
import { safeText } from "../messages/safe-text.ts";
import { attributeParts } from "./show-attributes.ts";
import { chainTexts } from "./show-chains.ts";
import { creatorText, mapTexts } from "./show-maps.ts";
import { holderTexts, memberTexts } from "./show-members.ts";
import type { ShowSource } from "./show-source.ts";
import { traceTexts } from "./trace-words.ts";
import { columnsOf, cut } from "./width.ts";
import { wrap } from "./wrap.ts";

export interface ShowOptions {
  /** The terminal's columns; undefined (a pipe): lines as long as they need be. */
  readonly width: number | undefined;
  readonly color: boolean;
  readonly glyphs: Glyphs;
  readonly language: Language;
  /** Every member and holder, however many. */
  readonly all: boolean;
}

/** A label and what stands beside it, a line each. */
export interface Part {
  readonly label: Text;
  readonly lines: readonly string[];
  /** What does not fit: sentences go on in the next line, lines of tables are cut. */
  readonly overlong: "wrap" | "cut";
}

/** Everything that a snapshot knows about one namespace, and for what it does not know, why. */
export function showText(index: SnapshotIndex, namespace: NamespaceRecord, options: ShowOptions): string {
  const { color, glyphs } = options;
  const source: ShowSource = { ...options, index, namespace, nameOf: namesIn(index.snapshot), charset: glyphs.charset };
  const paint = palette(color);
  const { itself, crowd } = partsOf(source);
  return [titleLine(source, options, paint), ...layOut([...itself, ...crowd()], options, paint.faint)].join("");
}

/** The same without members and holders, for who draws those otherwise. */
export const partsOfItself = (source: ShowSource): readonly Part[] => partsOf(source).itself;

function titleLine(
  { index, namespace, nameOf }: ShowSource,
  { width = Infinity, glyphs, language }: ShowOptions,
  paint: Palette,
): string {
  const name = cut(nameOf(namespace), width, glyphs.cut);
  const isOwn = index.snapshot.viewpoint.namespaces[namespace.kind] === namespace.id;
  const mark = `${INDENT}${glyphs.own} ${SHOW_TEXTS.own[language]}`;
  const isRoom = columnsOf(name + mark) <= width;
  const painted = namespace.kind === "user" ? paint.frame(name) : paint.strong(name);
  return `${painted}${isOwn && isRoom ? paint.own(mark) : ""}\n`;
}

/** What it is, whose, and what it says of itself; and who is in it and holds it, which may be many. */
function partsOf(source: ShowSource): { readonly itself: readonly Part[]; readonly crowd: () => readonly Part[] } {
  const { index, namespace, language, charset } = source;
  const { kind, id, uniqueId } = namespace;
  const { flag, flagName } = NAMESPACE_KINDS[kind];
  const names = index.snapshot.names.flatMap(({ namespace, name }) =>
    namespace === id ? [safeText(name, charset)] : [],
  );
  const part = (label: keyof typeof SHOW_LABELS, ...lines: readonly string[]): Part => ({
    label: SHOW_LABELS[label],
    lines,
    overlong: "wrap",
  });
  const table = (...row: Parameters<typeof part>): Part => ({ ...part(...row), overlong: "cut" });
  const itself = [
    part("device", deviceTextOf(id)),
    part("inode", inodeOf(id)),
    part("id", uniqueId ?? SHOW_TEXTS.noId[language]),
    part("kind", `${kind}, ${flagName} (0x${flag.toString(16)})`),
    ...names.map((name) => part("name", name)),
    part("belongs", ...traceTexts(source)),
    part("owner", ...ownerTexts(source)),
    ...(nests(kind) ? [part("parents", ...chainTexts(parentChain(index, namespace), source))] : []),
    ...(namespace.creatorUid === undefined ? [] : [part("creator", creatorText(namespace.creatorUid, source))]),
    ...mapTexts(source).map(({ label, lines }) => part(label, ...lines)),
    ...attributeParts(source).map((one): Part => ({ ...one, overlong: "wrap" })),
  ].filter(({ lines }) => lines.length > 0);
  return {
    itself,
    crowd: () => [table("members", ...memberTexts(source)), part("holders", ...holderTexts(source))],
  };
}

/** The owner of a user namespace is its parent, and the way up from there is told once. */
function ownerTexts(source: ShowSource): string[] {
  const { index, namespace, nameOf, language } = source;
  const chain = ownerChain(index, namespace);
  if (namespace.kind !== "user") return chainTexts(chain, source);
  const [parent] = chain.namespaces;
  return parent === undefined ? [] : [`${nameOf(parent)}, ${SHOW_TEXTS.ownerIsParent[language]}`];
}

const INDENT = "  ";

/** Labels at the left, what belongs to them beside, each in its own column. */
function layOut(parts: readonly Part[], { width = Infinity, language, glyphs }: ShowOptions, faint: Paint): string[] {
  const labels = Math.max(...parts.map(({ label }) => columnsOf(label[language])));
  const left = INDENT.length + labels + INDENT.length;
  const room = Math.max(1, width - left);
  return parts.flatMap(({ label, lines, overlong }) =>
    lines
      .flatMap((line) =>
        overlong === "cut" ? cut(line, room, glyphs.cut) : wrap(line, { width: room, indent: INDENT }),
      )
      .map((line, nth) => {
        const before = nth === 0 ? label[language] : "";
        const blanks = " ".repeat(left - INDENT.length - columnsOf(before));
        return `${INDENT}${before && faint(before)}${blanks}${line}`.trimEnd().concat("\n");
      }),
  );
}
