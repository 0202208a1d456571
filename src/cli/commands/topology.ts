import { encodeTopology } from "../../topology/image/encode.ts";
import { topologyGraph } from "../../topology/text/graph.ts";
import { topologyText } from "../../topology/text/page.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { graphText, PICTURE_FORMS } from "../forms.ts";
import { pageWidth } from "../page-width.ts";
import { readTopologyFile } from "../topology-file.ts";

/** What an image holds. */
export const topology = command({
  name: "topology",
  operands: { shown: "FILE", least: 1, most: 1 },
  description: [
    "Draws the image in FILE (- is standard input): each namespace below its owner, each process below its parent with its " +
      "numbers from the outermost captured pid namespace inwards, bind mounts, and what the image does not hold. " +
      "With --json it prints the image.",
    'FILE may be written by hand, in YAML or JSON: "namespaces: {LABEL: {kind: KIND, owner: LABEL, …}}", "processes: {LABEL: ' +
      '{in: [LABEL, …], …}}", "pins: [{namespace: LABEL, path: PATH}]". What is left out gets a default, which --json shows; ' +
      "nsatlas schema topology-text has all fields, for editors.",
  ],
  options: {},
  formats: ["text", ...PICTURE_FORMS],
  examples: [
    { line: "nsatlas checkpoint 4 --world containers.world -o pod.json", shows: "an image to look at" },
    { line: "nsatlas topology pod.json", shows: "as a tree" },
    { line: "nsatlas topology pod.json --format svg", shows: "as a picture; also dot, mermaid" },
    { line: "nsatlas topology pod.json --json", shows: "for programs" },
  ],
  async run(running, _, [file = ""]) {
    const { out, format, color, glyphs, language } = running;
    const read = await readTopologyFile(running, file);
    if (format === "json") out.write(encodeTopology(read));
    else if (format === "text") {
      const { charset } = glyphs;
      out.write(topologyText(read, { width: pageWidth(out), color, charset, glyphs, language }));
    } else out.write(graphText(topologyGraph(read), format));
    return EXIT.done;
  },
});
