import { toJson } from "../snapshot/json-text.ts";
import type { Differences } from "../snapshot/compare/differences.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { holderFields } from "./holder-json.ts";

/** What `diff --json` prints. */
export function diffJson(found: Differences): string {
  const { sameBoot, removed, added, maybeRemoved, maybeAdded, changed, moved, unsure, notCompared, incomplete } = found;
  return `${toJson({
    sameBoot: sameBoot ?? null,
    removed: removed.map(identityFields),
    added: added.map(identityFields),
    maybeRemoved: maybeRemoved.map(identityFields),
    maybeAdded: maybeAdded.map(identityFields),
    changed: changed.map(({ namespace, members, lost, gained, maps, attributes, netnsid, names }) => ({
      ...identityFields(namespace),
      members,
      lost: lost.map(holderFields),
      gained: gained.map(holderFields),
      maps,
      attributes,
      netnsid,
      names,
    })),
    moved: moved.map(({ process: { pid, startTime, comm }, link, from, to }) => ({
      pid,
      startTime,
      comm,
      link,
      from,
      to,
    })),
    unsure: unsure.map(identityFields),
    notCompared,
    incomplete,
  })}\n`;
}

const identityFields = ({ id, kind, uniqueId }: NamespaceRecord): object => ({ id, kind, uniqueId });

const NAMESPACE = { $ref: "#/$defs/Namespace" };
const HOLDERS = {
  description: "As show --json has them.",
  type: "array",
  items: { type: "object", required: ["kind"], properties: { kind: { type: "string" } } },
};
const TWO_OBJECTS = {
  description: "As a snapshot has them.",
  type: "object",
  required: ["before", "after"],
  properties: { before: { type: "object" }, after: { type: "object" } },
};
const NUMBER_OR_NONE = { type: ["integer", "string"] };
const TEXTS = { type: "array", items: { type: "string" } };
const IDENTITY = { id: { type: "string" }, kind: { type: "string" }, uniqueId: { type: "string" } };

/** Its shape. */
export const DIFF_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas diff",
  type: "object",
  required: [
    "sameBoot",
    "removed",
    "added",
    "changed",
    "moved",
    "unsure",
    "notCompared",
    "maybeRemoved",
    "maybeAdded",
    "incomplete",
  ],
  additionalProperties: false,
  properties: {
    sameBoot: { description: "null: one of the two does not say.", type: ["boolean", "null"] },
    removed: { type: "array", items: NAMESPACE },
    added: {
      description: "One whose id is also among removed has the number of a namespace that is gone.",
      type: "array",
      items: NAMESPACE,
    },
    changed: {
      type: "array",
      items: {
        type: "object",
        required: ["id", "kind", "lost", "gained"],
        additionalProperties: false,
        properties: {
          ...IDENTITY,
          members: {
            description: "Processes in it, where there were or are none.",
            type: "object",
            required: ["before", "after"],
            properties: { before: { type: "integer" }, after: { type: "integer" } },
          },
          lost: HOLDERS,
          gained: HOLDERS,
          maps: TWO_OBJECTS,
          attributes: TWO_OBJECTS,
          netnsid: {
            description: "In the viewer's network namespace.",
            type: "object",
            required: ["before", "after"],
            properties: { before: NUMBER_OR_NONE, after: NUMBER_OR_NONE },
          },
          names: {
            description: "Under /run/netns.",
            type: "object",
            required: ["lost", "gained"],
            properties: { lost: TEXTS, gained: TEXTS },
          },
        },
      },
    },
    moved: {
      description: "Processes in other namespaces than before.",
      type: "array",
      items: {
        type: "object",
        required: ["pid", "startTime", "comm", "link", "from", "to"],
        additionalProperties: false,
        properties: {
          pid: { type: "integer" },
          startTime: { type: "integer" },
          comm: { type: "string" },
          link: { description: "The file name in /proc/PID/ns.", type: "string" },
          from: { type: "string" },
          to: { type: "string" },
        },
      },
    },
    unsure: {
      description: "Nothing says whether they are the ones that had their number before.",
      type: "array",
      items: NAMESPACE,
    },
    maybeRemoved: {
      description: "Not seen any more, and what showed them was read less far: they may be there still.",
      type: "array",
      items: NAMESPACE,
    },
    maybeAdded: {
      description: "Not seen before, when what shows them was read less far: they may have been there.",
      type: "array",
      items: NAMESPACE,
    },
    notCompared: { description: "Sources that one of the two left out.", ...TEXTS },
    incomplete: { description: "Sources of which one of the two did not see all.", ...TEXTS },
  },
  $defs: { Namespace: { type: "object", required: ["id", "kind"], additionalProperties: false, properties: IDENTITY } },
};
