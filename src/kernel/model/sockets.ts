import { CONSTANTS } from "../../abi/constants.ts";
import { hasCapability } from "../../rules/has-capability.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { FileCall, OtherFile } from "../file-call.ts";
import { fileAt, install } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { inProc, O_LARGEFILE } from "./open-link.ts";
import { pidfdOf } from "./pidfds.ts";
import { mayFindFiles } from "./roots.ts";
import { viewOf } from "./view.ts";
import type { FileTarget, Task } from "./world.ts";

type Socket = Extract<FileTarget, { readonly type: "socket" }>;

const O_RDWR = 2;
/** The bytes that SO_NETNS_COOKIE takes, all of them. */
const COOKIE_BYTES = 8;

/** A file that is no business of namespaces, or a socket, which keeps the network namespace it was made in. */
export function openOther(draft: Draft, caller: Task, what: OtherFile): Outcome<number> {
  const found = NAMED.has(what) ? mayFindFiles(draft, caller) : ok(true);
  return found.ok ? ok(make(draft, caller, what)) : found;
}

/** What is opened by a name that is missing below another root. */
const NAMED: ReadonlySet<OtherFile> = new Set(["null", "process-directory"]);

function make(draft: Draft, caller: Task, what: OtherFile): number {
  const { memberships } = caller;
  if (memberships === undefined) throw new Error(`${caller.name} has exited`);
  const { net } = memberships;
  switch (what) {
    case "socket":
      return install(draft, caller, { type: "socket", net, family: "unix" }, O_RDWR);
    case "inet-socket":
      return install(draft, caller, { type: "socket", net, family: "inet" }, O_RDWR);
    case "socket-pair":
      return install(
        draft,
        caller,
        { type: "socket", net, family: "unix", peer: pidfdOf(draft.task(caller.leader), false) },
        O_RDWR,
      );
    case "process-directory":
      return install(draft, caller, inProc(draft.task(caller.leader), what), O_LARGEFILE);
    case "null":
    case "directory":
      return install(draft, caller, { type: "other", what }, O_LARGEFILE);
    case "pipe": {
      const { fsuid: uid, fsgid: gid } = caller.credentials;
      return install(draft, caller, { type: "other", what, owner: { uid, gid } });
    }
  }
}

/** SIOCGSKNS: the network namespace of a socket. Source: net/socket.c sock_ioctl. */
export function socketNamespace(draft: Draft, caller: Task, { net }: Socket): Outcome<number> {
  const owner = draft.namespace(net).owner;
  if (owner === undefined || !hasCapability(viewOf(draft), caller.credentials, owner, "CAP_NET_ADMIN")) {
    return refused("EPERM", "no-admin-over-network");
  }
  return ok(install(draft, caller, { type: "namespace", namespace: net }));
}

/** getsockopt(2), SOL_SOCKET. Source: net/core/sock.c sk_getsockopt. */
export function getsockopt(
  draft: Draft,
  caller: Task,
  { fd, option, bytes }: Extract<FileCall, { op: "getsockopt" }>,
): Outcome<number | bigint> {
  const file = fileAt(draft, caller, fd);
  if (!file.ok) return file;
  if ((file.value.flags & CONSTANTS.O_PATH) !== 0) return refused("EBADF", "bad-descriptor");
  const { target } = file.value;
  if (target.type !== "socket") return refused("ENOTSOCK", "not-a-socket");
  if (option === "SO_NETNS_COOKIE") {
    if (!hasChange(draft.release, "cookies-of-networks")) return refused("ENOPROTOOPT", "call-unknown-to-kernel");
    if ((bytes ?? COOKIE_BYTES) !== COOKIE_BYTES) return refused("EINVAL", "room-of-another-size");
    // Since Linux 6.18 it is the namespace's id; before, a number of its own.
    return ok(draft.namespace(target.net).uniqueId);
  }
  if (!hasChange(draft.release, "pidfds-of-peers")) return refused("ENOPROTOOPT", "call-unknown-to-kernel");
  if (target.peer === undefined) return refused("ENODATA", "socket-without-peer");
  return ok(install(draft, caller, target.peer, O_RDWR));
}
