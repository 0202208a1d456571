import { pageWidth } from "../page-width.ts";
import { encodeSnapshot } from "../../snapshot/encode.ts";
import { PAGE_ON_TERMINAL } from "../../messages/page.ts";
import { treeText } from "../../render/tree.ts";
import { indexSnapshot } from "../../snapshot/index-snapshot.ts";
import { redact } from "../../snapshot/redact.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { isPictureForm, PICTURE_FORMS, pictureOf, ROW_FORMS } from "../forms.ts";
import { flag, many, ONE_FILE, single } from "../options.ts";
import { outputOf } from "../output-file.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { SOURCE_OPTIONS, sourceWish } from "../source-options.ts";
import { seen } from "../target.ts";
import { usageFailure } from "../usage.ts";
import { anyText, count, kinds, path } from "../values.ts";

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
    "--format html writes one page for a browser: the picture, search, each namespace with what keeps it, and why, can and who " +
      "answered in it. It fetches nothing, and holds all that was seen: --redact leaves out what others should not read.",
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
    output: single(ONE_FILE, path, "where to, replaced as a whole, mode 0600; - is standard output", { short: "o" }),
    redact: flag("leave out command lines, paths, names and addresses"),
    ...SOURCE_OPTIONS,
    ...PLACE_OPTIONS,
  },
  exclusive: [...PLACE_EXCLUSIONS, ["mounts", "all"], ["mounts", "type"], ["mounts", "depth"], ["mounts", "redact"]],
  formats: ["tree", "table", ...ROW_FORMS, ...PICTURE_FORMS, "html"],
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
    { line: "nsatlas tree --format html -o atlas.html", shows: "a page to search and to ask, for a browser" },
    { line: "nsatlas tree --json", shows: "everything that was seen, for programs" },
  ],
  async run(asked, { all, type, depth, mounts, output, redact: redacting, ...place }, _operands, given) {
    const running = { ...asked, ...outputOf(asked, output, given) };
    const { out, format, color, glyphs, language } = running;
    if (format === "html" && out.isTerminal) {
      throw usageFailure(PAGE_ON_TERMINAL.reason[language], PAGE_ON_TERMINAL.hint[language]);
    }
    if (mounts !== undefined) {
      const { printMountTree } = await import("../mount-tree.ts");
      return await printMountTree(running, mounts, {
        ...place,
        sources: sourceWish(place),
        enter: !place["no-enter"],
      });
    }
    const isWhole = format === "json" || format === "html";
    const { index: whole } = await seen(running, {
      ...place,
      cgroups: true,
      status: isWhole,
      attributes: isWhole,
      sources: sourceWish(place),
    });
    const index = redacting ? indexSnapshot(redact(whole.snapshot)) : whole;
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
    if (format === "html") {
      const { pageOf } = await import("../page-form.ts");
      out.write(pageOf(index, { language, all, kinds: chosen }));
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
