/** A side of a session: answers to all its commands, or the call that was refused; null where nobody could be asked. */
const SIDE = {
  oneOf: [
    { type: "null" },
    {
      type: "object",
      required: ["answers"],
      additionalProperties: false,
      properties: { answers: { type: "array", items: { $ref: "#/$defs/answer" } } },
    },
    {
      type: "object",
      required: ["refused"],
      additionalProperties: false,
      properties: {
        refused: {
          description: "The call that the session could not do without.",
          type: "object",
          required: ["call", "errno"],
          additionalProperties: false,
          properties: { call: { type: "string" }, errno: { type: "string" } },
        },
      },
    },
  ],
};

const answer = (properties: object): object => ({
  type: "object",
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
});
const RELATION = { enum: ["owner", "parent"] };
const AGREE = { description: "Null where only one of the two could play.", type: ["boolean", "null"] };

/** The shape of what `nsatlas demo --json` prints. */
export const DEMO_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas demo",
  type: "object",
  required: ["demo"],
  additionalProperties: false,
  properties: {
    demo: {
      type: "object",
      required: ["agree", "kernel", "model", "sessions"],
      additionalProperties: false,
      properties: {
        agree: AGREE,
        kernel: { description: "The running kernel's release; null where none was asked.", type: ["string", "null"] },
        model: { description: "The release that the model behaves as.", type: "string" },
        "why-no-kernel": { description: "In the user's language.", type: "string" },
        sessions: { type: "array", items: { $ref: "#/$defs/session" } },
      },
    },
  },
  $defs: {
    session: {
      type: "object",
      required: ["name", "agree", "commands", "kernel", "model", "reasons"],
      additionalProperties: false,
      properties: {
        name: { type: "string" },
        agree: AGREE,
        commands: {
          type: "array",
          items: answer({ prompt: { type: "string" }, text: { description: "As typed in a shell.", type: "string" } }),
        },
        kernel: { $ref: "#/$defs/side" },
        model: { $ref: "#/$defs/side" },
        reasons: {
          description: "Which rules refused, in the order of the commands.",
          type: "array",
          items: { type: "string" },
        },
      },
    },
    side: SIDE,
    answer: {
      oneOf: [
        answer({ pid: { type: "integer" } }),
        answer({ link: { description: "As readlink gives it.", type: "string" } }),
        answer({ relation: RELATION, namespace: { description: "MAJ:MIN/INO.", type: "string" } }),
        answer({ relation: RELATION, errno: { type: "string" } }),
      ],
    },
  },
} as const;
