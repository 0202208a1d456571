import { readFileSync, readlinkSync } from "node:fs";
import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { RunFacts } from "../../enter/run-forecast.ts";
import type { Observer } from "../../kernel/observer.ts";
import { statusOf } from "../../inside/facts.ts";
import { ownMap, type Here } from "./wish.ts";

/** What `--dry-run` rests on: our own credentials and maps, and the limits of our user namespace. */
export function runFacts(observer: Observer, { uid, gid }: Here): RunFacts {
  return {
    effective: statusOf(observer, "self")?.capabilities.effective ?? 0n,
    uid,
    gid,
    uidMap: ownMap("uid"),
    gidMap: ownMap("gid"),
    initialUser: isInitialUser(),
    limits: new Map(KINDS.flatMap((kind) => limitOf(kind))),
  };
}

function isInitialUser(): boolean {
  try {
    return readlinkSync("/proc/self/ns/user") === `user:[${NAMESPACE_KINDS.user.initialInode}]`;
  } catch {
    return false;
  }
}

/** Since Linux 4.9; what cannot be read says nothing. */
function limitOf(kind: NamespaceKind): readonly (readonly [NamespaceKind, number])[] {
  try {
    const text = readFileSync(`/proc/sys/user/max_${kind}_namespaces`, "utf8").trim();
    return /^\d+$/.test(text) ? [[kind, Number(text)]] : [];
  } catch {
    return [];
  }
}
