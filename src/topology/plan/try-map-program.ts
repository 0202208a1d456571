import { capBit } from "../../abi/capabilities.ts";
import type { Actor } from "../../kernel/actor.ts";
import { taskName, type Call, type TaskName, type Value } from "../../kernel/call.ts";
import type { Outcome } from "../../rules/outcome.ts";
import { MAP_PROGRAMS, type MapProgram } from "./map-programs.ts";
import type { MapDeed } from "./step.ts";

const UNCHANGED = -1;

/**
 * What newuidmap and newgidmap do, as far as a kernel has a say: root's for a moment, they go back to the uid of whoever called
 * them, keep the one capability, and write. What the program itself looks up is not decided here.
 * Source: shadow, src/newuidmap.c, lib/idmapping.c write_mapping.
 */
export function tryMapProgram(
  actor: Actor,
  by: TaskName,
  { of, file, text, through }: MapDeed & { readonly through: MapProgram },
): Outcome<Value> {
  const as = taskName(`${through}-${of}`);
  const begun = actor.call(by, { op: "clone", flags: 0, as });
  if (!begun.ok) return begun;
  const call = (one: Call): Outcome<Value> => actor.call(as, one);
  const started = call({ op: "exec", setuidRoot: true });
  const ids = started.ok ? call({ op: "getresuid" }) : started;
  if (ids.ok && typeof ids.value === "object" && "ids" in ids.value) {
    const capability = capBit(MAP_PROGRAMS[through].capability);
    call({ op: "set-keep-caps", keep: true });
    call({ op: "setresuid", ids: { real: UNCHANGED, effective: ids.value.ids.real, saved: UNCHANGED } });
    // Where its bit did not count it has nothing to keep, and the write is what is refused.
    call({ op: "capset", effective: capability, permitted: capability });
  }
  const written = ids.ok ? call({ op: "write", of, file, text }) : ids;
  call({ op: "exit" });
  actor.call(by, { op: "wait", child: as });
  return written;
}
