import { CONSTANTS } from "../abi/constants.ts";
import { SHOW_SENTENCES, SHOW_TEXTS } from "../messages/show.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { Answer, IdExtent, IdMaps } from "../snapshot/types.ts";
import { hasNoneAbove } from "./not-seen.ts";
import { refusedText, type ShowSource } from "./show-source.ts";
import { columnsOf, padStart } from "./width.ts";

/** Who created a user namespace. An id without a mapping reads as 65534, and so does that id itself. */
export function creatorText(creator: Answer<number>, source: ShowSource): string {
  const { index, language } = source;
  if (!("value" in creator)) return refusedText(creator, source);
  const uid = creator.value;
  if (uid !== CONSTANTS.OVERFLOW_ID) return SHOW_SENTENCES.creator[language]({ uid });
  const mapped = mappedIds(index);
  if (mapped === "all") return SHOW_SENTENCES.creator[language]({ uid });
  return mapped === "that" ? SHOW_TEXTS.perhapsUnmapped[language] : SHOW_TEXTS.unmapped[language];
}

/** The initial user namespace maps every id but the last, which means none. */
const EVERY_ID = 4_294_967_295;

/** Whether the viewer's own user namespace maps every uid, or 65534 at least. */
function mappedIds({ snapshot, namespaces }: SnapshotIndex): "all" | "that" | "unknown" {
  const { user } = snapshot.viewpoint.namespaces;
  const maps = user === undefined ? undefined : namespaces.get(user)?.maps;
  if (maps === undefined || !("value" in maps)) return "unknown";
  const { uid } = maps.value;
  if (uid.reduce((sum, { count }) => sum + count, 0) >= EVERY_ID) return "all";
  const has = ({ inside, count }: IdExtent): boolean =>
    inside <= CONSTANTS.OVERFLOW_ID && CONSTANTS.OVERFLOW_ID < inside + count;
  return uid.some(has) ? "that" : "unknown";
}

type MapPart = { readonly label: "uidMap" | "gidMap" | "setgroups"; readonly lines: readonly string[] };

/** The id maps as small tables, and in whose view they are. */
export function mapTexts(source: ShowSource): MapPart[] {
  const { namespace } = source;
  const { maps } = namespace;
  if (maps === undefined) return [];
  if (!("value" in maps)) return [{ label: "uidMap", lines: [refusedText(maps, source)] }];
  const { uid, gid, setgroups } = maps.value;
  return [
    { label: "uidMap", lines: [...mapTable(uid, source), ...viewTexts(maps.value, source)] },
    { label: "gidMap", lines: mapTable(gid, source) },
    ...(setgroups === undefined ? [] : [{ label: "setgroups", lines: [setgroups] } as const]),
  ];
}

function mapTable(extents: readonly IdExtent[], { language }: ShowSource): string[] {
  if (extents.length === 0) return [SHOW_TEXTS.mapNotWritten[language]];
  const columns = (["inside", "outside", "count"] as const).map((key) => {
    const cells = [SHOW_TEXTS[key][language], ...extents.map((extent) => String(extent[key]))];
    const width = Math.max(...cells.map(columnsOf));
    return cells.map((cell) => padStart(cell, width));
  });
  return Array.from({ length: extents.length + 1 }, (_, row) => columns.map((column) => column[row]).join("  "));
}

/** The initial user namespace has no outside. */
function viewTexts(maps: IdMaps, { index, namespace, language, nameOf }: ShowSource): string[] {
  const { inViewOf, readFrom: pid } = maps;
  if (hasNoneAbove(namespace)) return [];
  if (inViewOf === undefined) return [SHOW_SENTENCES.inUnknownView[language]({ pid })];
  const known = index.namespaces.get(inViewOf);
  const view = known === undefined ? `user:[${inViewOf}]` : nameOf(known);
  const say = inViewOf === namespace.id ? SHOW_SENTENCES.inViewOfParent : SHOW_SENTENCES.inViewOf;
  return [say[language]({ view, pid })];
}
