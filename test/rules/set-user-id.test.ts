import { chmodSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CONSTANTS } from "../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { must } from "../../src/kernel/build-world.ts";
import { allIds, type Call, type SeenCredentials } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { parseStatus } from "../../src/procfs/status.ts";
import { asTester, ID } from "../enter/beside/as-tester.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** What a status file tells: the four uids, and which capabilities there are. */
function told({ uid, capabilities }: SeenCredentials): string {
  const { effective, permitted, bounding } = capabilities;
  const sort = (set: bigint): string => (set === 0n ? "none" : set === bounding ? "all" : "some");
  return `${uid.real} ${uid.effective} ${uid.saved} ${uid.fs} ${sort(permitted)} ${sort(effective)}`;
}

/** By a program of root's with the set-user-ID bit, that an ordinary user starts behind these words. */
function byKernel(words: readonly string[]): string {
  using folder = temporaryFolder();
  chmodSync(folder.path, 0o755);
  // The folder may lie on a file system where the bit does not count.
  const look = `${folder.path}/look`;
  const before = [
    `mount -t tmpfs -o mode=755 none ${folder.path}`,
    `cp "$(command -v cat)" ${look}`,
    `chmod 4755 ${look}`,
  ];
  const { out, err } = asTester([...words, look], ["/proc/self/status"], { before });
  const status = parseStatus(out);
  return status.ok ? told(status.value) : err;
}

function byModel(before: readonly Call[]): string {
  using actor = new ModelActor();
  const calls: readonly Call[] = [
    { op: "setgroups", groups: [] },
    { op: "setresgid", ids: allIds(ID) },
    { op: "setresuid", ids: allIds(ID) },
    { op: "exec" },
    ...before,
    { op: "exec", setuidRoot: true },
  ];
  for (const call of calls) must(actor, actor.first, call);
  const seen = actor.call(actor.first, { op: "status", of: actor.first });
  return seen.ok && typeof seen.value === "object" && "status" in seen.value ? told(seen.value.status) : "";
}

const lacking = needs("root", "ordinary-user", "package:util-linux");
describe("a program with root's set-user-ID bit, started by an ordinary user", lacking, () => {
  test.each([
    ["is root", [], [], `${ID} 0 0 0 all all`],
    [
      "is nobody else under no_new_privs",
      ["setpriv", "--no-new-privs"],
      [{ op: "set-no-new-privs" }],
      `${`${ID} `.repeat(4)}none none`,
    ],
    [
      "is nobody else in a user namespace that has no root",
      ["unshare", "-U"],
      [{ op: "unshare", flags: NAMESPACE_KINDS.user.flag }, { op: "exec" }],
      `${`${CONSTANTS.OVERFLOW_ID} `.repeat(4)}none none`,
    ],
  ] as const satisfies readonly (readonly [string, readonly string[], readonly Call[], string])[])(
    "%s",
    (_, words, calls, expected) => {
      expect(byModel(calls)).toBe(expected);
      expect(byKernel(words)).toBe(expected);
    },
  );
});
