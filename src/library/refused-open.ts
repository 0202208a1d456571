import { situationOf } from "../discover/situation.ts";
import type { SyscallError } from "../errors.ts";
import type { Situation } from "../messages/hints.ts";
import { REASONS, type Reason } from "../messages/reasons.ts";
import { FILE_TYPES, RESOLVE } from "../messages/resolve.ts";
import type { Ref } from "../refs/ref.ts";
import type { Refused } from "../rules/outcome.ts";
import type { Asking } from "./owned-file.ts";
import { refusedCall } from "./refused-call.ts";

/** What the running kernel does not say and the situation does: then it is told as the situation has it. */
const RULES: Partial<Record<Situation, Reason>> = {
  "dead-process": "no-such-process",
  "no-child-yet": "pid-namespace-unborn",
};

/** The error for a namespace file that could not be opened: one errno means this or that by what the file is. */
export function refusedOpen(ref: Ref, path: string, refused: Refused, { observer, language }: Asking): SyscallError {
  const look = refused.errno === "ENOTTY" ? observer.look(path) : undefined;
  const type = look?.ok === true ? look.value.type : undefined;
  const { errno: code, situation } = situationOf({ ref, path, errno: refused.errno, type }, observer);
  const isOther = code === "ENOTTY";
  // A descriptor is reached through /proc/self/fd: that such a file is missing means that it is not open.
  const rule = code === refused.errno ? (RULES[situation] ?? refused.reason) : "bad-descriptor";
  const subject = ref.form === "fd" ? `fd ${ref.fd}` : path;
  return refusedCall(
    {
      code,
      // What is no namespace is never opened: the errno is that of any ioctl on it.
      syscall: isOther ? "ioctl NS_GET_NSTYPE" : "openat",
      subject,
      situation: isOther && situation !== "netns-name" ? "namespace-file" : situation,
      rule,
      reason: whyNot(),
    },
    language,
  );

  function whyNot(): string | undefined {
    if (isOther && type !== undefined) {
      return RESOLVE["not-a-namespace"][language]({ type: FILE_TYPES[type][language] });
    }
    // That there is no such file, the situation says better.
    return rule === undefined || rule !== refused.reason || rule === "no-such-file"
      ? undefined
      : REASONS[rule][language];
  }
}
