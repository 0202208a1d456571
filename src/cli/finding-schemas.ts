import { HOLDER_SCHEMA, whole } from "./holder-schema.ts";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

const text = (description: string): object => ({ description, type: "string" });
const list = (description: string, items: object): object => ({ description, type: "array", items });
const ID = { $ref: "#/$defs/NamespaceId" } as const;

const NAMESPACE = {
  id: ID,
  kind: { $ref: "#/$defs/NamespaceKind" },
  uniqueId: text("The 64-bit id, in decimal."),
  listed: { description: "The kernel lists it to the viewer: listns(2), since Linux 6.19.", const: true },
  ino: text("The inode number, in decimal."),
  dev: text("MAJ:MIN, in decimal."),
  names: list("Under /run/netns.", { type: "string" }),
  traces: list("Whose it is, as a snapshot has it; absent where nothing tells.", { $ref: "#/$defs/Trace" }),
} as const;
const NAMESPACE_REQUIRED = ["id", "kind", "ino", "dev", "names"] as const;

const RELEASE = {
  description: "What would make it let go. nothing: a thread of the kernel's own.",
  type: "object",
  required: ["do", "text"],
  properties: {
    do: {
      enum: ["end-process", "reap", "end-thread", "close", "end-nsatlas", "nothing", "unmount", "let-go"],
    },
    text: text("The same in the user's language."),
    pid: whole("Whose descriptor to close, or what to end."),
    parent: { description: "Of a process that has ended: who has to wait for it.", type: "integer", minimum: 0 },
    tid: whole("Of a thread."),
    fd: { type: "integer", minimum: 0 },
    stacked: whole("How many mounts of namespaces lie at that place."),
    hiddenBy: text("The path of the mount that has to go first; its own: one lies on it there."),
    mountId: { type: "integer" },
    mountNamespace: text("Where to unmount; absent: in the viewer's own mount namespace."),
    path: text("What to unmount."),
    through: whole("The process from whose root the path starts."),
    namespace: ID,
  },
} as const;

const BECAUSE = list("Why the holder is there, down to what rests on nothing else; empty where it does so itself.", {
  type: "object",
  required: ["namespace", "by"],
  properties: {
    namespace: ID,
    by: {
      description: "What it stands on; the kernel itself; null where nobody visible holds it.",
      anyOf: [
        { $ref: "#/$defs/Holder" },
        { type: "object", properties: { kind: { const: "kernel" } }, required: ["kind"], additionalProperties: false },
        { type: "null" },
      ],
    },
  },
});

const HOLDERS = list("The surest first.", {
  allOf: [{ $ref: "#/$defs/Holder" }],
  type: "object",
  required: ["release", "because"],
  properties: { release: RELEASE, because: BECAUSE },
});

export const UNSEEN = list("What was not looked into, and what would show it.", {
  type: "object",
  required: ["source", "why", "what", "shownBy"],
  properties: {
    source: text("As the coverage of a snapshot names it."),
    why: { enum: ["refused", "skipped", "unsupported", "hidden", "untold"] },
    errno: { $ref: "#/$defs/Errno" },
    note: text("What hides it, as the coverage of a snapshot notes it."),
    reason: text("Why it was skipped, as the coverage of a snapshot has it."),
    count: { description: "How much of it, where that is known.", type: "integer" },
    since: text("The first kernel that has it."),
    what: text("In the user's language."),
    shownBy: text("In the user's language."),
  },
});

const definitions = (snapshot: unknown): object => ({ ...Object(snapshot), Holder: HOLDER_SCHEMA });

/** What `why --json` prints; `defs` are those of the snapshot's schema. */
export const whySchema = (defs: unknown): object => ({
  $schema: DIALECT,
  title: "nsatlas why",
  type: "object",
  required: [...NAMESPACE_REQUIRED, "kernels", "holders", "unseen"],
  properties: {
    ...NAMESPACE,
    kernels: { description: "The kernel itself keeps it as long as it runs.", type: "boolean" },
    holders: HOLDERS,
    unseen: UNSEEN,
  },
  $defs: definitions(defs),
});

/** What `leaks --json` prints. */
export const leaksSchema = (defs: unknown): object => ({
  $schema: DIALECT,
  title: "nsatlas leaks",
  type: "object",
  required: ["verdict", "takenAt", "namespaces", "younger", "undated", "unseen"],
  properties: {
    verdict: { description: "Whether there are leaks: exit code 1, 0 or 3.", enum: ["yes", "no", "unknown"] },
    takenAt: text("When it was looked: UTC, ISO 8601."),
    namespaces: list("Those without a process.", {
      type: "object",
      required: [...NAMESPACE_REQUIRED, "state", "holders"],
      properties: {
        ...NAMESPACE,
        state: {
          description:
            "unknown: no process was seen in it, but not every one was looked into. used-below: no leak, for a namespace " +
            "with a process needs it.",
          enum: ["leaked", "unknown", "used-below"],
        },
        existsSince: text("It has been there at least since then: UTC, ISO 8601; absent where nothing tells."),
        atLeastSeconds: { description: "The same as an age.", type: "integer", minimum: 0 },
        holders: HOLDERS,
      },
    }),
    younger: { description: "With --older-than: so many more are not known to be so old.", type: "integer" },
    undated: { description: "With --older-than: so many more are of unknown age.", type: "integer" },
    unseen: UNSEEN,
  },
  $defs: definitions(defs),
});
