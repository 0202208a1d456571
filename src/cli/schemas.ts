import { LIST_COLUMN_NAMES, listColumn } from "../render/list-columns.ts";
import { LIST_COLUMN_HELP } from "../messages/list.ts";
import { HOLDER_SCHEMA, whole } from "./holder-schema.ts";

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
  [
    "topology",
    {
      describes: "what checkpoint -o and topology --json write",
      make: async () => (await import("../topology/image/schema.ts")).topologyJsonSchema(),
    },
  ],
  [
    "topology-text",
    {
      describes: "what topology takes of what is written by hand (YAML or JSON)",
      make: async () => (await import("../topology/written/schema.ts")).writtenJsonSchema(),
    },
  ],
  [
    "show",
    {
      describes: "what show --json prints",
      make: async () => showSchema((await import("../snapshot/schema.ts")).snapshotJsonSchema()),
    },
  ],
  [
    "why",
    {
      describes: "what why --json prints",
      make: async () => (await import("./finding-schemas.ts")).whySchema(await namespaceDefs()),
    },
  ],
  [
    "leaks",
    {
      describes: "what leaks --json prints",
      make: async () => (await import("./finding-schemas.ts")).leaksSchema(await namespaceDefs()),
    },
  ],
  ["list", { describes: "what list --json prints, as lsns --json does", make: async () => listSchema() }],
  [
    "mounts",
    {
      describes: "what tree --mounts prints as JSON",
      make: async () => (await import("./mount-tree.ts")).MOUNTS_JSON_SCHEMA,
    },
  ],
  [
    "restore",
    {
      describes: "what restore --json prints",
      make: async () => (await import("./restore/schema.ts")).RESTORE_JSON_SCHEMA,
    },
  ],
  ["pid", { describes: "what pid --json prints", make: async () => (await import("./pid-schema.ts")).PID_JSON_SCHEMA }],
  [
    "caps",
    { describes: "what caps --json prints", make: async () => (await import("./caps-schema.ts")).CAPS_JSON_SCHEMA },
  ],
  ["can", { describes: "what can --json prints", make: async () => (await import("./can-schema.ts")).CAN_JSON_SCHEMA }],
  [
    "can-enter",
    {
      describes: "what can WHO enter --json prints",
      make: async () => (await import("./can-schema.ts")).ENTER_JSON_SCHEMA,
    },
  ],
  ["who", { describes: "what who --json prints", make: async () => (await import("./who-schema.ts")).WHO_JSON_SCHEMA }],
  [
    "reach",
    { describes: "what reach --json prints", make: async () => (await import("./reach-schema.ts")).REACH_JSON_SCHEMA },
  ],
  [
    "audit",
    { describes: "what audit --json prints", make: async () => (await import("./audit-schema.ts")).AUDIT_JSON_SCHEMA },
  ],
  ["ids", { describes: "what ids --json prints", make: async () => (await import("./ids-schema.ts")).IDS_JSON_SCHEMA }],
  [
    "ids-translate",
    {
      describes: "what ids translate --json prints",
      make: async () => (await import("./ids-schema.ts")).TRANSLATE_JSON_SCHEMA,
    },
  ],
  [
    "ids-overlaps",
    {
      describes: "what ids overlaps --json prints",
      make: async () => (await import("./ids-schema.ts")).OVERLAPS_JSON_SCHEMA,
    },
  ],
  [
    "verify",
    {
      describes: "what verify --json prints",
      make: async () => (await import("./verify-schema.ts")).VERIFY_JSON_SCHEMA,
    },
  ],
  [
    "diff",
    { describes: "what diff --json prints", make: async () => (await import("./diff-json.ts")).DIFF_JSON_SCHEMA },
  ],
  [
    "hosts",
    {
      describes: "what commands print as JSON where --from names several files, or a folder",
      make: async () => (await import("./host-answers.ts")).HOSTS_JSON_SCHEMA,
    },
  ],
  [
    "demo",
    { describes: "what demo --json prints", make: async () => (await import("../demo/schema.ts")).DEMO_JSON_SCHEMA },
  ],
  [
    "what-if",
    {
      describes: "what what-if --json prints",
      make: async () => (await import("../what-if/schema.ts")).WHAT_IF_JSON_SCHEMA,
    },
  ],
  [
    "enter",
    {
      describes: "what enter --dry-run --json prints",
      make: async () => (await import("./enter/schema.ts")).ENTER_JSON_SCHEMA,
    },
  ],
  [
    "enter-all",
    {
      describes: "what enter --all-matching --json prints",
      make: async () => (await import("./enter/schema.ts")).ENTER_ALL_JSON_SCHEMA,
    },
  ],
  [
    "run",
    {
      describes: "what run --dry-run --json prints",
      make: async () => (await import("./run/schema.ts")).RUN_JSON_SCHEMA,
    },
  ],
  [
    "doctor",
    {
      describes: "what doctor --json prints",
      make: async () => (await import("../doctor/schema.ts")).DOCTOR_JSON_SCHEMA,
    },
  ],
  [
    "error",
    { describes: "what any command prints on standard error where it fails with --json", make: async () => ERROR },
  ],
]);

/** The definitions of the snapshot's schema. */
async function namespaceDefs(): Promise<unknown> {
  return Reflect.get((await import("../snapshot/schema.ts")).snapshotJsonSchema(), "$defs");
}

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

/** The record of the snapshot's schema, with what `show` adds to it. */
function showSchema(snapshot: object): object {
  const $defs: unknown = Reflect.get(snapshot, "$defs");
  const ids = (description: string): object => ({
    description,
    type: "array",
    items: { $ref: "#/$defs/NamespaceId" },
  });
  return {
    $schema: DIALECT,
    title: "nsatlas show",
    type: "object",
    required: ["id", "kind", "owner", "ino", "dev", "nstype", "names", "owners", "ancestors", "holders"],
    properties: {
      id: { $ref: "#/$defs/NamespaceId" },
      kind: { $ref: "#/$defs/NamespaceKind" },
      uniqueId: { description: "The 64-bit id, in decimal.", type: "string" },
      listed: { description: "The kernel lists it to the viewer: listns(2), since Linux 6.19.", const: true },
      owner: { $ref: "#/$defs/Relation" },
      parent: { $ref: "#/$defs/Relation" },
      ino: { description: "The inode number, in decimal.", type: "string" },
      dev: { description: "MAJ:MIN, in decimal.", type: "string" },
      nstype: whole("As NS_GET_NSTYPE gives it."),
      names: { description: "Under /run/netns.", type: "array", items: { type: "string" } },
      owners: ids("The owner, its parent and so on, as far as the viewer may see."),
      ancestors: ids("The parent, its parent and so on, as far as the viewer may see."),
      attributes: { description: "What it says of itself, by its kind.", ...attributesOf(snapshot) },
      inUse: {
        description:
          "Of a user namespace: what counts against its limits, as far as was seen, by the uid that made it in there, or " +
          "made what it is in; without uid: no call tells.",
        type: "array",
        items: {
          type: "object",
          required: ["counts"],
          properties: { uid: { type: "integer" }, counts: { type: "object" } },
        },
      },
      holders: {
        description: "What keeps it alive, as far as was seen.",
        type: "array",
        items: HOLDER_SCHEMA,
      },
    },
    $defs,
  };
}

/** The same field of the snapshot's schema. */
function attributesOf(snapshot: object): object {
  const at = ["$defs", "Namespace", "properties", "attributes"];
  const found = at.reduce<unknown>(
    (above, key) => (typeof above === "object" && above ? Reflect.get(above, key) : {}),
    snapshot,
  );
  return typeof found === "object" && found !== null ? found : {};
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
