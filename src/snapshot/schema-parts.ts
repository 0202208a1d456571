import * as z from "zod";
import { ERRNOS, isErrnoName } from "../abi/errnos.ts";
import { parseNamespaceId, PID_MAX_LIMIT } from "../abi/ids.ts";
import { KINDS } from "../abi/namespace-kinds.ts";
import { U32_MAX } from "../procfs/decimal.ts";

// What the records of a snapshot are made of. It loads zod, as schema.ts does.

/** Longer than any argument the kernel accepts (MAX_ARG_STRLEN, 128 KiB). */
const LONGEST_TEXT = 131_072;
export const text = (description: string) => z.string().max(LONGEST_TEXT).meta({ description });
export const path = (description: string) => text(description).regex(/^\//, { error: "/…" }).meta({ description });
export const whole = (least: number, most: number, description: string) =>
  z.int({ abort: true }).min(least).max(most).meta({ description });
export const count = (description: string) => whole(0, Number.MAX_SAFE_INTEGER, description);
export const flag = (description: string) => z.boolean().meta({ description });
/** `form` is how the pattern reads to people; it comes back as the message of an issue. */
export const patterned = (pattern: RegExp, form: string, description: string) =>
  z.string().regex(pattern, { error: form }).meta({ description });

/** A date and time. */
export const instant = (description: string) =>
  patterned(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/, "YYYY-MM-DDThh:mm:ss[.fff]Z", description);

/** An object that may have these keys and no others. zod's own records pass over a key `__proto__` in silence. */
export const keyed = <K extends string, V extends z.ZodType>(keys: readonly K[], value: V): Keyed<K, V> =>
  z.strictObject(
    Object.fromEntries(keys.map((key) => [key, z.exactOptional(value)])) as Record<K, z.ZodExactOptional<V>>,
  );
type Keyed<K extends string, V extends z.ZodType> = z.ZodObject<Record<K, z.ZodExactOptional<V>>, z.core.$strict>;

export const namespaceId = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,9}):(?:0|[1-9]\d{0,9})\/[1-9]\d{0,19}$/, { error: "MAJ:MIN/INO" })
  .transform((written, context) => {
    const id = parseNamespaceId(written);
    if (id !== undefined) return id;
    context.issues.push({ code: "invalid_format", format: "regex", input: written, message: "MAJ:MIN/INO" });
    return z.NEVER;
  })
  .meta({ id: "NamespaceId", description: "Device and inode of a namespace's file: MAJ:MIN/INO, in decimal." });

export const errno = z
  .enum(Object.keys(ERRNOS).filter(isErrnoName))
  .meta({ id: "Errno", description: "As in errno(3)." });
export const kind = z.enum(KINDS).meta({ id: "NamespaceKind", description: "As the files of /proc/PID/ns are named." });
export const uid = whole(0, U32_MAX, "As the viewer's user namespace maps it; 65534 where it does not.");
export const pid = whole(1, PID_MAX_LIMIT, "In the pid namespace of the /proc that was read.");
