import type { NotMade } from "../../messages/verify.ts";
import type { Missing } from "../seen/evidence.ts";

/** What the running kernel said to a call, beside what the model says. */
export type Verdict =
  /** `where`: on the very processes and namespaces asked about, or in a copy of them; of a drawing there is no other. */
  | { readonly is: "same"; readonly where?: Where }
  | { readonly is: "differs"; readonly answered: string; readonly where?: Where }
  /** The model could not tell, and the running kernel did. */
  | { readonly is: "told"; readonly answered: string }
  | NotMadeVerdict;

export type Where = "place" | "copy";

export interface NotMadeVerdict {
  readonly is: "not-made";
  readonly why: NotMade;
  readonly detail?: string;
  /** What a copy could not be made for want of. */
  readonly missing?: Missing;
}

/** It was not made, and why. */
export const notMade = (why: NotMade, more: Omit<NotMadeVerdict, "is" | "why"> = {}): NotMadeVerdict => ({
  is: "not-made",
  why,
  ...more,
});
