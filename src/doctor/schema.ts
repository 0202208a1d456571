import { INTERFACE_NAMES } from "../abi/interfaces.ts";
import { LINKS } from "../abi/proc-links.ts";
import { REMEDIES } from "../messages/doctor.ts";
import { ANSWERS } from "./diagnosis.ts";

const TEXT = { type: "string" };
const WHOLE = { type: "integer", minimum: 0 };
const FLAG = { type: "boolean" };
const orNull = (type: string, description?: string): object => ({
  ...(description === undefined ? {} : { description }),
  type: [type, "null"],
});
const listOf = (items: object): object => ({ type: "array", items });
const record = (properties: object, description?: string, optional: object = {}): object => ({
  ...(description === undefined ? {} : { description }),
  type: "object",
  required: Object.keys(properties),
  additionalProperties: false,
  properties: { ...properties, ...optional },
});

/** The shape of what `nsatlas doctor --json` prints. */
export const DOCTOR_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas doctor",
  ...record({
    doctor: record(
      {
        source: { enum: ["live", "model", "replay"] },
        kernel: record({ name: TEXT, release: TEXT, machine: TEXT }),
        caller: record({
          pid: WHOLE,
          uid: WHOLE,
          gid: WHOLE,
          capabilities: { description: "The effective ones, by name.", type: ["array", "null"], items: TEXT },
          noNewPrivs: orNull("boolean"),
          seccomp: { enum: ["off", "strict", "filter", null] },
          namespaces: listOf(
            record({
              link: { enum: LINKS },
              id: { description: "MAJ:MIN/INO", type: "string" },
              initial: {
                description:
                  "Whether it is the machine's first of its kind; of net and mnt only since Linux 6.18, which fixes their numbers.",
                type: "boolean",
              },
            }),
          ),
        }),
        proc: record({
          path: TEXT,
          found: FLAG,
          hidepid: orNull("string", "As it was mounted; off where it hides nothing."),
          ownPids: { description: "Whether its pids are those of the caller's own pid namespace.", type: "boolean" },
        }),
        settings: {
          description: "By sysctl; security-modules and label besides. What could not be read has an errno.",
          type: "object",
          additionalProperties: {
            oneOf: [record({ value: TEXT }), record({ errno: TEXT })],
          },
        },
        limits: listOf(record({ name: { enum: ["nofile", "nproc"] }, soft: TEXT, hard: TEXT })),
        interfaces: listOf(
          record({
            name: { enum: INTERFACE_NAMES },
            since: { description: "The first kernel that has it.", type: "string" },
            answer: { enum: ANSWERS },
            errno: orNull("string"),
            use: { description: "What nsatlas uses it for, in the user's language.", type: "string" },
            without: { description: "What nsatlas does where it does not answer.", type: "string" },
          }),
        ),
        missing: listOf(
          record({
            what: { description: "In the user's language.", type: "string" },
            kind: { enum: ["refused", "unsupported", "skipped", "note", "place"] },
            source: orNull("string", "Of the snapshot's coverage; owners and parents for relations."),
            count: orNull("integer"),
            errno: orNull("string"),
            reveals: listOf(
              record({
                name: { enum: Object.keys(REMEDIES) },
                by: { enum: ["capability", "option", "mount", "kernel", "place"] },
                text: { description: "In the user's language.", type: "string" },
              }),
            ),
          }),
        ),
      },
      undefined,
      { takenAt: { description: "With --from: when; nothing was tried then. UTC, ISO 8601.", type: "string" } },
    ),
  }),
};
