import { pageWidth } from "../page-width.ts";
import { encodeSnapshot } from "../../snapshot/encode.ts";
import { NEXT_COMMANDS } from "../../messages/commands.ts";
import { palette } from "../../render/palette.ts";
import { treeText } from "../../render/tree.ts";
import { columnsOf, padEnd } from "../../render/width.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { nextCommands } from "../next-commands.ts";
import { seen } from "../target.ts";

/** What `npm start` runs: the tree, and where to go from there. */
export const start = command({
  name: "start",
  options: {},
  formats: ["text"],
  examples: [],
  async run(running) {
    const { env, out, format, color, glyphs, language } = running;
    const { index } = await seen(running, { cgroups: true });
    if (format === "json") {
      out.write(encodeSnapshot(index.snapshot));
      return EXIT.done;
    }
    const width = pageWidth(out);
    out.write(treeText(index, { width, color, glyphs, language, all: false }));
    if (index.snapshot.namespaces.filter(({ kind }) => kind === "user").length === 1) {
      const { demoDrawing } = await import("../demo-drawing.ts");
      out.write(`\n${await demoDrawing({ width, color, glyphs, language })}`);
    }

    // npm puts nothing on the PATH for it, so that the commands are to be typed as this one was.
    const program = env["npm_lifecycle_event"] === "start" ? "npm start --" : "nsatlas";
    const paint = palette(color);
    const suggestions = nextCommands(index, language).map(({ words, shows }) => ({
      line: `${program} ${words}`,
      shows,
    }));
    const longest = Math.max(...suggestions.map(({ line }) => columnsOf(line)));
    const lines = suggestions.map(
      ({ line, shows }) => `  ${paint.strong(padEnd(line, longest))}  ${paint.faint(shows)}\n`,
    );
    out.write(`\n${NEXT_COMMANDS.heading[language]}\n${lines.join("")}`);
    return EXIT.done;
  },
});
