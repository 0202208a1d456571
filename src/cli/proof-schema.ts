import { ASSUMED, MISSING_EVIDENCE } from "../messages/evidence.ts";
import { PROOF_STEPS } from "../messages/proof.ts";

/** An object with exactly these fields, but for those that may be absent. */
export const exactly = (properties: Readonly<Record<string, object>>, maybe: readonly string[] = []): object => ({
  type: "object",
  required: Object.keys(properties).filter((name) => !maybe.includes(name)),
  additionalProperties: false,
  properties,
});

/** Definitions that answers with a proof share. */
export const PROOF_DEFS = {
  namespaceId: { description: "MAJ:MIN/INODE.", type: "string" },
  namespaceOrNull: { description: "MAJ:MIN/INODE; null: not shown.", type: ["string", "null"] },
  step: {
    description: "One step of a proof: the rule, what went into it, and where that was read.",
    type: "object",
    required: ["rule", "inputs", "evidence"],
    additionalProperties: false,
    properties: {
      rule: { type: "string", enum: Object.keys(PROOF_STEPS) },
      inputs: {
        description: "Processes and namespaces as they can be named, uids in the viewer's numbers.",
        type: "object",
        additionalProperties: { type: ["string", "integer"] },
      },
      evidence: { type: "array", items: { $ref: "#/$defs/evidence" } },
    },
  },
  evidence: {
    type: "object",
    required: ["read", "says"],
    additionalProperties: false,
    properties: {
      read: { description: "The call with its request, or the file with the field.", type: "string" },
      of: { description: "Of what it was asked.", type: "string" },
      says: { description: "What it said.", type: "string" },
    },
  },
  missing: {
    description: "A fact that nobody saw: what, and whose.",
    type: "object",
    required: ["what", "of"],
    additionalProperties: false,
    properties: { what: { type: "string", enum: Object.keys(MISSING_EVIDENCE) }, of: { type: "string" } },
  },
};

export const STEPS = {
  description: "The proof, in the kernel's order.",
  type: "array",
  items: { $ref: "#/$defs/step" },
};
export const MISSING = { description: "Empty: nothing is missing.", type: "array", items: { $ref: "#/$defs/missing" } };
export const VERDICT = { type: "string", enum: ["yes", "no", "unknown"] };
export const ASSUMED_FACTS = {
  description: "What no file tells, and is taken to be as it mostly is.",
  type: "array",
  items: exactly({ what: { type: "string", enum: Object.keys(ASSUMED) }, of: { type: "string" } }),
};

const NUMBER = { type: "integer", minimum: 1 };
/** Who is asked about. */
export const WHO = exactly(
  {
    pid: NUMBER,
    tid: { ...NUMBER, description: "Absent: the process itself." },
    comm: { type: "string" },
    user: { $ref: "#/$defs/namespaceOrNull" },
    euid: { description: "Effective, in the viewer's numbers; null: not seen.", type: ["integer", "null"] },
  },
  ["tid"],
);
