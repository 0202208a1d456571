import { describe, expect, test } from "vitest";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { refused } from "../../../src/rules/outcome.ts";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { ALL_CAPABILITIES, capBit } from "../../../src/abi/capabilities.ts";
import { CONSTANTS } from "../../../src/abi/constants.ts";
import { must } from "../../../src/kernel/build-world.ts";
import { allIds, taskName, type Call, type ThreeIds } from "../../../src/kernel/call.ts";
import { allBut } from "../../kernel-cases/facts/map-steps.ts";
import { setresuid, write } from "../../kernel-cases/script.ts";

const SIX = Array.from({ length: 6 }, (_, id) => `${id} ${id} 1`).join("\n");
const LAST_FIVE = SIX.slice(0, SIX.lastIndexOf("\n"));
const BOX = taskName("box");

/** Root, after some calls of its own, has a process in a user namespace of its own. */
function machine(release: string, ...before: readonly Call[]): ModelActor {
  const actor = new ModelActor({ release });
  for (const call of before) must(actor, actor.first, call);
  must(actor, actor.first, { op: "clone", flags: NAMESPACE_KINDS.user.flag, as: BOX });
  return actor;
}

describe("what a kernel's release decides about ids and capabilities", () => {
  test("Linux 4.15: a map has up to 340 lines; up to five before", () => {
    using old = machine("4.14");
    expect(old.call(old.first, write("box", "uid_map", SIX))).toEqual(refused("EINVAL", "map-text"));
    expect(old.call(old.first, write("box", "uid_map", LAST_FIVE))).toMatchObject({ ok: true });
    using since = machine("4.15");
    expect(since.call(since.first, write("box", "uid_map", SIX))).toMatchObject({ ok: true });
  });

  test("Linux 5.12: mapping the parent's uid 0 takes CAP_SETFCAP", () => {
    using old = machine("5.11", allBut("CAP_SETFCAP"));
    expect(old.call(old.first, write("box", "uid_map", "0 0 10"))).toMatchObject({ ok: true });
    using since = machine("5.12", allBut("CAP_SETFCAP"));
    const refusal = refused("EPERM", "map-of-root-needs-setfcap");
    expect(since.call(since.first, write("box", "uid_map", "0 0 10"))).toEqual(refusal);
  });

  test("Linux 6.3: setresuid that changes nothing leaves the file system uid alone", () => {
    const fsuid = { op: "setfsuid", id: 1000 } as const;
    using old = machine("6.2", fsuid, setresuid(-1));
    expect(old.call(old.first, fsuid)).toEqual({ ok: true, value: 0 });
    using since = machine("6.3", fsuid, setresuid(-1));
    expect(since.call(since.first, fsuid)).toEqual({ ok: true, value: 1000 });
  });

  test("Linux 6.14: anybody may set the securebits for interpreters", () => {
    const bits = { op: "set-securebits", bits: CONSTANTS.SECBIT_EXEC_RESTRICT_FILE } as const;
    using old = machine("6.13", allBut("CAP_SETPCAP"));
    expect(old.call(old.first, bits)).toEqual(refused("EPERM", "securebits-unknown"));
    using since = machine("6.14", allBut("CAP_SETPCAP"));
    expect(since.call(since.first, bits)).toEqual({ ok: true, value: 0 });
    // To change nothing is refused as ever.
    expect(since.call(since.first, bits)).toEqual(refused("EPERM", "no-setpcap"));
  });

  /** Whether the ambient set of an ordinary user is there after execve: 1 or 0. */
  function ambientAfterExec(release: string, uids: ThreeIds, gids: ThreeIds, fs: readonly Call[] = []): unknown {
    using actor = new ModelActor({ release });
    const { first } = actor;
    const capability = "CAP_NET_ADMIN";
    for (const call of [
      { op: "set-securebits", bits: CONSTANTS.SECBIT_NO_SETUID_FIXUP },
      { op: "setgroups", groups: [] },
      { op: "capset", effective: ALL_CAPABILITIES, permitted: ALL_CAPABILITIES, inheritable: capBit(capability) },
      { op: "ambient", what: "raise", capability },
      { op: "setresgid", ids: gids },
      { op: "setresuid", ids: uids },
      ...fs,
      { op: "exec" },
    ] satisfies Call[]) {
      must(actor, first, call);
    }
    return must(actor, first, { op: "ambient", what: "is-set", capability });
  }
  const five = allIds(5);
  const six = { ...five, effective: 6 };
  test.each([
    ["effective uid is not the real one", six, five, [], 0, 1],
    ["effective gid is not the real one", five, six, [], 0, 1],
    ["uid for files alone is another", five, five, [{ op: "setfsuid", id: 6 }], 1, 1],
    ["gid for files alone is another", five, five, [{ op: "setfsgid", id: 6 }], 1, 0],
    ["ids are all the same", five, five, [], 1, 1],
  ] as const)(
    "execve of whose %s keeps the ambient set or not: until Linux 6.16, and since",
    (_, uids, gids, fs, until, since) => {
      expect(ambientAfterExec("6.15", uids, gids, fs)).toBe(until);
      expect(ambientAfterExec("6.16", uids, gids, fs)).toBe(since);
    },
  );
});
