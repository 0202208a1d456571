import { CAPABILITIES } from "../abi/capabilities.ts";
import { KINDS } from "../abi/namespace-kinds.ts";
import { RESTRAINTS } from "../messages/caps.ts";
import { MISSING, PROOF_DEFS, STEPS, WHO } from "./proof-schema.ts";

const EXTENT = { type: "string", enum: ["none", "effective", "all"] };
const NAMES = { type: "array", items: { type: "string", enum: [...CAPABILITIES] } };
const SET = {
  description: "16 hexadecimal digits; null: not read, or the kernel has none such.",
  type: ["string", "null"],
};

/** The shape of what `caps --json` prints. */
export const CAPS_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas caps",
  type: "object",
  required: [
    "who",
    "namespace",
    "kind",
    "governor",
    "power",
    "usable",
    "possible",
    "sets",
    "mayStillDeny",
    "steps",
    "missing",
  ],
  additionalProperties: false,
  properties: {
    who: WHO,
    namespace: { $ref: "#/$defs/namespaceId" },
    kind: { type: "string", enum: [...KINDS] },
    governor: { $ref: "#/$defs/namespaceOrNull" },
    power: {
      description: "For certain and at most: nothing, its effective set, or every capability.",
      type: "object",
      required: ["least", "most"],
      additionalProperties: false,
      properties: { least: EXTENT, most: EXTENT },
    },
    usable: { ...NAMES, description: "For certain." },
    possible: { ...NAMES, description: "Unknown whether it has them." },
    sets: {
      type: "object",
      required: ["effective", "permitted", "inheritable", "bounding", "ambient"],
      additionalProperties: false,
      properties: { effective: SET, permitted: SET, inheritable: SET, bounding: SET, ambient: SET },
    },
    mayStillDeny: {
      type: "array",
      items: {
        type: "object",
        required: ["what", "value"],
        additionalProperties: false,
        properties: {
          what: { type: "string", enum: Object.keys(RESTRAINTS) },
          value: { description: "As the file has it.", type: "string" },
        },
      },
    },
    steps: STEPS,
    missing: MISSING,
  },
  $defs: PROOF_DEFS,
};
