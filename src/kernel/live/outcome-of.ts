import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { attempt } from "./read-process.ts";

/** A call through Node's own functions, which throw where the kernel says an errno; whatever else is thrown goes on. */
export function outcomeOf<T>(call: () => T): Outcome<T> {
  const attempted = attempt(call);
  return "value" in attempted ? ok(attempted.value) : refused(errnoName(attempted.errno));
}
