import type { Actor } from "../../kernel/actor.ts";
import { buildWorld, must } from "../../kernel/build-world.ts";
import { taskName } from "../../kernel/call.ts";
import type { DrawnNamespace } from "../../kernel/drawing.ts";
import type { NsKey } from "../../kernel/model/world.ts";
import type { Names } from "../names.ts";
import type { Standing } from "./copy.ts";
import { Descriptors } from "./descriptors.ts";

const WARDEN = taskName("what-if-warden");

/** A drawn world on another kernel, built as it was in the model. Throws `BuildRefused` where that kernel does not allow it. */
export function drawnCopy(
  actor: Actor,
  drawn: readonly DrawnNamespace[],
  { names, behind }: { readonly names: Names; readonly behind: Standing["behind"] },
): Standing {
  const { first } = actor;
  const fds = new Descriptors();
  const kept = new Map<NsKey, number>();
  for (let fd = 0; fd <= 2; fd++) fds.note(first, fd, must(actor, first, { op: "open-other", what: "null" }));
  const { fds: opened, keepers } = buildWorld(actor, drawn, 0);
  for (const keeper of new Set(keepers.values())) if (keeper !== first) fds.copy(first, keeper);
  must(actor, first, { op: "clone", flags: 0, as: WARDEN });
  const empty = new Set(drawn.filter((one) => one.empty).map(({ name }) => name));
  let next = 3;
  for (const [name, fd] of opened) {
    const key = names.key(name);
    if (key !== undefined) kept.set(key, fd);
    if (empty.has(name)) fds.note(first, next++, fd);
    else must(actor, first, { op: "close", fd });
  }
  return { actor, fds, warden: WARDEN, called: (name) => name, kept, behind, keyOf: (name) => names.key(name) };
}
