import { namespaceId } from "../../abi/ids.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import type { FileCall } from "../file-call.ts";
import { bind, unbind } from "./binds.ts";
import { close, dup, fcntl, fileAt, send } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { handleOfFile, handleOfLink, openByHandle } from "./handles.ts";
import { ioctl } from "./ioctl-requests.ts";
import { look, openFolder, openLink, openPath } from "./open-link.ts";
import { pidfdIoctl } from "./pidfd-ioctl.ts";
import { pidfdGetfd, pidfdOpen } from "./pidfds.ts";
import { reopen } from "./reopen.ts";
import { getsockopt, openOther } from "./sockets.ts";
import type { Task } from "./world.ts";

/** The calls on files and descriptors. */
export function fileCall(draft: Draft, caller: Task, call: FileCall): Outcome<Value> {
  switch (call.op) {
    case "open":
      return openLink(draft, caller, call);
    case "readlink":
    case "stat":
    case "lstat":
      return look(draft, caller, call);
    case "reopen":
      return reopen(draft, caller, call);
    case "open-folder":
      return openFolder(draft, caller, call.of);
    case "open-path":
      return openPath(draft, caller, call.path);
    case "close":
      return close(draft, caller, call.fd);
    case "fstat": {
      const file = fileAt(draft, caller, call.fd);
      if (!file.ok) return file;
      const { target } = file.value;
      if (target.type !== "namespace") return ok(0);
      const { device, inode } = draft.namespace(target.namespace);
      return ok({ namespace: namespaceId(device, BigInt(inode)) });
    }
    case "ioctl":
      return ioctl(draft, caller, call);
    case "fcntl":
      return fcntl(draft, caller, call.fd, call.command);
    case "pidfd_open":
      return pidfdOpen(draft, caller, call.of, call.flags);
    case "pidfd-ioctl":
      return pidfdIoctl(draft, caller, call);
    case "pidfd_getfd":
      return pidfdGetfd(draft, caller, call);
    case "dup":
      return dup(draft, caller, call.fd);
    case "send":
      return send(draft, caller, call);
    case "open-other":
      return openOther(draft, caller, call.what);
    case "getsockopt":
      return getsockopt(draft, caller, call);
    case "name_to_handle_at":
      return handleOfFile(draft, caller, call);
    case "link_to_handle_at":
      return handleOfLink(draft, caller, call);
    case "open_by_handle_at":
      return openByHandle(draft, caller, call);
    case "bind":
      return bind(draft, caller, call);
    case "unbind":
      return unbind(draft, caller, call);
  }
}
