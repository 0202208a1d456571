import { VERSION } from "../../version.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";

/** Prints the version. */
export const version = command({
  name: "version",
  options: {},
  formats: ["text"],
  examples: [{ line: "nsatlas version --json", shows: "the same for programs" }],
  run({ out, format }) {
    out.write(
      format === "json" ? `${JSON.stringify({ name: "nsatlas", version: VERSION })}\n` : `nsatlas ${VERSION}\n`,
    );
    return EXIT.done;
  },
});
