import { hasCap } from "../abi/capabilities.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import type { Credentials } from "./view.ts";

/** What decides over supplementary groups in a user namespace. Linux 3.19. */
export interface GroupState {
  readonly gidMapSet: boolean;
  readonly setgroupsAllowed: boolean;
}

/** Whether a task may call setgroups(2) in its user namespace. Source: kernel/groups.c may_setgroups. */
export function maySetgroups<N>({ effective }: Credentials<N>, state: GroupState): Outcome<true> {
  if (!hasCap(effective, "CAP_SETGID")) return refused("EPERM", "no-setgid");
  if (!state.gidMapSet) return refused("EPERM", "no-gid-map-yet");
  if (!state.setgroupsAllowed) return refused("EPERM", "setgroups-denied-here");
  return ok(true);
}

/** The text and its end must fit into this many bytes. Source: kernel/user_namespace.c proc_setgroups_write. */
const ROOM = 8;
/** What the kernel takes for white space: in its table of characters 0xa0 is one. Source: lib/ctype.c. */
const TEXT = /^(allow|deny)[ \t\n\v\f\r\xa0]*(?:\0|$)/;

/** What a text written to /proc/PID/setgroups says, at `offset` of the file. */
export function parseSetgroupsText(text: string, offset: number): Outcome<"allow" | "deny"> {
  if (offset !== 0) return refused("EINVAL", "not-at-start");
  const word = text.length < ROOM ? TEXT.exec(text)?.[1] : undefined;
  return word === "allow" || word === "deny" ? ok(word) : refused("EINVAL", "setgroups-text");
}

/** Whether the state may become that. Both refusals are EPERM: a decision against groups is for good. */
export function maySwitchSetgroups(word: "allow" | "deny", state: GroupState): Outcome<true> {
  if (word === "allow") return state.setgroupsAllowed ? ok(true) : refused("EPERM", "setgroups-denied");
  return state.gidMapSet ? refused("EPERM", "setgroups-after-gid-map") : ok(true);
}
