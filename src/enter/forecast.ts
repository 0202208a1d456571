import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { Unforeseen } from "../messages/enter.ts";
import type { Reason } from "../messages/reasons.ts";
import type { Outcome } from "../rules/outcome.ts";
import { FactMissing } from "./lineage.ts";

/** What a call will give: yes, no with the errno and the reason, or unknown for want of a fact. */
export type Forecast =
  | { readonly may: "yes" }
  | { readonly may: "no"; readonly errno: ErrnoName; readonly reason?: Reason; readonly about?: NamespaceId }
  | { readonly may: "unknown"; readonly why: Unforeseen };

export const YES: Forecast = { may: "yes" };
export const unknown = (why: Unforeseen): Forecast => ({ may: "unknown", why });

/** A rule's answer as a forecast; `about`: the namespace that it speaks of. */
export function forecast(rule: () => Outcome<unknown>, about?: NamespaceId): Forecast {
  try {
    const outcome = rule();
    if (outcome.ok) return YES;
    const { errno, reason } = outcome;
    return { may: "no", errno, ...(reason !== undefined && { reason }), ...(about !== undefined && { about }) };
  } catch (error) {
    if (error instanceof FactMissing) return unknown("lineage");
    throw error;
  }
}

/** All of it has to come true: the first that will not decides, else the first that is unknown. */
export function together(forecasts: readonly Forecast[]): Forecast {
  return forecasts.find(({ may }) => may === "no") ?? forecasts.find(({ may }) => may === "unknown") ?? YES;
}
