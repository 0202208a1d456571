import type { Language } from "../../messages/sentence.ts";
import { USAGE_HINTS } from "../../messages/usage.ts";
import { usageFailure } from "../usage.ts";
import type { CommandFailure } from "../failure.ts";

/** The words of an `enter` are off, taken together. */
export const ownUsage = (reason: string, language: Language): CommandFailure =>
  usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "enter" }));
