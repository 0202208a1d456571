import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { attempt, attemptAsync, discover, openNamespace } from "../../src/index.ts";
import { trackFds } from "../../src/kernel/live/fd.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { theAddon } from "../support/the-addon.ts";
import { needs } from "../support/needs.ts";
import { self } from "../support/viewers.ts";
import { ask } from "./ask.ts";
import { KERNELS } from "./kernels.ts";

const openFds = (): number => readdirSync("/proc/self/fd").length;
const TIMES = 10_000;

const [, LIVE] = KERNELS;
describe("no descriptor is left", LIVE.needs, () => {
  test(`after ${TIMES} namespaces were opened, asked and closed`, async () => {
    using kernel = LIVE.draw("user:init\n  user:box\nnet:box of user:box");
    const observer = new LiveObserver(theAddon());
    const refs = [kernel.refOf("user:box"), kernel.refOf("net:box"), "self/pid", "/proc/self/ns/uts"] as const;
    const ledger = trackFds();
    const before = openFds();
    for (let time = 0; time < TIMES; time++) {
      using ns = await openNamespace(refs[time % refs.length] ?? "self/user", { observer });
      attempt(() => ns.owner());
      using owner = await attemptOwner(ns);
      if (ns.kind === "user" || ns.kind === "pid") ns.ancestors();
      owner[Symbol.dispose]();
    }
    expect([...ledger.values()].map(({ stack }) => stack)).toEqual([]);
    expect(openFds()).toBe(before);
  });

  test("after what was opened turned out wrong, or was refused", async () => {
    const ledger = trackFds();
    const before = openFds();
    for (let time = 0; time < 100; time++) {
      for (const ref of ["net:/proc/self/ns/uts", "/dev/null", "/", "fd:1000000", "net:[1]", "self/user"]) {
        const opened = await attemptAsync(() => openNamespace(ref, { kind: "net" })).catch(() => undefined);
        expect(opened?.ok ?? false).toBe(false);
      }
      if (time % 10 > 0) continue;
      await discover();
    }
    expect(ledger.size).toBe(0);
    expect(openFds()).toBe(before);
  });

  test(
    "after a call was refused for want of descriptors, and the refusal says so",
    needs("package:util-linux"),
    async () => {
      const body = `
      const held = [];
      let error;
      while (error === undefined) {
        try { held.push(await nsatlas.openNamespace("self/net")); } catch (caught) { error = caught; }
      }
      // Opening takes two, for it looks first: fill the last.
      const rest = [];
      try { for (;;) rest.push(raw.open("/dev/null")); } catch {}
      const refused = nsatlas.attempt(() => held[0].owner());
      for (const fd of rest) raw.close(fd);
      for (const ns of held) ns[Symbol.dispose]();
      const again = await nsatlas.openNamespace("self/net");
      return [error.code, error.reason, refused.errno, String(again)];`;
      const answer = await ask({ viewer: self, through: ["sh", "-c", 'ulimit -n 64; exec "$@"', "sh"] }, body);
      expect(answer).toEqual([
        "EMFILE",
        expect.stringContaining("as many files open"),
        "EMFILE",
        expect.stringMatching(/^net:/),
      ]);
    },
  );
});

/** The owner where the caller sees it, else something to close all the same. */
async function attemptOwner(ns: { openOwner(): Disposable }): Promise<Disposable> {
  const owner = attempt(() => ns.openOwner());
  return owner.ok ? owner.value : { [Symbol.dispose]: () => {} };
}
