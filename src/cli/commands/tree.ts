import { pageWidth } from "../page-width.ts";
import { encodeSnapshot } from "../../snapshot/encode.ts";
import { treeText } from "../../render/tree.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { isPictureForm, PICTURE_FORMS, pictureOf, ROW_FORMS } from "../forms.ts";
import { flag, many, single } from "../options.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { SOURCE_OPTIONS, sourceWish } from "../source-options.ts";
import { seen } from "../target.ts";
import { anyText, count, kinds } from "../values.ts";

/** The namespaces as a tree of owners; what nsatlas does where it is told nothing else. */
export const tree = command({
  name: "tree",
  description: [
    "User namespaces are nested by parent; under each stand the namespaces it owns, with how many processes are in them " +
      "and the most senior one, or what holds them. The last lines say what could not be seen, and why.",
    "Where there are many, alike namespaces share a line: --all, --type and --depth decide otherwise. With --json it " +
      "prints the snapshot, as the command snapshot writes it.",
    "Pictures (--format svg, dot or mermaid) draw user namespaces as boxes in boxes, in each what it owns, and before it the " +
      "processes in it or whatever else holds it; above 300 namespaces alike ones become one, with their number.",
    "With --world it looks at a world that is drawn as text, one namespace a line, its parent by indentation: " +
      '"KIND:NAME [of user:NAME] [by UID] [empty] [pin PATH]…"; ' +
      "lines behind may say all else that a world has (docs/model.md). It takes neither Linux nor privileges.",
  ],
  options: {
    all: flag("every namespace on a line of its own", { short: "a" }),
    type: many("TYPE", kinds, "only namespaces of this kind, within their user namespaces", { short: "t" }),
    depth: single("N", count, "so many levels of user namespaces", { short: "d" }),
    mounts: single(
      "REF",
      anyText,
      "in place of it what is mounted in this mount namespace, on what, and what is hidden",
    ),
    ...SOURCE_OPTIONS,
    ...PLACE_OPTIONS,
  },
  exclusive: [...PLACE_EXCLUSIONS, ["mounts", "all"], ["mounts", "type"], ["mounts", "depth"]],
  formats: ["tree", "table", ...ROW_FORMS, ...PICTURE_FORMS],
  examples: [
    { line: "nsatlas", shows: "the namespaces of this machine" },
    { line: "nsatlas tree -t net -t mnt", shows: "only these kinds" },
    { line: "nsatlas tree --depth 1", shows: "the outermost user namespaces" },
    {
      line: "nsatlas tree --world containers.world --as user:outer",
      shows: "a drawn world, as a process of it sees it",
    },
    { line: "nsatlas tree --mounts self/mnt", shows: "what is mounted in your own mount namespace" },
    { line: "nsatlas tree --world containers.world --format svg", shows: "a picture, for reports; also dot, mermaid" },
    { line: "nsatlas tree --json", shows: "everything that was seen, for programs" },
  ],
  async run(running, { all, type, depth, mounts, ...place }) {
    const { out, format, color, glyphs, language } = running;
    if (mounts !== undefined) {
      const { printMountTree } = await import("../mount-tree.ts");
      return await printMountTree(running, mounts, {
        ...place,
        sources: sourceWish(place),
        enter: !place["no-enter"],
      });
    }
    const { index } = await seen(running, {
      ...place,
      cgroups: true,
      status: format === "json",
      attributes: format === "json",
      sources: sourceWish(place),
    });
    if (format === "json") {
      out.write(encodeSnapshot(index.snapshot));
      return EXIT.done;
    }
    const chosen = type.flat();
    const kinds = chosen.length === 0 ? {} : { kinds: new Set(chosen) };
    if (isPictureForm(format)) {
      out.write(await pictureOf(index, format, { language, all, ...kinds }));
      return EXIT.done;
    }
    if (format !== "tree") {
      const { listForm } = await import("../list-form.ts");
      out.write(listForm(running, index, { format, ...kinds }));
      return EXIT.done;
    }
    out.write(
      treeText(index, {
        width: pageWidth(out),
        color,
        glyphs,
        language,
        all,
        ...kinds,
        ...(depth === undefined ? {} : { depth }),
      }),
    );
    return EXIT.done;
  },
});
