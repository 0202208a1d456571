import { AUDIT_RULES, SEVERITIES } from "../messages/audit.ts";
import { UNSEEN } from "./finding-schemas.ts";
import { MISSING, PROOF_DEFS } from "./proof-schema.ts";

const { namespaceId, namespaceOrNull, missing, evidence } = PROOF_DEFS;
const TEXT = { type: "string" };

/** The shape of what `audit --json` prints. */
export const AUDIT_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas audit",
  type: "object",
  required: ["findings", "missing", "gaps"],
  additionalProperties: false,
  properties: {
    findings: {
      description: "The gravest first.",
      type: "array",
      items: {
        type: "object",
        required: ["rule", "severity", "inputs", "namespace", "pids", "evidence", "remedy"],
        additionalProperties: false,
        properties: {
          rule: { type: "string", enum: Object.keys(AUDIT_RULES) },
          severity: { type: "string", enum: Object.keys(SEVERITIES) },
          inputs: {
            description: "What the sentence is made of; empty where the rule has no use for it.",
            type: "object",
            required: ["container", "namespace", "list"],
            additionalProperties: false,
            properties: { container: TEXT, namespace: TEXT, list: TEXT },
          },
          namespace: { $ref: "#/$defs/namespaceOrNull" },
          pids: { type: "array", items: { type: "integer", minimum: 1 } },
          evidence: { type: "array", items: { $ref: "#/$defs/evidence" } },
          remedy: { description: "What would mend it, in the user's language.", type: "string" },
        },
      },
    },
    missing: MISSING,
    gaps: UNSEEN,
  },
  $defs: {
    namespaceId,
    namespaceOrNull,
    missing,
    evidence,
    Errno: { description: "As errno(3) has it.", type: "string" },
  },
};
