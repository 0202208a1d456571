const NUMBER = { type: "integer", minimum: 1 };
const NAMESPACE = { description: "MAJ:MIN/INODE of the pid namespace; null: not seen.", type: ["string", "null"] };

/** The shape of what `pid --json` prints. */
export const PID_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas pid",
  type: "object",
  required: ["numbers"],
  additionalProperties: false,
  properties: {
    numbers: {
      description: "From the outermost pid namespace inwards; with --in and --of the one that was asked for.",
      type: "array",
      items: {
        type: "object",
        required: ["namespace", "number", "by"],
        additionalProperties: false,
        properties: {
          namespace: NAMESPACE,
          number: NUMBER,
          by: { description: "The call that told it, or the field of /proc/PID/status.", type: "string" },
        },
      },
    },
  },
};
