import { CREDENTIAL_FORMS } from "./calls/credentials.ts";
import { FILE_FORMS } from "./calls/files.ts";
import type { CallForm } from "./calls/form.ts";
import { PROCESS_FORMS } from "./calls/processes.ts";

/** Every call that can be written, by the name that its manual page has: the grammar, and the table in the help. */
export const CALL_FORMS: ReadonlyMap<string, CallForm> = new Map([
  ...PROCESS_FORMS,
  ...FILE_FORMS,
  ...CREDENTIAL_FORMS,
]);

/** Other names by which people know the same calls. */
const ALSO: ReadonlyMap<string, string> = new Map([
  ["exec", "execve"],
  ["exit_group", "exit"],
  ["_exit", "exit"],
  ["waitpid", "wait4"],
  ["umount2", "umount"],
]);

/** The form of a call's name. */
export const callForm = (name: string): CallForm | undefined => CALL_FORMS.get(ALSO.get(name) ?? name);
