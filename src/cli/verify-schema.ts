const TEXT = { type: "string" };

/** The shape of what `verify --json` prints. */
export const VERIFY_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas verify",
  type: "object",
  required: ["same", "namespaces", "processes", "differences"],
  additionalProperties: false,
  properties: {
    same: {
      description: "Whether all is as the image says; null: no difference is certain, and something could not be read.",
      type: ["boolean", "null"],
    },
    namespaces: { description: "How many the image has.", type: "integer" },
    processes: { description: "How many the image has.", type: "integer" },
    differences: {
      description: "In the image's order, what is only here last.",
      type: "array",
      items: {
        type: "object",
        required: ["what", "sort", "path"],
        additionalProperties: false,
        properties: {
          what: {
            description:
              "differs: a fact is another one. missing: only in the image. extra: only here. unread: it could not be read here.",
            enum: ["differs", "missing", "extra", "unread"],
          },
          sort: { description: "A kind of namespace; process, pin, device or route.", ...TEXT },
          path: {
            description: "Owners and pid namespaces down to the element, by the image's labels.",
            type: "array",
            items: TEXT,
          },
          here: {
            description: "The element as this machine has it: KIND:[INODE], or a process's number and name.",
            ...TEXT,
          },
          fact: { description: "hostname, owner, member.net, uidMap, …; absent for missing and extra.", ...TEXT },
          line: { description: "Of a map: the first line that is another one.", type: "integer" },
          column: { description: "Of that line, where it is one alone.", enum: ["inside", "outside", "count"] },
          expected: { description: "What the image says; absent: nothing.", ...TEXT },
          found: { description: "What is here; absent: nothing, or it could not be read.", ...TEXT },
        },
      },
    },
  },
};
