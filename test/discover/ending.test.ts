import { expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { discover } from "../../src/discover/discover.ts";
import { must } from "../../src/kernel/build-world.ts";
import { taskName } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";

/** Kills tasks before names are read, which is after their descriptors were. */
class Ending extends ModelObserver {
  readonly #end: () => void;
  constructor(actor: ModelActor, viewer: ReturnType<typeof taskName>, end: () => void) {
    super(() => actor.world, viewer);
    this.#end = end;
  }
  override names(path: string): ReturnType<ModelObserver["names"]> {
    this.#end();
    return super.names(path);
  }
}

test("what was open in processes that end during the look is counted once, as it was asked", async () => {
  const actor = new ModelActor();
  const viewer = taskName("viewer");
  must(actor, actor.first, { op: "clone", flags: 0, as: viewer });
  // A socket of a namespace that its process has left, and four open files; then copies of both, in children.
  const opener = taskName("opener");
  must(actor, actor.first, { op: "clone", flags: 0, as: opener });
  must(actor, opener, { op: "unshare", flags: NAMESPACE_KINDS.net.flag });
  must(actor, opener, { op: "open-other", what: "inet-socket" });
  for (let nth = 0; nth < 4; nth++) must(actor, opener, { op: "open", of: opener, link: "net" });
  must(actor, opener, { op: "unshare", flags: NAMESPACE_KINDS.net.flag });
  const children = ["one", "two", "three"].map(taskName);
  for (const child of children) must(actor, opener, { op: "clone", flags: 0, as: child });

  const ending = new Ending(actor, viewer, () => {
    for (const child of children) {
      must(actor, actor.first, { op: "kill", of: child, signal: "SIGKILL" });
      must(actor, opener, { op: "wait", child });
    }
  });
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const look = await discover(ending, {}, stamp);
  if (!look.ok) throw new Error(look.errno);
  const rowOf = (wanted: string) => look.value.coverage.find(({ source }) => source === wanted);
  expect(look.value.descriptors.map(({ what }) => what).toSorted()).toEqual([
    ...Array.from({ length: 4 }, () => "namespace"),
    "socket",
  ]);
  // A table for each process; the one socket.
  expect(rowOf("descriptors")).toMatchObject({ seen: look.value.processes.length, vanished: children.length });
  expect(rowOf("sockets")).toMatchObject({ asked: 1, seen: 1, vanished: 0 });
});
