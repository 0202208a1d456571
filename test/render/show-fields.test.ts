import { describe, expect, test } from "vitest";
import type { NamespaceId } from "../../src/abi/ids.ts";
import type { NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import { SHOW_FIELDS, SHOW_FIELD_NAMES, type FieldAnswer } from "../../src/render/show-fields.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../../src/snapshot/types.ts";
import { MadeUpMachine } from "./machines.ts";

const machine = new MadeUpMachine();
const user = machine.namespace("user", machine.namespace("user"));
const mnt = machine.namespace("mnt", user);
const seen = machine.seen();
const index = indexSnapshot({
  ...seen,
  namespaces: seen.namespaces.map((one) => (one.id === mnt ? { ...one, uniqueId: "4711" } : one)),
});

function fieldsOf(id: NamespaceId): Record<string, FieldAnswer> {
  const namespace = index.namespaces.get(id);
  if (namespace === undefined) throw new Error(`no ${id}`);
  return Object.fromEntries(SHOW_FIELD_NAMES.map((name) => [name, SHOW_FIELDS[name](namespace, index)]));
}

const asking = (kind: NamespaceKind, attributes?: NamespaceRecord["attributes"]): Record<string, FieldAnswer> => {
  const [id, ...others] = seen.namespaces.filter((one) => one.kind === kind);
  if (id === undefined || others.length > 0) throw new Error(`no one ${kind}`);
  const record = attributes === undefined ? id : { ...id, attributes };
  return Object.fromEntries(SHOW_FIELD_NAMES.map((name) => [name, SHOW_FIELDS[name](record, index)]));
};

describe("what a namespace says of itself", () => {
  test("is a field of its kind", () => {
    expect(asking("uts", { value: { of: "uts", hostname: "blue", domainname: "(none)" } })).toMatchObject({
      hostname: { value: "blue" },
      domainname: { value: "(none)" },
    });
    const offset = { seconds: -5, nanoseconds: 500_000_000 };
    const offsets = { of: "time", monotonic: offset, boottime: { seconds: 86400, nanoseconds: 0 } } as const;
    expect(asking("time", { value: offsets })).toMatchObject({
      monotonic: { value: "-4.5" },
      boottime: { value: "+86400" },
    });
    expect(asking("cgroup", { value: { of: "cgroup", root: "/a" } })).toMatchObject({ "cgroup-root": { value: "/a" } });
    expect(asking("cgroup", { value: { of: "cgroup" } })["cgroup-root"]).toEqual({ notRecorded: "open cgroup" });
  });
  test("may be refused, or not have been asked", () => {
    expect(asking("uts", { refused: "EPERM", call: "setns" }).hostname).toEqual({ refused: "EPERM", call: "setns" });
    expect(asking("uts").hostname).toEqual({ notRecorded: "uname" });
    expect(asking("net").netnsid).toEqual({ notRecorded: "rtnetlink RTM_GETNSID" });
  });
});

describe("the fields of", () => {
  test("a nested user namespace", () => {
    expect(fieldsOf(user)).toEqual({
      ino: { value: "4026532201" },
      dev: { value: "0:4" },
      id: { refused: "ENOTTY", call: "ioctl NS_GET_ID" },
      kind: { value: "user" },
      nstype: { value: "0x10000000" },
      owner: { value: "4026532200" },
      parent: { value: "4026532200" },
      "owner-uid": { value: "1000" },
      "mntns-id": { refused: "EINVAL", call: "ioctl NS_GET_MNTNS_ID", reason: "not-a-mount-namespace" },
      ancestors: { value: "4026532200 4026531837" },
      netnsid: { refused: "EINVAL", call: "rtnetlink RTM_GETNSID" },
      hostname: { refused: "EINVAL", call: "uname" },
      domainname: { refused: "EINVAL", call: "uname" },
      monotonic: { refused: "EINVAL", call: "open timens_offsets" },
      boottime: { refused: "EINVAL", call: "open timens_offsets" },
      "cgroup-root": { refused: "EINVAL", call: "open cgroup" },
      interfaces: { refused: "EINVAL", call: "rtnetlink RTM_GETLINK" },
    });
  });
  test("a mount namespace", () => {
    expect(fieldsOf(mnt)).toMatchObject({
      id: { value: "4711" },
      nstype: { value: "0x20000" },
      parent: { refused: "EINVAL", reason: "kind-does-not-nest" },
      "owner-uid": { refused: "EINVAL", reason: "not-a-user-namespace" },
      "mntns-id": { value: "4711" },
      ancestors: { refused: "EINVAL", reason: "kind-does-not-nest" },
    });
  });
  test("the initial pid namespace", () => {
    expect(fieldsOf(machine.own.pid)).toMatchObject({
      parent: { refused: "EPERM", reason: "parent-outside-view" },
      ancestors: { value: "" },
    });
    expect(fieldsOf(machine.own.mnt)).toMatchObject({ "mntns-id": { notRecorded: "ioctl NS_GET_MNTNS_ID" } });
    expect(fieldsOf(machine.own.time)).toMatchObject({ nstype: { value: "0x80" } });
  });
});
