import { constants } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { namespaceId } from "../../abi/ids.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import type { TaskName, Value } from "../call.ts";
import type { FileCall, OpenFlag } from "../file-call.ts";
import { bind, openOther } from "./actor-files.ts";
import * as handles from "./handle-calls.ts";
import * as calls from "./holder-calls.ts";
import { ioctl, pidfdIoctl } from "./ioctl-calls.ts";
import { send } from "./send-descriptor.ts";
import { getsockopt } from "./socket-calls.ts";

/** What the calls on files need of other tasks. */
export interface OtherTasks {
  /** A task's number as our own pid namespace has it. */
  pidOf(name: TaskName): number;
  /** A task's number as another one sees it. */
  numberFor(viewer: TaskName, of: TaskName): number;
  callerOf(name: TaskName): calls.Caller;
}

const FLAGS: Readonly<Record<OpenFlag, number>> = {
  O_WRONLY: constants.O_WRONLY,
  O_RDWR: constants.O_RDWR,
  O_TRUNC: constants.O_TRUNC,
  O_NOFOLLOW: constants.O_NOFOLLOW,
  O_DIRECTORY: constants.O_DIRECTORY,
  O_PATH: CONSTANTS.O_PATH,
};
export const flagBits = (flags: readonly OpenFlag[] = []): number =>
  flags.reduce((bits, flag) => bits | FLAGS[flag], 0);

/** The calls on files and descriptors, by one holder. */
export function fileCall(by: calls.Caller, caller: TaskName, call: FileCall, tasks: OtherTasks): Outcome<Value> {
  const linkOf = ({ of, link }: { of: TaskName; link: string }): string => `/proc/${tasks.pidOf(of)}/ns/${link}`;
  switch (call.op) {
    case "open":
      return calls.open(by, linkOf(call), CONSTANTS.O_CLOEXEC | flagBits(call.flags));
    case "readlink": {
      const text = calls.readlink(by, linkOf(call));
      return text.ok ? ok({ text: text.value }) : text;
    }
    case "stat":
    case "lstat": {
      const stat = calls.stat(by, linkOf(call), { follow: call.op === "stat" });
      return stat.ok ? ok(call.op === "stat" ? { namespace: namespaceId(stat.value.dev, stat.value.ino) } : 0) : stat;
    }
    case "reopen":
      return calls.open(by, `/proc/${tasks.pidOf(call.of)}/fd/${call.fd}`, CONSTANTS.O_CLOEXEC);
    case "open-folder":
      return calls.open(by, `/proc/${tasks.pidOf(call.of)}/ns`, CONSTANTS.O_CLOEXEC | constants.O_DIRECTORY);
    case "open-path":
      return calls.open(by, call.path, CONSTANTS.O_CLOEXEC);
    case "close":
      return calls.close(by, call.fd);
    case "fstat": {
      const stat = calls.fstat(by, call.fd);
      return stat.ok ? ok({ namespace: namespaceId(stat.value.dev, stat.value.ino) }) : stat;
    }
    case "ioctl":
      return ioctl(by, call, tasks);
    case "fcntl":
      return calls.fcntl(by, call.fd, CONSTANTS[call.command]);
    case "pidfd_open": {
      const number = typeof call.of === "object" ? call.of.number : tasks.numberFor(caller, call.of);
      return calls.pidfdOpen(by, number, call.flags);
    }
    case "pidfd-ioctl":
      return pidfdIoctl(by, call);
    case "pidfd_getfd":
      return calls.pidfdGetfd(by, call.fd, call.target, call.flags);
    case "dup":
      return calls.dup(by, call.fd);
    case "send":
      return send(by, tasks.callerOf(call.to), call.fd);
    case "open-other":
      return openOther(by, call.what);
    case "getsockopt":
      return getsockopt(by, call);
    case "name_to_handle_at":
      return handles.ofFile(by, call);
    case "link_to_handle_at":
      return handles.ofLink(by, linkOf(call), call.follow);
    case "open_by_handle_at":
      return handles.open(by, call, flagBits(call.flags));
    case "bind":
      return bind(by, call);
    case "unbind":
      return calls.umount2(by, call.path, (call.detach ?? true) ? CONSTANTS.MNT_DETACH : 0);
  }
}
