export const DIALECT = "https://json-schema.org/draft/2020-12/schema";
export const orNull = (description: string): object => ({ description, type: ["string", "null"] });
const ANSWER = { enum: ["yes", "no", "unknown"] } as const;

/** The shape of what `enter` and `run` print with --dry-run and --json; `step`: what says which step it is, `required` of it. */
export const dryRunSchema = (command: string, required: readonly string[], step: object): object => ({
  $schema: DIALECT,
  title: `nsatlas ${command} --dry-run`,
  type: "object",
  required: ["answer", "steps", "command"],
  additionalProperties: false,
  properties: {
    answer: { description: "What all of it comes to.", ...ANSWER },
    steps: {
      description: "In the order in which they would be done.",
      type: "array",
      items: {
        type: "object",
        required: [...required, "answer", "errno", "rule", "reason", "hint"],
        additionalProperties: false,
        properties: {
          ...step,
          answer: ANSWER,
          errno: orNull("Of a step that is refused."),
          rule: orNull("The name of the kernel's rule that refuses it."),
          reason: orNull("Why it is refused, or why it cannot be told, in the user's language."),
          hint: orNull("What would help, in the user's language."),
        },
      },
    },
    command: { description: "What is run.", type: "array", items: { type: "string" } },
  },
});
