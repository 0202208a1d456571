import { encodeSnapshot } from "../../snapshot/encode.ts";
import { redact } from "../../snapshot/redact.ts";
import { USAGE, USAGE_HINTS } from "../../messages/usage.ts";
import { command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { fileFailure } from "../file-failure.ts";
import { flag, single } from "../options.ts";
import { look } from "../seen.ts";
import { ATTRIBUTE_OPTIONS, SOURCE_OPTIONS, sourceWish } from "../source-options.ts";
import { usageFailure } from "../usage.ts";
import { path } from "../values.ts";
import { writeWhole } from "../write-file.ts";

/** Writes what is seen to a file, whole or not at all. */
export const snapshot = command({
  name: "snapshot",
  description: [
    "Writes everything that can be seen to FILE, which tree, list and show take back with --from, here or elsewhere. " +
      "FILE can be read by its owner alone (mode 0600). One that is there is replaced in one step; where writing " +
      "fails, it stays as it was.",
  ],
  options: {
    output: single("FILE", path, "where to; - is standard output", { short: "o" }),
    redact: flag("leave out command lines, paths, names and addresses"),
    "mount-trees": flag("keep every mount of every mount namespace too, for tree --mounts REF --from FILE"),
    ...SOURCE_OPTIONS,
    ...ATTRIBUTE_OPTIONS,
  },
  exclusive: [
    ["mount-trees", "redact"],
    ["mount-trees", "no-mounts"],
  ],
  formats: [],
  examples: [
    { line: "nsatlas snapshot -o today.json", shows: "keep what is seen now" },
    { line: "nsatlas snapshot -o - --redact", shows: "print it, without command lines and paths" },
    { line: "nsatlas tree --from today.json", shows: "look at it later" },
  ],
  async run(running, { output, redact: redacting, "mount-trees": mountTrees, ...values }) {
    const { language, out } = running;
    if (output === undefined) {
      const reason = USAGE["missing-option"][language]({ command: "snapshot", option: "-o FILE" });
      throw usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "snapshot" }));
    }
    const observer = await running.openObserver(running.procRoot);
    const seen = await look(running, observer, {
      commandLines: !redacting,
      cgroups: !redacting,
      status: true,
      attributes: true,
      mountTrees,
      ...sourceWish(values),
    });
    const text = encodeSnapshot(redacting ? redact(seen) : seen);
    if (output === "-") {
      out.write(text);
      return EXIT.done;
    }
    try {
      writeWhole(output, text);
    } catch (error) {
      throw fileFailure(error, { subject: output, situation: "write-file", language });
    }
    return EXIT.done;
  },
});
