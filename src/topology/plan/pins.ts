import { isBoundary, type Reference } from "../reference.ts";
import type { PinNode } from "../topology.ts";
import { type Crew, RESTORER } from "./crew.ts";
import { push } from "../../snapshot/push.ts";

/** Files over which namespaces are mounted, each in its mount namespace. */
export function planPins(crew: Crew): void {
  const pins = new Map<Reference, PinNode[]>();
  for (const pin of crew.index.topology.pins) {
    push(pins, pin.in, pin);
  }
  for (const [mnt, inside] of pins) {
    const by = isBoundary(mnt) ? RESTORER : enter(crew, mnt);
    for (const { namespace, path } of inside) crew.does(by, { do: "pin", namespace, path }, path);
    if (by !== RESTORER) crew.leaves(by, RESTORER, mnt);
  }
}

function enter(crew: Crew, mnt: Reference) {
  const by = crew.helper(RESTORER, "binder", mnt);
  const owner = crew.index.node(mnt)?.owner ?? "ambient:user";
  // Whose power suffices where all is done from; elsewhere the owner itself does it.
  crew.joins(by, crew.baseOf(owner), mnt);
  crew.does(by, { do: "setns", kind: "mnt", namespace: mnt }, mnt);
  return by;
}
