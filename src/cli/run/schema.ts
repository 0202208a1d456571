import { dryRunSchema } from "../enter/dry-run-schema.ts";

/** The shape of what `run` prints as JSON: `nsatlas schema run`. */
export const RUN_JSON_SCHEMA: object = dryRunSchema("run", ["call", "subject", "by"], {
  call: { description: "As its manual page has it.", type: "string" },
  subject: { description: "What it is asked of.", type: "string" },
  by: { description: "Who does it.", enum: ["command", "outside", "parent"] },
});
