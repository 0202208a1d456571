import { describe, expect, test } from "vitest";
import type { NamespaceId } from "../../src/abi/ids.ts";
import { SHOW_FIELDS, SHOW_FIELD_NAMES, type FieldAnswer } from "../../src/render/show-fields.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
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
