import type { Language } from "../messages/sentence.ts";
import { NOT_MADE, VERIFY } from "../messages/verify.ts";
import type { Verdict } from "./verify.ts";

/** What the running kernel said to a call, as a phrase. */
export function verdictText(verdict: Verdict, language: Language): string {
  switch (verdict.is) {
    case "same":
      return VERIFY.same[language];
    case "differs":
      return VERIFY.differs[language](verdict);
    case "not-made": {
      const why = NOT_MADE[verdict.why][language];
      return VERIFY["not-made"][language]({ why: verdict.detail === undefined ? why : `${why}: ${verdict.detail}` });
    }
  }
}
