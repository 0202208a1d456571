import { readFileSync, readlinkSync } from "node:fs";
import { runningRelease } from "../../kernel/live/running-release.ts";
import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { RunFacts } from "../../enter/run-facts.ts";
import type { Observer } from "../../kernel/observer.ts";
import { idFactsOf, ownCredentials } from "../../inside/facts.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import type { Here } from "./wish.ts";

/** A user namespace whose maps cannot be read counts as one without. */
const NO_IDS = { uid: [], gid: [], setgroupsAllowed: true };
const NS_PER_S = 1e9;

/** What `--dry-run` rests on: our own credentials and maps, and the limits of our user namespace. */
export function runFacts(observer: Observer, { language }: Here): RunFacts {
  return {
    me: ownCredentials(observer, "own", language),
    ids: idFactsOf(observer, "self") ?? NO_IDS,
    initialUser: isInitial("user"),
    rootNeedsSetfcap: hasChange(runningRelease(), "root-map-needs-setfcap"),
    limits: new Map(KINDS.flatMap((kind) => limitOf(kind))),
    clocks: isInitial("time") ? clocks() : undefined,
  };
}

function isInitial(kind: "user" | "time"): boolean {
  try {
    return readlinkSync(`/proc/self/ns/${kind}`) === `${kind}:[${NAMESPACE_KINDS[kind].initialInode}]`;
  } catch {
    return false;
  }
}

function clocks(): RunFacts["clocks"] {
  try {
    const boottime = Number.parseFloat(readFileSync("/proc/uptime", "utf8"));
    return { monotonic: Number(process.hrtime.bigint()) / NS_PER_S, boottime };
  } catch {
    return undefined;
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
