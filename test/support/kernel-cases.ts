import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../../src/kernel/actor.ts";
import { buildWorld, must, processIn, type BuiltWorld } from "../../src/kernel/build-world.ts";
import { namespaceIn, taskName, type TaskName, type Value } from "../../src/kernel/call.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import { IOCTL_CASES } from "../kernel-cases/all.ts";
import type { Expected } from "../kernel-cases/cases.ts";
import { drawn } from "./drawn-machine.ts";
import type { Need } from "./machine.ts";
import { needs } from "./needs.ts";

/** Runs all kernel cases on one kernel. `uid` is that of its first task. */
export function runKernelCases(openActor: () => Actor, uid: number, ...wanted: readonly Need[]): void {
  for (const { request, world, rows } of IOCTL_CASES) {
    describe(request, wanted.length === 0 ? {} : needs(...wanted), () => {
      let actor: Actor;
      let built: BuiltWorld;
      const askers = new Map<string, TaskName>();
      beforeAll(() => {
        actor = openActor();
        built = buildWorld(actor, drawn(world), uid);
      });
      afterAll(() => actor[Symbol.dispose]());
      const askerIn = (name: string): TaskName => {
        const asker = askers.get(name) ?? processIn(actor, built, name, taskName(`asker in ${name}`));
        askers.set(name, asker);
        return asker;
      };

      test.each(rows)("%s, asked by a process in %s", (about, by, gives) => {
        const asker = askerIn(by);
        const fd = built.fds.get(about) ?? -1;
        const outcome = actor.call(asker, { op: "ioctl", fd, request });
        expect(shown(actor, { asker, built, outcome, gives })).toEqual(shownExpected(actor, gives));
      });
    });
  }
}

/** An outcome in the words of the drawing; a descriptor by what lies behind it, which is closed again. */
function shown(
  actor: Actor,
  { asker, built, outcome, gives }: { asker: TaskName; built: BuiltWorld; outcome: Outcome<Value>; gives: Expected },
): unknown {
  if (!outcome.ok || typeof gives !== "string") return outcome.ok ? outcome.value : outcome;
  const fd = Number(outcome.value);
  const flags = (["F_GETFD", "F_GETFL"] as const).map((command) => must(actor, asker, { op: "fcntl", fd, command }));
  const id = identity(actor, asker, fd);
  actor.call(asker, { op: "close", fd });
  const name = [...built.fds].find(([, known]) => identity(actor, asker, known) === id)?.[0];
  return { name, closeOnExec: flags[0] === 1, readOnly: (flags[1] ?? 0) % 4 === 0 };
}

function shownExpected({ kernel }: Actor, gives: Expected): unknown {
  if (typeof gives === "string") return { name: gives, closeOnExec: true, readOnly: true };
  if (typeof gives === "number") return gives;
  // The running kernel does not say why.
  return kernel === "model" ? gives : { ok: false, errno: gives.errno };
}

function identity(actor: Actor, asker: TaskName, fd: number): string | undefined {
  const outcome = actor.call(asker, { op: "fstat", fd });
  return outcome.ok ? namespaceIn(outcome.value) : undefined;
}
