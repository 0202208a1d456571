import { playDemo } from "../../demo/demo.ts";
import { demoJson } from "../../demo/json.ts";
import { demoText } from "../../demo/text.ts";
import { command } from "../command.ts";
import { modelLike, openRunningKernel } from "../demo-kernels.ts";
import { EXIT } from "../exit-codes.ts";
import { TEXT_COLUMNS } from "../wrap.ts";

/** Plays the manual page's sessions on the running kernel and on the model. */
export const demo = command({
  name: "demo",
  description: [
    "Plays the four shell sessions of the manual page ioctl_ns(2), each on the running kernel and on nsatlas's model of it, and compares the answers. It needs no privileges and leaves nothing behind. Where new namespaces cannot be made, or on other operating systems, a session is played by the model alone.",
    "Exit code 1 says that the kernel and the model differ.",
  ],
  options: {},
  formats: ["text"],
  examples: [
    { line: "nsatlas demo", shows: "who may ask for a namespace's owner and parent, and why" },
    { line: "nsatlas demo --json", shows: "the same for programs" },
  ],
  run({ out, format, color, language }) {
    using kernel = openRunningKernel(language);
    const played = playDemo(kernel, modelLike(kernel));
    const width = Math.min(out.columns ?? TEXT_COLUMNS, TEXT_COLUMNS);
    out.write(
      format === "json"
        ? `${JSON.stringify(demoJson(played), undefined, 2)}\n`
        : demoText(played, { width, color, language }),
    );
    return played.agree === false ? EXIT.no : EXIT.done;
  },
});
