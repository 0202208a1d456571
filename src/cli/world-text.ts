import { DRAWING } from "../messages/drawing.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import type { CommandFailure } from "./failure.ts";
import { usageFailure } from "./usage.ts";

/** Only of a world that was drawn all is known. */
export const printsDrawn = (language: Language): CommandFailure =>
  usageFailure(DRAWING["print-needs-world"][language], USAGE_HINTS["see-help"][language]({ command: "what-if" }));
