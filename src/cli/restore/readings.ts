import { isRestoreName } from "../../restore/registry.ts";
import { RESTORE_USAGE } from "../../messages/restore.ts";
import { UNSEEN } from "../../topology/checkpoint/making.ts";
import { externalReference } from "../../topology/reference.ts";
import type { Reader } from "../options.ts";

/** LABEL=COMMAND. */
export const execWish: Reader<{ readonly label: string; readonly command: string }> = (text) => {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) return { ok: false, expected: RESTORE_USAGE["exec-form"] };
  return { ok: true, value: { label: text.slice(0, at), command: text.slice(at + 1) } };
};

/** `--external`: what the image calls the namespace that REF names here. */
export interface ExternalWish {
  readonly key: string;
  readonly ref: string;
}
/** KEY=REF. A key is a label; one is the image's own word for what was not seen. */
export const externalWish: Reader<ExternalWish> = (text) => {
  const [, key = "", ref = ""] = /^([A-Za-z0-9._-]{1,64})=(.+)$/s.exec(text) ?? [];
  if (key === "" || externalReference(key) === UNSEEN) return { ok: false, expected: RESTORE_USAGE["external-form"] };
  return { ok: true, value: { key, ref } };
};

/** A file's name as a restore's, where it can be one. */
export function nameOfFile(file: string): string | undefined {
  const base = (file.split("/").at(-1) ?? "").replace(/\.(json|ya?ml)$/, "");
  return isRestoreName(base) ? base : undefined;
}
