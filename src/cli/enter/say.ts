import type { ErrnoName } from "../../abi/errnos.ts";
import { inodeOf } from "../../abi/ids.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Act } from "../../enter/act.ts";
import type { Facts } from "../../enter/plan.ts";
import type { Wish } from "../../enter/order.ts";
import { ERRNO_NAME, ERRNO_TEXT, type Saying } from "../../enter/step.ts";
import { wayOut } from "../../enter/way-out.ts";
import { COLON } from "../../messages/errors.ts";
import { WAYS_OUT } from "../../messages/enter.ts";
import { REASONS } from "../../messages/reasons.ts";
import type { Language } from "../../messages/sentence.ts";
import { brief } from "../brief.ts";
import { EXIT } from "../exit-codes.ts";
import type { Failure } from "../failure.ts";
import { failureJson, failureText } from "../report.ts";
import { safeText } from "../../messages/safe-text.ts";

/** What failures are told in. */
export interface Telling {
  readonly language: Language;
  readonly asJson: boolean;
}

/** What the kernel says to such calls; any other errno gets one line. */
const USUAL: readonly ErrnoName[] = [
  "EPERM",
  "EACCES",
  "EINVAL",
  "ENOENT",
  "ENOMEM",
  "ENOSPC",
  "EAGAIN",
  "ESRCH",
  "EUSERS",
  "EBUSY",
  "ENOTDIR",
];

/** What the launcher says where a step fails: worked out before, for by then there is nobody left to ask. */
export function saying(act: Act, facts: Facts, telling: Telling): Saying {
  return sayingOf((errno) => failureOf(act, errno, facts, telling.language), USUAL, telling);
}

/** What it says where the command cannot be run. */
export function execSaying(command: string, telling: Telling): Saying {
  const { language } = telling;
  const hint = WAYS_OUT["no-such-program"][language];
  const failure = (code: ErrnoName): Failure => ({
    exit: EXIT.no,
    code,
    syscall: "execve",
    subject: command,
    ...(code === "ENOENT" && { hint }),
  });
  return sayingOf(failure, ["ENOENT", "EACCES"], telling);
}

function sayingOf(failure: (errno: ErrnoName) => Failure, errnos: readonly ErrnoName[], telling: Telling): Saying {
  const { language, asJson } = telling;
  const text = (one: Failure): string => (asJson ? failureJson(one) : failureText(one, language));
  const rows = Object.fromEntries(errnos.map((errno) => [errno, text(failure(errno))]));
  // Any row does for the rest of the words.
  const { syscall = "", subject = "" } = failure("EIO");
  const otherwise = asJson
    ? failureJson({ ...failure("EIO"), code: PLACE }).replace(PLACE, ERRNO_NAME)
    : `nsatlas: ${syscall} ${safeText(brief(subject))}${COLON[language]} ${ERRNO_NAME}, ${ERRNO_TEXT}.\n`;
  return { rows, otherwise };
}
const PLACE = "ERRNO";

/** A step's failure with one errno, and what the rules know of it. */
export function failureOf(act: Act, errno: ErrnoName, facts: Facts, language: Language): Failure {
  const { forecast } = act;
  const isForeseen = forecast.may === "no" && forecast.errno === errno;
  const reason = isForeseen && forecast.reason !== undefined ? REASONS[forecast.reason][language] : undefined;
  const hint = isForeseen ? wayOut(forecast, facts, language) : unforeseen(act, errno, language);
  const wishes = act.act === "join" ? act.join.wishes : [];
  // Where the rules name one of several, it is that one.
  const blamed = isForeseen ? wishes.filter(({ ns }) => ns === forecast.about) : [];
  return {
    exit: EXIT.no,
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
