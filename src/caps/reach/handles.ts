import type { NamespaceId } from "../../abi/ids.ts";
import { hasCap } from "../../abi/capabilities.ts";
import { KINDS } from "../../abi/namespace-kinds.ts";
import type { ProcessRecord } from "../../snapshot/types.ts";
import type { AssumedFact } from "../proof.ts";
import { isTop } from "../ground.ts";
import type { Actor } from "./actors.ts";
import type { ReachCall, Through } from "./path.ts";
import type { Terrain } from "./terrain.ts";

/** A way to a namespace: how it was found, the calls that open it, and what lets them. */
export interface Handle {
  readonly namespace: NamespaceId;
  readonly through: Through;
  readonly calls: readonly ReachCall[];
  readonly on: string;
  readonly assumed: readonly AssumedFact[];
}

/** The links of a process and of its further threads, and its descriptors, for whoever may look into it, or attach to it. */
export function* handlesOf(
  { threads, files }: Terrain,
  { pid, namespaces }: ProcessRecord,
  { assumed, attach }: { readonly assumed: readonly AssumedFact[]; readonly attach: boolean },
): Iterable<Handle> {
  for (const link of KINDS) {
    const namespace = namespaces[link];
    if (namespace === undefined) continue;
    const on = `${pid}/${link}`;
    const calls: ReachCall[] = [{ op: "open", of: pid, link, gives: on }];
    yield { namespace, through: { by: "link", pid, link }, calls, on, assumed };
  }
  for (const { tid, namespaces: others } of threads.get(pid) ?? []) {
    for (const link of KINDS) {
      const namespace = others[link];
      if (namespace === undefined) continue;
      const on = `${pid}/${tid}/${link}`;
      const calls: ReachCall[] = [{ op: "open", of: pid, tid, link, gives: on }];
      // Each has credentials of its own, which as a rule are its process's.
      const alike: AssumedFact = { what: "thread", of: `${pid}/${tid}` };
      yield { namespace, through: { by: "link", pid, tid, link }, calls, on, assumed: [...assumed, alike] };
    }
  }
  for (const { fd, namespace } of files.get(pid) ?? []) {
    const on = `${pid}/fd/${fd}`;
    // The folder of its descriptors is its owner's alone, whatever else one may trace.
    const calls: readonly ReachCall[] = attach ? takeCalls(pid, fd, on) : [{ op: "reopen", of: pid, fd, gives: on }];
    const through: Through = { by: attach ? "taken-descriptor" : "descriptor", pid, fd };
    yield { namespace, through, calls, on, assumed };
  }
}

/** Its own descriptors; `hasExecuted`: as `keptCalls` kept them. */
export function* ownDescriptors({ files }: Terrain, pid: number, hasExecuted: boolean): Iterable<Handle> {
  for (const { fd, namespace } of files.get(pid) ?? []) {
    const on = hasExecuted ? keptName(fd) : `fd:${fd}`;
    yield { namespace, through: { by: "descriptor", pid, fd }, calls: [], on, assumed: [] };
  }
}

export const attachCalls = (pid: number): readonly ReachCall[] => [
  { op: "pidfd_open", of: pid, gives: `pidfd of ${pid}` },
  { op: "pidfd_getfd", on: `pidfd of ${pid}` },
];

const takeCalls = (pid: number, fd: number, gives: string): readonly ReachCall[] => [
  { op: "pidfd_open", of: pid, gives: `pidfd of ${pid}` },
  { op: "pidfd_getfd", on: `pidfd of ${pid}`, fd, gives },
];

/** execve(2) closes what is to be closed then; dup(2) makes what it leaves open. */
export const keptCalls = ({ files }: Terrain, pid: number): readonly ReachCall[] =>
  (files.get(pid) ?? []).map(({ fd }) => ({ op: "dup", on: `fd:${fd}`, gives: keptName(fd) }));

const keptName = (fd: number): string => `dup of ${fd}`;

/** Files of namespaces that are mounted where it is. What folders and root it has is not recorded. */
export function* pinnedIn(
  { pins, ground }: Terrain,
  { user, effective = 0n, number }: Actor,
  mnt: NamespaceId | undefined,
): Iterable<Handle> {
  for (const { namespace, path } of (mnt === undefined ? undefined : pins.get(mnt)) ?? []) {
    const passes = isTop(ground, user) && hasCap(effective, "CAP_DAC_READ_SEARCH");
    const root: AssumedFact = { what: "root", of: String(number) };
    const assumed: AssumedFact[] = passes ? [root] : [root, { what: "folders", of: path }];
    const calls: ReachCall[] = [{ op: "open-path", path, gives: path }];
    yield { namespace, through: { by: "mount", path }, calls, on: path, assumed };
  }
}
