import type { Pid } from "../abi/ids.ts";
import { kindOfLink } from "../abi/proc-links.ts";
import { broken, type Parse } from "./parse.ts";
import { parseRef, pidOf, type Ref } from "./ref.ts";

/** A process or a thread as the user names it: `42`, `42/43`, `42@pid:[4026532201]`, `self`. */
export interface Who {
  readonly process: Pid | "self";
  readonly thread?: Pid;
  /** The pid namespace that the numbers are of; the caller's own where it is absent. */
  readonly in?: Ref;
}

/** Reads a WHO. */
export function parseWho(text: string): Parse<Who> {
  if (text === "") return broken("empty", text);
  const at = text.indexOf("@");
  const [process = "", thread, ...rest] = (at === -1 ? text : text.slice(0, at)).split("/");
  if (rest.length > 0) return broken("too-many-parts", text);
  const processId = process === "self" ? process : pidOf(process);
  if (processId === undefined) return broken("bad-pid", process);
  const threadId = thread === undefined ? undefined : pidOf(thread);
  if (thread !== undefined && threadId === undefined) return broken("bad-thread", thread);
  const who: Who = threadId === undefined ? { process: processId } : { process: processId, thread: threadId };
  if (at === -1) return { ok: true, value: who };

  const ref = parseRef(text.slice(at + 1));
  if (!ref.ok) return ref;
  const kind =
    ref.value.form === "link" ? kindOfLink(ref.value.link) : "kind" in ref.value ? ref.value.kind : undefined;
  if (processId === "self" || (kind !== undefined && kind !== "pid"))
    return broken("who-needs-pid-namespace", text.slice(at + 1));
  return { ok: true, value: { ...who, in: ref.value } };
}
