const text = { type: "string" };
const list = (items: object): object => ({ type: "array", items });
const record = (properties: object, optional: readonly string[] = []): object => ({
  type: "object",
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
  properties,
});
const fromTo = (type: object): object => record({ from: type, to: type });

const CHANGES = record({
  started: { description: "Processes.", ...list(text) },
  appeared: {
    description: "New namespaces.",
    ...list(record({ name: text, kind: text, owner: { type: ["string", "null"] }, parent: text }, ["parent"])),
  },
  links: {
    description: "Links under /proc/PID/ns that lead elsewhere; a new process's, elsewhere than its maker's.",
    ...list(record({ process: text, link: text, from: text, to: text })),
  },
  credentials: {
    description:
      "Effective uids as the process's own user namespace shows them; effective capabilities in hexadecimal.",
    ...list(record({ process: text, uid: fromTo({ type: "integer" }), capabilities: fromTo(text) })),
  },
  maps: { description: "Id maps that were written.", ...list(record({ namespace: text, file: text })) },
  exited: { description: "Processes.", ...list(text) },
  ended: { description: "Namespaces that nothing holds any more.", ...list(text) },
});

const PROVIDED = {
  description: "What the answer takes for granted, for no file tells it.",
  ...list(record({ what: text, of: text, that: text })),
};

const UNKNOWN = record({
  what: { description: "The kind of evidence that is missing: a stable word.", type: "string" },
  of: { description: "Of which process or namespace.", type: "string" },
  why: { description: "The same in the user's language.", type: "string" },
});

const VERIFIED = {
  description:
    "With --verify: what the running kernel said. told: the model could not tell, and the kernel was asked. not-made: it was " +
    "not asked, `why` says it in a stable word. where: place, of the processes that were seen; copy, in a copy of them.",
  ...record(
    {
      is: { enum: ["same", "differs", "told", "not-made"] },
      where: { enum: ["place", "copy"] },
      answered: text,
      why: text,
      detail: text,
      missing: UNKNOWN,
    },
    ["where", "answered", "why", "detail", "missing"],
  ),
};

/** The shape of what `nsatlas what-if --json` prints. */
export const WHAT_IF_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas what-if",
  ...record({
    "what-if": record({
      kernel: { description: "The release that the model behaves as, or a kernel that was posted.", type: "string" },
      calls: list({ oneOf: [{ $ref: "#/$defs/succeeded" }, { $ref: "#/$defs/refused" }, { $ref: "#/$defs/unknown" }] }),
    }),
  }),
  $defs: {
    succeeded: record(
      {
        by: text,
        call: text,
        returns: {
          description:
            "A number; a 64-bit one in decimal; or what was read. Of this machine or a snapshot, a new descriptor is " +
            "fd:N, its name in the calls behind, and null a new number that nobody can foretell.",
          type: ["integer", "string", "object", "null"],
        },
        opened: { description: "What the descriptor leads to that the call gave.", type: "string" },
        provided: PROVIDED,
        changes: CHANGES,
        verified: VERIFIED,
      },
      ["opened", "provided", "verified"],
    ),
    refused: record(
      {
        by: text,
        call: text,
        errno: text,
        reason: { description: "A stable word for the reason.", type: ["string", "null"] },
        why: { description: "The reason in the user's language.", type: ["string", "null"] },
        "not-opened": { description: "The link that could not be opened for the call.", type: "string" },
        provided: PROVIDED,
        changes: CHANGES,
        verified: VERIFIED,
      },
      ["not-opened", "provided", "verified"],
    ),
    unknown: record(
      {
        by: text,
        call: text,
        unknown: UNKNOWN,
        changes: CHANGES,
        verified: VERIFIED,
      },
      ["verified"],
    ),
  },
};
