import { MISSING_EVIDENCE } from "../messages/evidence.ts";
import type { Language } from "../messages/sentence.ts";
import { NOT_MADE, VERIFY } from "../messages/verify.ts";
import type { Verdict } from "./verify/verdict.ts";

/** What the running kernel said to a call, as a phrase. */
export function verdictText(verdict: Verdict, language: Language): string {
  switch (verdict.is) {
    case "same":
      return VERIFY[SAME[verdict.where ?? "drawn"]][language];
    case "differs":
      return VERIFY.differs[language](verdict);
    case "told":
      return VERIFY.told[language](verdict);
    case "not-made": {
      const why = NOT_MADE[verdict.why][language];
      const { missing } = verdict;
      const detail = missing === undefined ? verdict.detail : MISSING_EVIDENCE[missing.what][language](missing);
      return VERIFY["not-made"][language]({ why: detail === undefined ? why : `${why}: ${detail}` });
    }
  }
}

const SAME = { drawn: "same", place: "same-place", copy: "same-copy" } as const;
