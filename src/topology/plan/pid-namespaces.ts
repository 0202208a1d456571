import type { PidNode } from "../nodes.ts";
import { isBoundary, type Label } from "../reference.ts";
import type { Crew } from "./crew.ts";

/**
 * Makes a pid namespace, and keeps it before anybody was born there: so its first process can have the parent and the numbers
 * that it shall have, whoever owns it. Its maker is in the parent, and in the owner.
 */
export function planPid(crew: Crew, node: PidNode): void {
  const { label } = node;
  const parent = crew.midwifeIn(node.parent);
  const maker = crew.helper(parent, "maker", label);
  const stands = isBoundary(node.parent) ? crew.baseOf("ambient:user") : crew.baseOf(crew.outermostOwner(node.parent));
  if (node.owner !== stands) crew.joins(maker, node.owner, label);
  crew.does(maker, { do: "unshare", kinds: ["pid"] }, label);
  crew.does(maker, { do: "keep-unborn", as: label }, label);
  crew.leaves(maker, parent, label);
  if (node.state === "dead") planDeath(crew, label);
}

/** No process can be born there any more. */
function planDeath(crew: Crew, label: Label): void {
  const midwife = crew.midwifeIn(label);
  const first = crew.helper(midwife, "first", label);
  crew.leaves(first, midwife, label);
}
