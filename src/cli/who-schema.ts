import { CAPABILITIES } from "../abi/capabilities.ts";
import { UNSEEN } from "./finding-schemas.ts";
import { PROOF_DEFS } from "./proof-schema.ts";

const { namespaceId, namespaceOrNull } = PROOF_DEFS;
const REF = { $ref: "#/$defs/namespaceId" };
const REF_OR_NULL = { $ref: "#/$defs/namespaceOrNull" };
const named = {
  name: { description: "The name the kernel shows.", type: "string" },
  user: { ...REF_OR_NULL },
  uid: { description: "Effective, in the viewer's numbers; null: not seen.", type: ["integer", "null"] },
  pids: { type: "array", minItems: 1, items: { type: "integer", minimum: 1 } },
};
const NAMED = ["name", "user", "uid", "pids"];

/** The shape of what `who --json` prints. */
export const WHO_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas who",
  type: "object",
  required: ["capability", "namespace", "governor", "holders", "unknown", "gaps"],
  additionalProperties: false,
  properties: {
    capability: { type: "string", enum: [...CAPABILITIES] },
    namespace: REF,
    governor: { ...REF_OR_NULL },
    holders: {
      description: "By reason, the nearest first, and by name.",
      type: "array",
      items: {
        type: "object",
        required: ["reason", ...NAMED],
        additionalProperties: false,
        properties: {
          reason: { type: "string", enum: ["own-namespace", "ancestor", "owner"] },
          owns: { ...REF },
          ...named,
        },
      },
    },
    unknown: {
      description: "Evidence about them is missing.",
      type: "array",
      items: { type: "object", required: NAMED, additionalProperties: false, properties: named },
    },
    gaps: UNSEEN,
  },
  $defs: { namespaceId, namespaceOrNull, Errno: { description: "As errno(3) has it.", type: "string" } },
};
