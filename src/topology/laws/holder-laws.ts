import { isFindingCode } from "../../messages/topology.ts";
import { TOPOLOGY_ISSUES } from "../../messages/topology-issues.ts";
import { faultAt, type Fault } from "../../snapshot/issue.ts";
import { CLASS_OF } from "../findings.ts";
import type { Reference } from "../reference.ts";
import type { Topology } from "../topology.ts";
import { referenceFaults, type Known } from "./known.ts";
import { anyReferenceFaults } from "./process-laws.ts";
import { push } from "../../snapshot/push.ts";

export function* pinFaults({ pins }: Topology, known: Known): Generator<Fault> {
  const before = new Set<string>();
  for (const [nth, { namespace, in: place, path }] of pins.entries()) {
    const at = ["pins", nth];
    yield* anyReferenceFaults(known, namespace, [...at, "namespace"]);
    yield* referenceFaults(known, place, { kind: "mnt", at: [...at, "in"] });
    if (!isPlain(path)) yield faultAt([...at, "path"], TOPOLOGY_ISSUES["path-not-plain"], {});
    const key = JSON.stringify([namespace, place, path]);
    if (before.has(key)) yield faultAt(at, TOPOLOGY_ISSUES["pin-twice"], {});
    before.add(key);
  }
}

/** The bind mounts by which a mount namespace would come to lie in itself, at last. Source: fs/namespace.c mnt_ns_loop. */
export function* circleFaults({ pins }: Topology): Generator<Fault> {
  const inside = new Map<Reference, { readonly nth: number; readonly place: Reference }[]>();
  for (const [nth, { namespace, in: place }] of pins.entries()) {
    push(inside, namespace, { nth, place });
  }
  const state = new Map<Reference, "open" | "done">();
  for (const start of inside.keys()) {
    const trail = [start];
    for (let at = trail.at(-1); at !== undefined; at = trail.at(-1)) {
      if (state.has(at)) {
        state.set(at, "done");
        trail.pop();
        continue;
      }
      state.set(at, "open");
      for (const { nth, place } of inside.get(at) ?? []) {
        if (state.get(place) === "open") {
          yield faultAt(["pins", nth, "in"], TOPOLOGY_ISSUES["pin-in-itself"], { label: at });
        } else if (!state.has(place)) trail.push(place);
      }
    }
  }
}

/** An absolute path that leads where it reads: a file, so not `/` itself. */
const isPlain = (path: string): boolean => {
  const [first, ...names] = path.split("/");
  return first === "" && names.every((name) => name !== "" && name !== "." && name !== "..") && !path.includes("\0");
};

export function* findingFaults({ findings }: Topology): Generator<Fault> {
  for (const [nth, { code, class: found }] of findings.entries()) {
    if (!isFindingCode(code) || CLASS_OF[code] === found) continue;
    yield faultAt(["findings", nth, "class"], TOPOLOGY_ISSUES["class-of-finding"], { expected: CLASS_OF[code] });
  }
}
