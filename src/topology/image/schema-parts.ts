import * as z from "zod";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { S32_MAX } from "../../procfs/decimal.ts";
import { text, whole } from "../../snapshot/schema-parts.ts";

// It loads zod, as schema.ts does.

const LABEL = "[A-Za-z0-9_.-]{1,64}";
const LABEL_FORM = "letters, digits, _ . -";
export const label = z
  .string()
  .regex(new RegExp(`^${LABEL}$`), { error: LABEL_FORM })
  .meta({ id: "Label", description: "A name within this topology." });

/** To a namespace of one kind; which kind a label has is a law between records. */
export const reference = (kind: NamespaceKind): z.ZodString =>
  z
    .string()
    .regex(new RegExp(`^(?:${LABEL}|ambient:${kind}|external:${LABEL})$`), {
      error: `LABEL, ambient:${kind} or external:NAME`,
    })
    .meta({ description: `A ${kind} namespace: a label, ambient:${kind} (the restorer's own) or external:NAME.` });

export const namedReference = (description: string): z.ZodString =>
  z
    .string()
    .regex(new RegExp(`^(?:${LABEL}|ambient:(?:cgroup|ipc|mnt|net|pid|time|user|uts)|external:${LABEL})$`), {
      error: "LABEL, ambient:KIND or external:NAME",
    })
    .meta({ description: `${description} A label, ambient:KIND (the restorer's own) or external:NAME.` });

export const count = (description: string): z.ZodInt => whole(0, S32_MAX, description);

/** Names as below /proc/sys, with dots. */
export const sysctls = z
  .record(
    z.string().regex(/^[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64}){0,7}$/, { error: "WORD.WORD…" }),
    text("Its text, without the newline."),
  )
  .meta({ description: "Those that differ from what a new namespace has." });
