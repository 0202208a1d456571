import type { Call } from "../call.ts";

/** Calls that leave the process that they are about as it is. */
const LOOKS: ReadonlySet<Call["op"]> = new Set<Call["op"]>([
  "open",
  "readlink",
  "stat",
  "lstat",
  "status",
  "capget",
  "pidfd_open",
  "link_to_handle_at",
  "read-timens-offsets",
]);

/** Throws a TypeError where a call would do more than look at a process that is not the actor's own. */
export function onlyLook(call: Call, isOwn: (name: string) => boolean): void {
  if (!("of" in call) || typeof call.of !== "string" || isOwn(call.of) || LOOKS.has(call.op)) return;
  throw new TypeError(`${call.op} is not for ${call.of}: it is nobody of ours`);
}
