import { PROOF_DEFS } from "./proof-schema.ts";

const ID = { type: "integer", minimum: 0, maximum: 4_294_967_295 };
const ID_OR_NULL = { type: ["integer", "null"] };
const DIALECT = "https://json-schema.org/draft/2020-12/schema";
const { namespaceId, namespaceOrNull, missing } = PROOF_DEFS;
const rows = {
  description: "null: not seen; empty: none mapped.",
  type: ["array", "null"],
  items: { $ref: "#/$defs/row" },
};
const MISSING = { type: "array", items: { $ref: "#/$defs/missing" } };
const WHICH = { type: "string", enum: ["uid", "gid"] };

/** The shape of what `ids --json` prints. */
export const IDS_JSON_SCHEMA = {
  $schema: DIALECT,
  title: "nsatlas ids",
  type: "object",
  required: ["viewer", "namespaces"],
  additionalProperties: false,
  properties: {
    viewer: { $ref: "#/$defs/namespaceOrNull" },
    namespaces: {
      description: "Parents before children.",
      type: "array",
      items: {
        type: "object",
        required: ["namespace", "parent", "uid", "gid", "setgroups"],
        additionalProperties: false,
        properties: {
          namespace: { $ref: "#/$defs/namespaceId" },
          parent: { $ref: "#/$defs/namespaceOrNull" },
          uid: rows,
          gid: rows,
          setgroups: { enum: ["allow", "deny", null] },
          refused: {
            description: "Why the maps were not seen.",
            type: "object",
            required: ["refused", "call"],
            properties: { refused: { type: "string" }, call: { type: "string" }, reason: { type: "string" } },
          },
        },
      },
    },
  },
  $defs: {
    namespaceId,
    namespaceOrNull,
    row: {
      description: "So many ids from `inside` on: their numbers in the parent (null: not seen) and for the viewer.",
      type: "object",
      required: ["inside", "parent", "viewers", "count"],
      additionalProperties: false,
      properties: { inside: ID, parent: ID_OR_NULL, viewers: ID, count: ID },
    },
  },
};

/** The shape of what `ids translate --json` prints. */
export const TRANSLATE_JSON_SCHEMA = {
  $schema: DIALECT,
  title: "nsatlas ids translate",
  type: "object",
  required: ["id", "which", "from", "to", "answer", "result", "viewers", "missing"],
  additionalProperties: false,
  properties: {
    id: ID,
    which: WHICH,
    from: { $ref: "#/$defs/namespaceId" },
    to: { $ref: "#/$defs/namespaceId" },
    answer: { type: "string", enum: ["mapped", "unmapped-there", "unmapped-here", "overflow", "unknown"] },
    result: { ...ID_OR_NULL, description: "null unless it is mapped." },
    viewers: { ...ID_OR_NULL, description: "In the user namespace of whoever looked; null: it has no number there." },
    missing: MISSING,
  },
  $defs: { namespaceId, missing },
};

/** The shape of what `ids overlaps --json` prints. */
export const OVERLAPS_JSON_SCHEMA = {
  $schema: DIALECT,
  title: "nsatlas ids overlaps",
  type: "object",
  required: ["overlaps", "missing"],
  additionalProperties: false,
  properties: {
    overlaps: {
      type: "array",
      items: {
        type: "object",
        required: ["which", "first", "count", "parent", "namespaces"],
        additionalProperties: false,
        properties: {
          which: WHICH,
          first: { ...ID, description: "In the viewer's numbers." },
          count: ID,
          parent: { $ref: "#/$defs/namespaceId" },
          namespaces: { type: "array", minItems: 2, items: { $ref: "#/$defs/namespaceId" } },
        },
      },
    },
    missing: MISSING,
  },
  $defs: { namespaceId, missing },
};
