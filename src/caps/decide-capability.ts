import type { Capability } from "../abi/capabilities.ts";
import { namesIn } from "../render/namespace-name.ts";
import { fileIsMapped } from "./file-mapped.ts";
import { HIDDEN, TOP, type Ground } from "./ground.ts";
import type { Governor } from "./requirement.ts";
import { verdictOn } from "./power.ts";
import { isOfFirstUser } from "./superblock.ts";
import { step, type Finding, type MissingFact, type ProofStep } from "./proof.ts";
import { proveOver, provePower, type Named, type ProvedPower } from "./prove-walk.ts";
import { nothing, type Situation } from "./situation.ts";

/** Whether somebody has a capability where it counts for what is asked. */
export function decideCapability(situation: Situation, capability: Capability, over: Governor): Finding {
  const { ground, me, target } = situation;
  switch (over) {
    case "own":
      return told(ground, me, {
        capability,
        proved: ownPower(ground, me),
        before: [step("counts-in-own", { capability })],
      });
    case "initial":
      return overFirst(ground, me, capability);
    case "file":
    case "file-owner":
      return overFile(situation, capability, { ownerAlone: over === "file-owner" });
    case "net":
    case "ipc":
    case "pid":
      return overOwn(situation, capability, over);
    case "superblock":
      return overSuperblock(situation, capability);
    case "above":
      return overParent(situation, capability);
    case "resource":
      if (target.aim === "process")
        return overUser(ground, me, {
          capability,
          node: target.process.caller.user,
          of: `${target.process.number}/user`,
        });
      if (target.aim !== "namespace") return overFirst(ground, me, capability);
      if (target.record === null) return unseen(me, { capability, what: "namespace", of: target.what });
      return told(ground, me, { capability, proved: provePower(ground, me, target.record) });
  }
}

interface Asked {
  readonly capability: Capability;
  readonly proved: ProvedPower;
  readonly before?: readonly ProofStep[];
}

/** A power, and what it says of one capability. */
function told(ground: Ground, me: Named, { capability, proved, before = [] }: Asked): Finding {
  const verdict = verdictOn(proved.power, me.caller, capability);
  const record = ground.nodes[proved.governor];
  const at = record === undefined ? "user:[?]" : namesIn(ground.index.snapshot)(record);
  const rule = verdict === "yes" ? "capability-held" : verdict === "no" ? "capability-missing" : "capability-unknown";
  const steps = [...before, ...proved.steps, step(rule, { who: me.who, capability, at })];
  return { verdict, steps, missing: verdict === "unknown" ? proved.missing : [], assumed: [] };
}

const unseen = (me: Named, { capability, what, of }: MissingFact & { readonly capability: Capability }): Finding => ({
  verdict: "unknown",
  steps: [step("capability-unknown", { who: me.who, capability, at: of })],
  missing: [{ what, of }],
  assumed: [],
});

function ownPower(ground: Ground, me: Named): ProvedPower {
  if (me.caller.user !== HIDDEN) return proveOver(ground, me, me.caller.user);
  // Wherever it is, there its effective set decides.
  const missing: MissingFact[] = me.caller.effective === undefined ? [{ what: "status", of: me.number }] : [];
  return { power: { least: "effective", most: "effective" }, governor: HIDDEN, steps: [], missing };
}

function overUser(
  ground: Ground,
  me: Named,
  { capability, node, of }: { readonly capability: Capability; readonly node: number; readonly of: string },
): Finding {
  if (node !== HIDDEN) return told(ground, me, { capability, proved: proveOver(ground, me, node) });
  // Whichever it is, the first one is it or lies above it.
  const first = overFirst(ground, me, capability);
  return first.verdict === "yes" ? first : unseen(me, { capability, what: "link", of });
}

/** Over the machine's first user namespace, which nobody need have seen: who is in another has nothing there. */
export function overFirst(ground: Ground, me: Named, capability: Capability): Finding {
  const before = [step("counts-in-first", { capability })];
  const node = ground.parent.indexOf(TOP);
  if (node !== -1) return told(ground, me, { capability, proved: proveOver(ground, me, node), before });
  const own = ground.nodes[me.caller.user];
  if (own === undefined) return unseen(me, { capability, what: "link", of: `${me.person.process.pid}/user` });
  const steps = [...before, step("not-in-first", { who: me.who, own: namesIn(ground.index.snapshot)(own) })];
  return { ...nothing, verdict: "no", steps };
}

/** The user namespace that a file system was mounted from is told by its type alone, and only where that is the first. */
function overSuperblock({ ground, me, target }: Situation, capability: Capability): Finding {
  const part = target.aim === "namespace" ? target.part : undefined;
  const facts = part?.part === "mount" ? part.facts : undefined;
  const type = facts?.fsType ?? "?";
  const { steps, ...first } = overFirst(ground, me, capability);
  const walk = steps.filter(({ rule }) => rule !== "counts-in-first");
  if (facts !== undefined && isOfFirstUser(type)) {
    return { ...first, steps: [step("superblock-first", { type, capability }), ...walk] };
  }
  // Whichever it is, the first one is it or lies above it.
  if (first.verdict === "yes") return { ...first, steps: [step("superblock-hidden", { type, capability }), ...walk] };
  const of = part?.part === "mount" ? part.path : "?";
  const hidden = unseen(me, { capability, what: "superblock", of });
  return { ...hidden, steps: [step("superblock-hidden", { type, capability }), ...hidden.steps] };
}

function overParent({ ground, me, target }: Situation, capability: Capability): Finding {
  const record = target.aim === "namespace" ? target.record : null;
  const nameOf = namesIn(ground.index.snapshot);
  const node = record === null ? HIDDEN : (ground.numberOf.get(record.id) ?? HIDDEN);
  const parent = ground.nodes[ground.parent[node] ?? HIDDEN];
  if (record === null || parent === undefined) {
    return unseen(me, { capability, what: "parent", of: record === null ? "user:[?]" : nameOf(record) });
  }
  const before = [step("counts-above", { capability, at: nameOf(record), parent: nameOf(parent) })];
  return told(ground, me, { capability, proved: provePower(ground, me, parent), before });
}

/** In its own user namespace, where the file's owner and group have numbers there. */
function overFile(
  situation: Situation,
  capability: Capability,
  { ownerAlone }: { readonly ownerAlone: boolean },
): Finding {
  const { ground, me } = situation;
  const own = told(ground, me, {
    capability,
    proved: ownPower(ground, me),
    before: [step("counts-in-own", { capability })],
  });
  if (own.verdict === "no") return own;
  const mapped = fileIsMapped(situation, { ownerAlone });
  const steps = [...own.steps, ...mapped.steps];
  if (mapped.verdict === "no") return { ...mapped, steps };
  const verdict = own.verdict === "yes" ? mapped.verdict : "unknown";
  return { verdict, steps, missing: [...own.missing, ...mapped.missing], assumed: [] };
}

/** What its own namespace of a kind governs. */
function overOwn({ ground, me }: Situation, capability: Capability, kind: "net" | "ipc" | "pid"): Finding {
  const id = me.person.process.namespaces[kind];
  const record = id === undefined ? undefined : ground.index.namespaces.get(id);
  if (record === undefined) return unseen(me, { capability, what: "link", of: `${me.person.process.pid}/${kind}` });
  return told(ground, me, { capability, proved: provePower(ground, me, record) });
}
