import { CAPABILITIES } from "../abi/capabilities.ts";
import { KINDS } from "../abi/namespace-kinds.ts";
import { OPERATION_NAMES } from "../caps/operations.ts";
import { ASSUMED } from "../messages/evidence.ts";
import { CAPS_JSON_SCHEMA } from "./caps-schema.ts";
import { MISSING, PROOF_DEFS, STEPS } from "./proof-schema.ts";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";
const VERDICT = { description: "Exit code 0, 1, 3.", type: "string", enum: ["yes", "no", "unknown"] };
const ASSUMPTIONS = {
  description: "What no file tells, and is taken to be as it mostly is.",
  type: "array",
  items: {
    type: "object",
    required: ["what", "of"],
    additionalProperties: false,
    properties: { what: { type: "string", enum: Object.keys(ASSUMED) }, of: { type: "string" } },
  },
};
const OF = { description: "What it is asked of.", type: "string" };
const { who, mayStillDeny } = CAPS_JSON_SCHEMA.properties;
const asked = (required: readonly string[], properties: object): object => ({
  type: "object",
  required,
  additionalProperties: false,
  properties,
});

/** The shape of what `can --json` prints. */
export const CAN_JSON_SCHEMA = {
  $schema: DIALECT,
  title: "nsatlas can",
  type: "object",
  required: ["who", "asked", "verdict", "steps", "missing", "assumed", "mayStillDeny"],
  additionalProperties: false,
  properties: {
    who,
    asked: {
      oneOf: [
        asked(["capability", "of"], { capability: { type: "string", enum: [...CAPABILITIES] }, of: OF }),
        asked(["operation", "of", "source", "since"], {
          operation: { type: "string", enum: [...OPERATION_NAMES] },
          of: OF,
          source: { description: "Where the kernel decides.", type: "string" },
          since: { description: "The first kernel in which the rule is so.", type: "string" },
        }),
      ],
    },
    verdict: VERDICT,
    steps: STEPS,
    missing: MISSING,
    assumed: ASSUMPTIONS,
    mayStillDeny,
  },
  $defs: PROOF_DEFS,
};

const user = { $ref: "#/$defs/namespaceId" };

/** The shape of what `can WHO enter --json` prints. */
export const ENTER_JSON_SCHEMA = {
  $schema: DIALECT,
  title: "nsatlas can enter",
  type: "object",
  required: ["who", "verdict", "order", "changes"],
  additionalProperties: false,
  properties: {
    who,
    verdict: VERDICT,
    order: {
      description: "In the order in which to join them; those that cannot be joined last.",
      type: "array",
      items: {
        type: "object",
        required: ["namespace", "kind", "verdict", "steps", "missing", "assumed"],
        additionalProperties: false,
        properties: {
          namespace: user,
          kind: { type: "string", enum: [...KINDS] },
          verdict: VERDICT,
          steps: STEPS,
          missing: MISSING,
          assumed: ASSUMPTIONS,
        },
      },
    },
    changes: {
      description: "What would make the first refused one succeed, the nearest first. Each was tried.",
      type: "array",
      items: {
        oneOf: [
          asked(["change", "user"], { change: { const: "enter-first" }, user }),
          asked(["change", "user", "capabilities"], {
            change: { const: "capability" },
            user: { ...user, description: "Where to have them." },
            capabilities: { type: "array", items: { type: "string", enum: [...CAPABILITIES] } },
          }),
          asked(["change", "uid", "user"], {
            change: { const: "as-owner" },
            uid: { description: "As its effective one, in the viewer's numbers.", type: "integer" },
            user: { ...user, description: "Where to be." },
            first: { ...user, description: "What to enter before, by the same means." },
          }),
        ],
      },
    },
  },
  $defs: PROOF_DEFS,
};
