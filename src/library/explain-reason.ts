import { REASONS, type Reason } from "../messages/reasons.ts";
import type { Language } from "../messages/sentence.ts";

/** The sentence for a reason, as errors and outcomes name it in `rule` and `reason`. */
export const explainReason = (reason: Reason, language: Language = "en"): string => REASONS[reason][language];
