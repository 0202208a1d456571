import type { Call, TaskName } from "../../kernel/call.ts";

/** The same call where processes go by other names. */
export function callThere(call: Call, called: (name: TaskName) => TaskName): Call {
  let there: Call = call;
  if ("of" in there && typeof there.of === "string") there = { ...there, of: called(there.of) };
  if ("as" in there) there = { ...there, as: called(there.as) };
  if ("to" in there) there = { ...there, to: called(there.to) };
  if ("child" in there) there = { ...there, child: called(there.child) };
  if (there.op === "ioctl" && typeof there.argument === "object") {
    const { numberOf, seenBy } = there.argument;
    there = { ...there, argument: { numberOf: called(numberOf), seenBy: called(seenBy) } };
  }
  return there;
}
