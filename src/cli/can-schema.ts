import { CAPABILITIES } from "../abi/capabilities.ts";
import { KINDS } from "../abi/namespace-kinds.ts";
import { OPERATION_NAMES } from "../caps/operations.ts";
import { CAPS_JSON_SCHEMA } from "./caps-schema.ts";
import { ASSUMED_FACTS, exactly, MISSING, PROOF_DEFS, STEPS, VERDICT, WHO } from "./proof-schema.ts";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";
const ANSWER = { ...VERDICT, description: "Exit code 0, 1, 3." };
const OF = { description: "What it is asked of.", type: "string" };
const RELEASE = { type: "string" };
const CAPABILITY = { type: "string", enum: [...CAPABILITIES] };

/** The shape of what `can --json` prints. */
export const CAN_JSON_SCHEMA = {
  $schema: DIALECT,
  title: "nsatlas can",
  ...exactly({
    who: WHO,
    asked: {
      oneOf: [
        exactly({ capability: CAPABILITY, of: OF }),
        exactly({
          operation: { type: "string", enum: [...OPERATION_NAMES] },
          of: OF,
          source: { description: "Where the kernel decides.", type: "string" },
          since: {
            description: "The first kernel in which the rule is so, or the oldest that it was tried on.",
            type: "string",
          },
          evidence: {
            description: "What shows since when: commits of the main line, manual pages, or that it was tried.",
            type: "array",
            items: {
              oneOf: [
                exactly({ since: RELEASE, commit: { type: "string" }, title: { type: "string" } }),
                exactly({ since: RELEASE, page: { type: "string" }, says: { type: "string" } }),
                exactly({ since: RELEASE, tried: { const: true } }),
              ],
            },
          },
        }),
      ],
    },
    verdict: ANSWER,
    steps: STEPS,
    missing: MISSING,
    assumed: ASSUMED_FACTS,
    mayStillDeny: CAPS_JSON_SCHEMA.properties.mayStillDeny,
  }),
  $defs: PROOF_DEFS,
};

const user = { $ref: "#/$defs/namespaceId" };

/** The shape of what `can WHO enter --json` prints. */
export const ENTER_JSON_SCHEMA = {
  $schema: DIALECT,
  title: "nsatlas can enter",
  ...exactly({
    who: WHO,
    verdict: ANSWER,
    order: {
      description: "In the order in which to join them; those that cannot be joined last.",
      type: "array",
      items: exactly({
        namespace: user,
        kind: { type: "string", enum: [...KINDS] },
        verdict: ANSWER,
        steps: STEPS,
        missing: MISSING,
        assumed: ASSUMED_FACTS,
      }),
    },
    changes: {
      description: "What would make the first refused one succeed, the nearest first. Each was tried.",
      type: "array",
      items: {
        oneOf: [
          exactly({ change: { const: "as-child" } }),
          exactly({ change: { const: "enter-first" }, user }),
          exactly({
            change: { const: "capability" },
            user: { ...user, description: "Where to have them." },
            capabilities: { type: "array", items: CAPABILITY },
          }),
          exactly(
            {
              change: { const: "as-owner" },
              uid: { description: "As its effective one, in the viewer's numbers.", type: "integer" },
              user: { ...user, description: "Where to be." },
              first: { ...user, description: "What to enter before, by the same means." },
            },
            ["first"],
          ),
        ],
      },
    },
  }),
  $defs: PROOF_DEFS,
};
