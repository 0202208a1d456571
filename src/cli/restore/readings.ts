import { isRestoreName } from "../../restore/registry.ts";
import { RESTORE_USAGE } from "../../messages/restore.ts";
import type { Reader } from "../options.ts";

/** LABEL=COMMAND. */
export const execWish: Reader<{ readonly label: string; readonly command: string }> = (text) => {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) return { ok: false, expected: RESTORE_USAGE["exec-form"] };
  return { ok: true, value: { label: text.slice(0, at), command: text.slice(at + 1) } };
};

/** A file's name as a restore's, where it can be one. */
export function nameOfFile(file: string): string | undefined {
  const base = (file.split("/").at(-1) ?? "").replace(/\.(json|ya?ml)$/, "");
  return isRestoreName(base) ? base : undefined;
}
