import { describe, expect, test } from "vitest";
import type { Actor } from "../../src/kernel/actor.ts";
import { callText, namespaceIn, taskName, type Value } from "../../src/kernel/call.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import { SCRIPTS } from "../kernel-cases/scripts.ts";
import type { LineExpected } from "../kernel-cases/script.ts";
import type { Need } from "./machine.ts";
import { needs } from "./needs.ts";

/** Runs all scripts on one kernel; each starts with a fresh first task of the script's uid. */
export function runKernelScripts(openActor: (uid: number) => Actor, wanted: (uid: number) => readonly Need[]): void {
  describe("one call after the other", () => {
    for (const { title, uid, lines } of SCRIPTS) {
      const needed = wanted(uid);
      test(title, needed.length === 0 ? {} : needs(...needed), () => {
        using actor = openActor(uid);
        const named = new Map<string, unknown>();
        for (const [at, [caller, call, gives]] of lines.entries()) {
          const outcome = actor.call(taskName(caller), call);
          const line = `line ${at + 1}: ${caller} ${callText(call)}`;
          expect(shown(actor, outcome, gives, named), line).toEqual(expected(actor, gives, named));
        }
      });
    }
  });
}

function shown(actor: Actor, outcome: Outcome<Value>, gives: LineExpected, named: Map<string, unknown>): unknown {
  if (!outcome.ok) return actor.kernel === "model" ? outcome : { ok: false, errno: outcome.errno };
  if (gives === "done") return "done";
  const namespace = namespaceIn(outcome.value);
  if (typeof gives === "object" && "names" in gives) named.set(gives.names, namespace);
  return namespace ?? outcome.value;
}

function expected(actor: Actor, gives: LineExpected, named: ReadonlyMap<string, unknown>): unknown {
  if (typeof gives !== "object") return gives;
  if ("reads" in gives) return gives.reads;
  if ("is" in gives) return named.get(gives.is);
  if ("names" in gives) return named.get(gives.names);
  return actor.kernel === "model" ? gives : { ok: false, errno: gives.errno };
}
