import { LIST_COLUMN_NAMES, listColumn } from "../render/list-columns.ts";
import { LIST_COLUMN_HELP } from "../messages/list.ts";

/** One published schema: what it describes, and how it is made when it is asked for. */
interface PublishedSchema {
  readonly describes: string;
  readonly make: () => Promise<object>;
}

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** The shapes of the JSON that nsatlas prints, by the name that `nsatlas schema NAME` takes. */
export const SCHEMAS: ReadonlyMap<string, PublishedSchema> = new Map<string, PublishedSchema>([
  [
    "snapshot",
    {
      describes: "what snapshot -o and tree --json write",
      make: async () => (await import("../snapshot/schema.ts")).snapshotJsonSchema(),
    },
  ],
  ["list", { describes: "what list --json prints, as lsns --json does", make: async () => listSchema() }],
  [
    "demo",
    { describes: "what demo --json prints", make: async () => (await import("../demo/schema.ts")).DEMO_JSON_SCHEMA },
  ],
  [
    "error",
    { describes: "what any command prints on standard error where it fails with --json", make: async () => ERROR },
  ],
]);

function listSchema(): object {
  const columns = LIST_COLUMN_NAMES.map((name) => [
    name.toLowerCase(),
    { description: LIST_COLUMN_HELP[name].en, type: [jsonType(listColumn(name).json), "null"] },
  ]);
  return {
    $schema: DIALECT,
    title: "nsatlas list",
    type: "object",
    required: ["namespaces"],
    additionalProperties: false,
    properties: { namespaces: { type: "array", items: { $ref: "#/$defs/row" } } },
    $defs: {
      row: {
        description: "The columns that were asked for; with --tree also what hangs from it.",
        type: "object",
        additionalProperties: false,
        properties: {
          ...Object.fromEntries(columns),
          children: { type: "array", items: { $ref: "#/$defs/row" } },
        },
      },
    },
  };
}

/** Inodes and pids are whole. */
const jsonType = (type: "number" | "string"): string => (type === "number" ? "integer" : type);

const orNull = (description: string): object => ({ description, type: ["string", "null"] });
const ERROR = {
  $schema: DIALECT,
  title: "nsatlas failure",
  type: "object",
  required: ["error"],
  additionalProperties: false,
  properties: {
    error: {
      type: "object",
      required: ["code", "syscall", "subject", "reason", "hint"],
      properties: {
        code: {
          description: "The errno's name, or USAGE, NAME, NOT_SEEN, UNKNOWN, FORMAT, UNSUPPORTED, BUG.",
          type: "string",
        },
        syscall: orNull("The call as its manual page has it."),
        subject: orNull("What it was asked of."),
        reason: orNull("Why, in the user's language."),
        hint: orNull("What to do next, in the user's language."),
        details: {
          description: "The issues of a file, the candidates of a name.",
          type: "array",
          items: { type: "string" },
        },
      },
    },
  },
};
