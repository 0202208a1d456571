const TEXT = { type: "string" };
const COUNT = { type: "integer", minimum: 0 };
const PID = { description: "In the pid namespace of whoever restored.", type: "integer", minimum: 1 };
const record = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object => ({
  type: "object",
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
  properties,
});
const list = (items: object, description?: string): object => ({
  ...(description !== undefined && { description }),
  type: "array",
  items,
});

const DIFFERENCE = record(
  {
    what: { enum: ["missing", "extra", "differs", "unread"] },
    sort: TEXT,
    path: list(TEXT, "From the boundary down to the element."),
    here: TEXT,
    fact: TEXT,
    line: COUNT,
    column: { enum: ["inside", "outside", "count"] },
    expected: TEXT,
    found: TEXT,
  },
  ["here", "fact", "line", "column", "expected", "found"],
);
const MADE = record({
  name: TEXT,
  processes: list(record({ label: TEXT, pid: PID })),
  mounts: list(TEXT, "Paths over which a namespace's file is mounted, in the mount namespace of whoever restored."),
  verified: {
    description: "Whether what is there is what the image says; null: it was not compared.",
    type: ["boolean", "null"],
  },
  differences: list(DIFFERENCE),
});
const TRIED = record({
  dryRun: record({
    name: TEXT,
    steps: COUNT,
    open: list(
      record({ element: TEXT, call: TEXT, why: TEXT }),
      "Calls of which nobody can tell, and for want of what.",
    ),
    programs: list(
      record({ program: { enum: ["newuidmap", "newgidmap"] }, element: TEXT, map: TEXT }),
      "Maps that a program writes, as the caller may not: each with its text.",
    ),
  }),
});
const LISTED = record({
  folder: { description: "Where restores are registered.", type: "string" },
  restores: list(
    record({
      name: TEXT,
      state: { enum: ["whole", "partly", "gone", "making", "interrupted", "damaged"] },
      madeAt: { description: "UTC, ISO 8601.", type: ["string", "null"] },
      processes: list(record({ label: TEXT, pid: PID, running: { type: "boolean" } })),
      mounts: list(record({ path: TEXT, mounted: { type: "boolean" } })),
    }),
  ),
});
const UNDONE = record({ undone: TEXT, processes: COUNT, mounts: COUNT, files: COUNT });

/** The shape of what `restore --json` prints: what was made, what a dry run came to, --list, --undo. */
export const RESTORE_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas restore",
  anyOf: [MADE, TRIED, LISTED, UNDONE],
};
