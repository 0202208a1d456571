import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allIds } from "../../../src/kernel/call.ts";
import { must } from "../../../src/kernel/build-world.ts";
import { openLiveActor } from "../../../src/kernel/live/actor.ts";
import { PROC_OWNERS, PROC_OWNERS_TITLE } from "../../kernel-cases/proc-owners.ts";
import { needs } from "../../support/needs.ts";
import { theAddon } from "../../support/the-addon.ts";

describe("on the running kernel", needs("native", "root"), () => {
  test(PROC_OWNERS_TITLE, () => {
    using actor = openLiveActor(theAddon());
    must(actor, actor.first, { op: "setresgid", ids: allIds(1000) });
    must(actor, actor.first, { op: "setresuid", ids: allIds(1000) });
    const ownerOf = (file: string): string =>
      statSync(`/proc/${actor.pidOf(actor.first)}/${file}`).uid === 0 ? "root" : "process";
    const owners = Object.keys(PROC_OWNERS).map((file) => [file, ownerOf(file)]);
    expect(Object.fromEntries(owners)).toEqual(PROC_OWNERS);
  });
});
