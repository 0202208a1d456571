import type { NamespaceId } from "../../abi/ids.ts";
import { idsAlongTree } from "../../caps/ids-along-tree.ts";
import { idsText, overlapsText } from "../../caps/ids-text.ts";
import { idOverlaps } from "../../caps/overlaps.ts";
import { pathOfRef } from "../../discover/resolve-ref.ts";
import { IDS_USAGE } from "../../messages/ids.ts";
import { USAGE, USAGE_HINTS } from "../../messages/usage.ts";
import { namesIn } from "../../render/namespace-name.ts";
import { indexSnapshot } from "../../snapshot/index-snapshot.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { brief } from "../brief.ts";
import { command, type Running } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { askId, readId, userNamespace } from "../id-question.ts";
import { flag } from "../options.ts";
import { pageWidth, proseWidth } from "../page-width.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS, type Place } from "../place.ts";
import { readRef, resolveOnMachine } from "../resolve.ts";
import { fromFile, look } from "../seen.ts";
import { observerOf, seen } from "../target.ts";
import { usageFailure } from "../usage.ts";

const LOOK = { sources: { without: ["descriptors", "sockets", "mounts"] } } as const;

/** Who is who between user namespaces. */
export const ids = command({
  name: "ids",
  operands: { shown: "[translate N FROM TO | overlaps]", least: 0, most: 4 },
  description: [
    "Without operands: the uid and gid maps of every user namespace, composed along the tree: what an id inside is in the " +
      "parent, and what it is here, in the user namespace of whoever looks.",
    "translate N FROM TO prints what uid N of FROM is in TO, both ways; a REF of another kind stands for the user namespace " +
      "that owns it. Exit code 1: it has no number there; 3: a map was not seen. overlaps lists ids that two user " +
      "namespaces share, none of which lies above the other; exit code 1 where there are any.",
  ],
  options: { gid: flag("translate a gid", { short: "g" }), ...PLACE_OPTIONS },
  exclusive: PLACE_EXCLUSIONS,
  formats: ["text"],
  examples: [
    { line: "nsatlas ids", shows: "every map, as ranges" },
    { line: "nsatlas ids translate 0 self/user self/user", shows: "what an id of one user namespace is in another" },
    {
      line: "nsatlas ids overlaps --json --world containers.world",
      shows: "who shares ids though neither lies above the other",
    },
  ],
  async run(running, { gid, ...place }, words) {
    const { language } = running;
    const [what, ...operands] = words;
    if (what === "translate") return translate(running, place, { gid, operands });
    if (gid) throw usageFailure(IDS_USAGE.gid[language], USAGE_HINTS["see-help"][language]({ command: "ids" }));
    if (what === "overlaps" || what === undefined) {
      const [extra] = operands;
      if (extra === undefined) return what === undefined ? table(running, place) : overlaps(running, place);
    }
    const word = brief(operands[0] ?? what ?? "");
    throw usageFailure(IDS_USAGE.what[language]({ word }), USAGE_HINTS["see-help"][language]({ command: "ids" }));
  },
});

async function table(running: Running, place: Place): Promise<ExitCode> {
  const { out, format, color, glyphs, language } = running;
  const { index } = await seen(running, { ...place, ...LOOK });
  const all = idsAlongTree(index);
  const viewer = index.snapshot.viewpoint.namespaces.user;
  if (format === "json") out.write(`${toJson({ viewer: viewer ?? null, namespaces: all })}\n`);
  else {
    const nameOf = namesOf(index.snapshot);
    out.write(
      idsText(all, { width: pageWidth(out), color, charset: glyphs.charset, language, glyphs, nameOf, viewer }),
    );
  }
  return EXIT.done;
}

async function overlaps(running: Running, place: Place): Promise<ExitCode> {
  const { out, format, color, glyphs, language } = running;
  const { index } = await seen(running, { ...place, ...LOOK });
  const found = idOverlaps(index);
  if (format === "json") out.write(`${toJson(found)}\n`);
  else {
    const nameOf = namesOf(index.snapshot);
    out.write(overlapsText(found, { width: proseWidth(out), color, charset: glyphs.charset, language, nameOf }));
  }
  if (found.overlaps.length > 0) return EXIT.no;
  return found.missing.length > 0 ? EXIT.unknown : EXIT.done;
}

async function translate(
  running: Running,
  place: Place,
  { gid, operands }: { readonly gid: boolean; readonly operands: readonly string[] },
): Promise<ExitCode> {
  const { language } = running;
  const [number = "", from, to] = operands;
  if (from === undefined || to === undefined) {
    const reason = USAGE["missing-operand"][language]({ command: "ids", operand: "translate N FROM TO" });
    throw usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "ids" }));
  }
  const id = readId(number, language);
  const refs = [readRef(from, language), readRef(to, language)];
  const observer = place.from === undefined ? await observerOf(running, place) : undefined;
  const onMachine = refs.map((ref) => (observer === undefined ? undefined : resolveOnMachine(ref, observer, language)));
  const paths = observer === undefined ? [] : refs.map(({ ref }) => pathOfRef(ref, observer.procRoot));
  const files = paths.filter((path) => path !== undefined);
  const index = indexSnapshot(
    observer === undefined
      ? await fromFile(running, place.from ?? "")
      : await look(running, observer, { files, ...LOOK.sources }),
  );
  const [source, target] = refs.map((ref, nth) => userNamespace(index, ref, { found: onMachine[nth], language }));
  return askId(running, index, { id, which: gid ? "gid" : "uid", from: source, to: target });
}

const namesOf = (snapshot: Parameters<typeof namesIn>[0]): ((id: NamespaceId) => string) => {
  const nameOf = namesIn(snapshot);
  return (id) => nameOf({ id, kind: "user" });
};
