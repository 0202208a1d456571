import { expect, test } from "vitest";
import { capBit } from "../../src/abi/capabilities.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { must } from "../../src/kernel/build-world.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { executed } from "../../src/rules/fix-capabilities.ts";
import { maySetgroups } from "../../src/rules/may-set-groups.ts";
import { CREATION_ORDER } from "../../src/rules/unshare.ts";

const SECBIT_NOROOT = 1;
const SECBIT_NO_SETUID_FIXUP = 4;

function firstCredentials() {
  using actor = new ModelActor({});
  const task = actor.world.tasks.get(actor.first);
  if (task === undefined) throw new Error("nobody is there");
  return task.credentials;
}

test("setgroups takes CAP_SETGID, and no other capability will do", () => {
  const state = { gidMapSet: true, setgroupsAllowed: true };
  const only = { ...firstCredentials(), effective: capBit("CAP_SETGID") };
  expect(maySetgroups(only, state).ok).toBe(true);
  expect(maySetgroups({ ...only, effective: ~capBit("CAP_SETGID") }, state).ok).toBe(false);
});

test("of the securebits only SECBIT_NOROOT keeps execve from giving uid 0 what the bounding set leaves", () => {
  const none = { ...firstCredentials(), permitted: 0n, effective: 0n, inheritable: 0n, ambient: 0n };
  const after = (securebits: number): bigint =>
    executed({ ...none, securebits }, { root: 0, sharesFs: false, asOfReal: false, setsId: false }).permitted;
  expect(none.bounding).not.toBe(0n);
  expect(after(0)).toBe(none.bounding);
  expect(after(SECBIT_NO_SETUID_FIXUP)).toBe(none.bounding);
  expect(after(SECBIT_NOROOT)).toBe(0n);
});

test("who shares its working directory gains nothing by a set-user-ID bit, as the kernel compares ids before and since 6.16", () => {
  const ada = {
    ...firstCredentials(),
    ruid: 1000,
    suid: 1000,
    permitted: 0n,
    effective: 0n,
    inheritable: 0n,
    ambient: 0n,
  };
  const root = { ...ada, euid: 0, fsuid: 1000 };
  for (const asOfReal of [true, false]) {
    const how = { root: 0, asOfReal, setsId: true };
    expect(executed(root, { ...how, sharesFs: true })).toMatchObject({ euid: 1000, permitted: 0n });
    expect(executed(root, { ...how, sharesFs: false })).toMatchObject({ euid: 0, suid: 0, effective: ada.bounding });
    // What was ambient before is not kept.
    const ambient = capBit("CAP_CHOWN");
    const bare = { ...root, ambient, bounding: 0n };
    expect(executed(bare, { ...how, sharesFs: false })).toMatchObject({ euid: 0, ambient: 0n, permitted: 0n });
  }
});

test("one call that makes several namespaces makes them in the kernel's order, which their numbers show", () => {
  using actor = new ModelActor({});
  const flags = CREATION_ORDER.reduce((all, kind) => all | NAMESPACE_KINDS[kind].flag, 0);
  must(actor, actor.first, { op: "unshare", flags });
  // In the order of create_new_namespaces (kernel/nsproxy.c): the mount namespace first, the time namespace last; that of pids shows no
  // number before it has a process.
  const links = ["mnt", "uts", "ipc", "cgroup", "net", "time_for_children"] as const;
  const made = links.map((link) => {
    const outcome = actor.call(actor.first, { op: "readlink", of: actor.first, link });
    return outcome.ok && typeof outcome.value === "object" && "text" in outcome.value ? outcome.value.text : link;
  });
  const numbers = made.map((text) => Number(/\[(\d+)\]/.exec(text)?.[1] ?? 0));
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
});
