import { constants } from "node:fs";
import { inodeOf } from "../../src/abi/ids.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import { must } from "../../src/kernel/build-world.ts";
import { namespaceIn, taskName, type TaskName } from "../../src/kernel/call.ts";
import type { LiveActor } from "../../src/kernel/live/actor.ts";
import * as calls from "../../src/kernel/live/holder-calls.ts";
import { openHolders } from "../../src/kernel/live/holders.ts";
import type { Native } from "../../src/kernel/live/native.ts";
import { openSendingPair, post } from "../../src/kernel/live/send-descriptor.ts";
import type { Outcome } from "../../src/rules/outcome.ts";

/** A namespace that something real holds, by its inode number. */
export interface Held {
  readonly by: string;
  readonly kind: NamespaceKind;
  readonly inode: string;
  /** Its owner's, where that is not the initial user namespace. */
  readonly owner?: string;
}

const WHOLE_MAP = "0 0 4294967295";
const flagOf = (kind: NamespaceKind): number => NAMESPACE_KINDS[kind].flag;

/** One holder of each kind, of tasks of the actor; they stay until it is started anew. */
export function holdEach(actor: LiveActor): readonly Held[] {
  const shell = actor.first;
  const make = (name: string, ...kinds: NamespaceKind[]): TaskName => {
    const as = taskName(name);
    must(actor, shell, { op: "clone", as, flags: kinds.reduce((sum, kind) => sum | flagOf(kind), 0) });
    return as;
  };
  const open = (of: TaskName, kind: NamespaceKind): { fd: number; inode: string } => {
    const fd = must(actor, shell, { op: "open", of, link: kind });
    const answer = actor.call(shell, { op: "fstat", fd });
    if (!answer.ok) throw new Error(answer.errno);
    const namespace = namespaceIn(answer.value);
    if (namespace === undefined) throw new TypeError(`${kind} of ${of} is no namespace`);
    return { fd, inode: inodeOf(namespace) };
  };
  const end = (task: TaskName): void => {
    must(actor, task, { op: "exit" });
    must(actor, shell, { op: "wait", child: task });
  };
  const close = (fd: number): void => void must(actor, shell, { op: "close", fd });

  const process = make("process", "uts");
  const inProcess = open(process, "uts");
  close(inProcess.fd);

  const opener = make("opener", "net");
  const asFile = open(opener, "net");
  end(opener);

  const pinner = make("pinner", "ipc");
  const pinned = open(pinner, "ipc");
  must(actor, shell, { op: "bind", fd: pinned.fd, path: "/run/netns/pin" });
  close(pinned.fd);
  end(pinner);

  const waiting = make("waiting");
  must(actor, waiting, { op: "unshare", flags: flagOf("time") });
  const forChildren = must(actor, shell, { op: "open", of: waiting, link: "time_for_children" });
  close(forChildren);

  // The process of the upper one ends; one in the lower one stays.
  const upper = make("upper", "user");
  for (const file of ["uid_map", "gid_map"] as const) {
    must(actor, shell, { op: "write", of: upper, file, text: WHOLE_MAP });
  }
  const lower = taskName("lower");
  must(actor, upper, { op: "clone", as: lower, flags: flagOf("user") | flagOf("uts") });
  const [between, below, uts] = [open(upper, "user"), open(lower, "user"), open(lower, "uts")];
  for (const { fd } of [between, below, uts]) close(fd);
  end(upper);

  return [
    { by: "a process", kind: "uts", inode: inProcess.inode },
    { by: "an open file", kind: "net", inode: asFile.inode },
    { by: "a bind mount in another mount namespace", kind: "ipc", inode: pinned.inode },
    { by: "a user namespace below", kind: "user", inode: between.inode },
    { by: "a process", kind: "user", inode: below.inode, owner: between.inode },
    { by: "a process below two user namespaces", kind: "uts", inode: uts.inode, owner: below.inode },
  ];
}

/** A network namespace whose only file is on its way from a socket to its pair; ended by disposing it. */
export function holdInFlight(native: Native): Held & Disposable {
  const holders = openHolders(native, { oneCpu: true });
  const by: calls.Caller = { holders, holder: holders.start() };
  const fdOf = (outcome: Outcome<number>): number => {
    if (!outcome.ok) throw new Error(outcome.errno);
    return outcome.value;
  };
  openSendingPair(by);
  const own = fdOf(calls.open(by, "/proc/self/ns/net", constants.O_RDONLY));
  fdOf(calls.unshare(by, flagOf("net")));
  const made = fdOf(calls.open(by, "/proc/self/ns/net", constants.O_RDONLY));
  fdOf(calls.setns(by, own, flagOf("net")));
  const place = calls.fstat(by, made);
  if (!place.ok) throw new Error(place.errno);
  fdOf(post(by, made));
  for (const fd of [made, own]) fdOf(calls.close(by, fd));
  return {
    by: "a file in flight",
    kind: "net",
    inode: String(place.value.ino),
    [Symbol.dispose]: () => holders[Symbol.dispose](),
  };
}
