import { namesIn } from "../render/namespace-name.ts";
import type { Requirement } from "./requirement.ts";
import { step, type AssumedFact, type ProofStep } from "./proof.ts";
import type { Part, Situation } from "./situation.ts";

/** What is said of the part of a namespace that is in question, before anything is asked of it. */
interface Introduction {
  readonly steps: readonly ProofStep[];
  readonly assumed: readonly AssumedFact[];
}

/** Which mount or device it is. */
export function introduce({ ground, target }: Situation, part: Part): Introduction {
  const nothing: Introduction = { steps: [], assumed: [] };
  const record = target.aim === "namespace" ? target.record : null;
  if (record === null) return nothing;
  const namespace = namesIn(ground.index.snapshot)(record);
  switch (part.part) {
    case "mount": {
      const { path, facts } = part;
      if (facts === undefined) return nothing;
      const { id, mountPoint: at, fsType: type, options } = facts;
      const evidence = [{ read: "mountinfo", says: `${id} ${at} ${type} ${options.join(",")}` }];
      return { ...nothing, steps: [step("mount-seen", { path, at, type, namespace }, evidence)] };
    }
    case "device": {
      const { name, evidence } = part;
      if (evidence === undefined) return { ...nothing, assumed: [{ what: "device", of: `${name}@${namespace}` }] };
      return { ...nothing, steps: [step("device-seen", { name, namespace }, [evidence])] };
    }
    case "socket":
      return nothing;
  }
}

/** What the kernel asks of it besides, in its order. */
export function needsOf({ operation }: Situation, { part }: Part): readonly Requirement[] {
  if (part !== "mount") return [];
  switch (operation) {
    case "umount":
      return [{ fact: "in-mount-namespace" }, { fact: "mount-unlocked" }];
    case "mount":
    case "remount":
    case "clear-mount-flags":
      return [{ fact: "in-mount-namespace" }];
    default:
      return [];
  }
}
