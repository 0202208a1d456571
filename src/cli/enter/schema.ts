import { DIALECT, dryRunSchema, orNull } from "./dry-run-schema.ts";

/** The shapes of what `enter` prints as JSON: `nsatlas schema enter` and `enter-all`. */

const NAMESPACE = {
  type: "object",
  required: ["kind", "id"],
  additionalProperties: false,
  properties: {
    kind: { enum: ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"] },
    id: { description: "Device and inode of its file: MAJ:MIN/INODE.", type: "string" },
  },
} as const;

export const ENTER_JSON_SCHEMA: object = dryRunSchema("enter", ["step", "text"], {
  step: {
    enum: [
      "early-groups",
      "join",
      "root",
      "folder",
      "stay",
      "folder-inside",
      "cgroup",
      "fork",
      "mount-proc",
      "groups",
      "gid",
      "uid",
      "keep-caps",
      "no-new-privs",
    ],
  },
  text: { description: "What is done, in the user's language.", type: "string" },
  by: { description: "Of a join: what setns is given.", enum: ["pidfd", "file"] },
  namespaces: { description: "Of a join: those of this one call.", type: "array", items: NAMESPACE },
});

export const ENTER_ALL_JSON_SCHEMA = {
  $schema: DIALECT,
  title: "nsatlas enter --all-matching",
  type: "object",
  required: ["ran", "failed", "results"],
  additionalProperties: false,
  properties: {
    ran: { description: "How many namespaces passed the filter.", type: "integer", minimum: 1 },
    failed: { description: "In how many of them it did not end with exit status 0.", type: "integer", minimum: 0 },
    results: {
      description: "In the order in which the command ran.",
      type: "array",
      items: {
        type: "object",
        required: ["namespace", "exit", "signal", "stdout", "stderr", "error"],
        additionalProperties: false,
        properties: {
          namespace: NAMESPACE,
          exit: { description: "The exit status; null: a signal ended it, or nothing ran.", type: ["integer", "null"] },
          signal: orNull("The signal that ended it."),
          stdout: { description: "What it wrote, as UTF-8.", type: "string" },
          stderr: { description: "What it wrote, as UTF-8.", type: "string" },
          error: {
            description: "What kept the command from running, or ended it.",
            type: ["object", "null"],
            required: ["code", "syscall", "subject", "reason", "hint"],
            properties: {
              code: { description: "The errno's name, or as `nsatlas schema error` has it.", type: "string" },
              syscall: orNull("The call as its manual page has it."),
              subject: orNull("What it was asked of."),
              reason: orNull("Why, in the user's language."),
              hint: orNull("What to do next, in the user's language."),
              details: { type: "array", items: { type: "string" } },
            },
          },
        },
      },
    },
  },
};
