import { describe, expect, test } from "vitest";
import { maySetOffsets } from "../../src/rules/timens-offsets.ts";
import type { Credentials, View } from "../../src/rules/view.ts";

/** Root of the initial user namespace, which is all that there is. */
const view: View<"initial"> = {
  kind: () => "user",
  owner: () => undefined,
  parent: () => undefined,
  level: () => 0,
  creator: () => 0,
};
const ids = { ruid: 0, euid: 0, suid: 0, fsuid: 0, rgid: 0, egid: 0, sgid: 0, fsgid: 0 };
const root: Credentials<"initial"> = { user: "initial", ...ids, permitted: ~0n, effective: ~0n };

/**
 * KTIME_SEC_MAX is 9223372036 (the greatest of 2^63 nanoseconds), and tv_sec of clock and offset together lies between 0
 * and half of it. Source: kernel/time/namespace.c proc_timens_set_offset.
 */
describe("a clock and its offset, right at the edges", () => {
  test.each([
    [10, -10, 0, true],
    [10, -11, 0, false],
    [10, -11, 999_999_999, false],
    [10.5, -11, 600_000_000, true],
    [0, 4_611_686_018, 0, true],
    [0, 4_611_686_018, 999_999_999, true],
    [0, 4_611_686_019, 0, false],
    [1, 4_611_686_018, 0, false],
  ])("%s s and %s s %s ns: %s", (now, seconds, nanoseconds, may) => {
    const target = { owner: "initial", frozen: false, now } as const;
    const outcome = maySetOffsets(view, root, target, [{ clock: "monotonic", seconds, nanoseconds }]);
    expect(outcome).toMatchObject(may ? { ok: true } : { ok: false, reason: "clock-out-of-range" });
  });
});
