import { hasCap, type Capability } from "../abi/capabilities.ts";
import type { Credentials, View } from "./view.ts";

/** The rule that gave a capability, or the one that ended the walk. */
export type CapabilityRule =
  | "in-own-namespace"
  | "missing-in-own-namespace"
  | "owner-of-namespace"
  | "not-below-caller";

/**
 * CAP: whether credentials hold a capability over user namespace `ns`, and by which rule. The walk goes up from `ns`:
 * in the caller's own namespace its effective set decides; whoever sits in the parent with the creator's effective uid
 * has every capability below, whatever its sets say; nobody has any upwards or sideways.
 * Source: security/commoncap.c cap_capable.
 */
export function capabilityRule<N>(view: View<N>, who: Credentials<N>, ns: N, capability: Capability): CapabilityRule {
  for (let at = ns; ;) {
    if (at === who.user) return hasCap(who.effective, capability) ? "in-own-namespace" : "missing-in-own-namespace";
    const parent = view.parent(at);
    if (parent === undefined || view.level(at) <= view.level(who.user)) return "not-below-caller";
    if (parent === who.user && view.creator(at) === who.euid) return "owner-of-namespace";
    at = parent;
  }
}

export function hasCapability<N>(view: View<N>, who: Credentials<N>, ns: N, capability: Capability): boolean {
  const rule = capabilityRule(view, who, ns, capability);
  return rule === "in-own-namespace" || rule === "owner-of-namespace";
}
