import { describe, expect, test } from "vitest";
import { buildWorld, BuildRefused } from "../../src/kernel/build-world.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { openLiveActor } from "../../src/kernel/live/actor.ts";
import { theAddon } from "../support/the-addon.ts";
import { needs } from "../support/needs.ts";
import { drawn } from "../support/drawn-machine.ts";

const ALLOWED = "user:y by 1000\npid:x of user:y by 1000\n  pid:z of user:y by 1000\n";
const REFUSED = "user:y\npid:x of user:y by 1000\n";

describe("a pid namespace of another owner, by an ordinary user", () => {
  test("is made where that user owns the user namespace, on the model", () => {
    expect([...buildWorld(new ModelActor(), drawn(ALLOWED), 0).keepers.keys()]).toContain("pid:z");
    expect(() => buildWorld(new ModelActor(), drawn(REFUSED), 0)).toThrow(BuildRefused);
  });
  test("and so on the running kernel", needs("native", "root", "user-namespaces"), () => {
    using actor = openLiveActor(theAddon());
    expect([...buildWorld(actor, drawn(ALLOWED), 0).keepers.keys()]).toContain("pid:z");
    actor.restart();
    expect(() => buildWorld(actor, drawn(REFUSED), 0)).toThrow(BuildRefused);
  });
});
