import type { ErrnoName } from "../abi/errnos.ts";
import { inodeOf } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { WAYS_OUT } from "../messages/ways-out.ts";
import { REASONS } from "../messages/reasons.ts";
import type { Language } from "../messages/sentence.ts";
import type { Act } from "./act.ts";
import type { Wish } from "./order.ts";
import type { Facts } from "./plan.ts";
import { wayOut } from "./way-out.ts";

/** A step that the kernel refused: the call as the man page has it, the thing, and what the rules know of it. */
export interface StepRefusal {
  readonly code: ErrnoName;
  readonly syscall: string;
  readonly subject: string;
  readonly reason?: string;
  readonly hint?: string;
}

/** A step's failure with one errno, in sentences of a language. */
export function refusalOf(act: Act, errno: ErrnoName, facts: Facts, language: Language): StepRefusal {
  const { forecast } = act;
  const isForeseen = forecast.may === "no" && forecast.errno === errno;
  const reason = isForeseen && forecast.reason !== undefined ? REASONS[forecast.reason][language] : undefined;
  const hint = isForeseen ? wayOut(forecast, facts, language) : unforeseen(act, errno, language);
  const wishes = act.act === "join" ? act.join.wishes : [];
  // Where the rules name one of several, it is that one.
  const blamed = isForeseen ? wishes.filter(({ ns }) => ns === forecast.about) : [];
  return {
    code: errno,
    ...callOf(act, blamed.length > 0 ? blamed : wishes),
    ...(reason !== undefined && { reason }),
    ...(hint !== undefined && { hint }),
  };
}

function unforeseen({ forecast, act }: Act, errno: ErrnoName, language: Language): string | undefined {
  if (act === "join" && (errno === "EPERM" || errno === "EACCES") && forecast.may === "yes") {
    return WAYS_OUT["not-foreseen"][language];
  }
  return undefined;
}

/** The call as the man page has it, and the thing. */
function callOf(act: Act, wishes: readonly Wish[]): { readonly syscall: string; readonly subject: string } {
  switch (act.act) {
    case "join":
      return { syscall: `setns ${flagsText(wishes.map(({ kind }) => kind))}`, subject: namesText(wishes) };
    case "root":
      return { syscall: "chroot", subject: act.dir };
    case "folder":
      return { syscall: "fchdir", subject: act.dir };
    case "stay":
      return { syscall: "fchdir", subject: "." };
    case "folder-inside":
      return { syscall: "chdir", subject: act.path };
    case "cgroup":
      return { syscall: "write", subject: act.path };
    case "fork":
      return { syscall: "clone", subject: "SIGCHLD" };
    case "mount-proc":
      return { syscall: "mount proc", subject: act.path };
    case "early-groups":
    case "groups":
      return { syscall: "setgroups", subject: act.act === "groups" ? act.groups.join(" ") || "0" : "0" };
    case "gid":
      return { syscall: "setgid", subject: String(act.gid) };
    case "uid":
      return { syscall: "setuid", subject: String(act.uid) };
    case "keep-caps":
      return { syscall: "prctl", subject: "PR_CAP_AMBIENT" };
    case "no-new-privs":
      return { syscall: "prctl", subject: "PR_SET_NO_NEW_PRIVS" };
  }
}

/** The headers' names: CLONE_NEWNS for mounts. Source: include/uapi/linux/sched.h. */
export const flagsText = (kinds: readonly NamespaceKind[]): string =>
  kinds.map((kind) => (kind === "mnt" ? "CLONE_NEWNS" : `CLONE_NEW${kind.toUpperCase()}`)).join(" | ");
export const namesText = (wishes: readonly Wish[]): string =>
  wishes.map(({ kind, ns }) => `${kind}:[${inodeOf(ns)}]`).join(", ");
