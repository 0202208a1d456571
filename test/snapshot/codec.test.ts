import fc from "../support/property.ts";
import { expect, test } from "vitest";
import { decodeSnapshot } from "../../src/snapshot/decode.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import { redact } from "../../src/snapshot/redact.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { anySnapshot } from "../support/arbitrary-snapshot.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";

test("a snapshot as text has one record a line", () => {
  const small = snapshot({
    namespaces: [namespace("user", 1), namespace("user", 2, { parent: 1 }), namespace("uts", 3, { owner: 2 })],
    processes: [process(42, { comm: "a\u001b[31m\u009b\u202e", namespaces: { user: idOf(2), uts: idOf(3) } })],
    pins: [{ namespace: idOf(3), mountId: 7, path: "/run/utsns/blue" }],
  });
  expect(encodeSnapshot(small)).toMatchInlineSnapshot(`
    "{
      "format": "nsatlas-snapshot",
      "version": 2,
      "producer": {"name":"nsatlas","version":"0.1.0"},
      "takenAt": "2026-01-02T03:04:05.678Z",
      "redacted": false,
      "viewpoint": {"source":"live","kernel":{"name":"Linux","release":"6.18.44","machine":"x86_64"},"proc":"/proc","pid":4711,"uid":{"real":1000,"effective":1000},"gid":{"real":1000,"effective":1000},"namespaces":{}},
      "coverage": [
        {"source":"processes","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"links","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"identities","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"mounts","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"names","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"relations","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"maps","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"threads","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"children","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"descriptors","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"sockets","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"pidfds","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"in-flight","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"mount-tables","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"file-systems","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"hostnames","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"clocks","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"cgroup-roots","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"interfaces","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"user-limits","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"ipc-use","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"cgroups","asked":0,"seen":0,"vanished":0,"refused":{}},
        {"source":"listing","asked":0,"seen":0,"vanished":0,"refused":{}}
      ],
      "namespaces": [
        {"kind":"user","id":"0:4/1","owner":{"refused":"EPERM","call":"ioctl NS_GET_USERNS","reason":"owner-outside-view"},"parent":{"refused":"EPERM","call":"ioctl NS_GET_USERNS","reason":"owner-outside-view"}},
        {"kind":"user","id":"0:4/2","owner":{"to":"0:4/1"},"parent":{"to":"0:4/1"}},
        {"kind":"uts","id":"0:4/3","owner":{"to":"0:4/2"}}
      ],
      "processes": [
        {"pid":42,"ppid":1,"startTime":4200,"uid":0,"comm":"a\\u001b[31m\\u009b\\u202e","kernelThread":false,"zombie":false,"namespaces":{"user":"0:4/2","uts":"0:4/3"}}
      ],
      "threads": [],
      "descriptors": [],
      "pins": [
        {"mountId":7,"namespace":"0:4/3","path":"/run/utsns/blue"}
      ],
      "mounts": [],
      "names": []
    }
    "
  `);
});

test("decode(encode(snapshot)) is snapshot", async () => {
  await fc.assert(
    fc.asyncProperty(anySnapshot(), async (snapshot) => {
      expect(await decodeSnapshot(encodeSnapshot(snapshot))).toEqual(snapshot);
    }),
  );
});

test("encode(decode(text)) is text, for every text that encode gives", async () => {
  await fc.assert(
    fc.asyncProperty(anySnapshot(), async (snapshot) => {
      const text = encodeSnapshot(snapshot);
      expect(encodeSnapshot(await decodeSnapshot(text))).toBe(text);
    }),
  );
});

test("a text holds nothing that a terminal obeys", () => {
  fc.assert(
    fc.property(anySnapshot(), (snapshot) => {
      expect(encodeSnapshot(snapshot).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

/** The same records, in an order that has nothing to do with them. */
const shuffled = (snapshot: Snapshot, by: readonly number[]): Snapshot => {
  const shuffle = <T>(list: readonly T[]): readonly T[] =>
    list
      .map((value, nth) => ({ value, rank: by[nth % by.length] ?? 0 }))
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ value }) => value);
  return {
    ...snapshot,
    coverage: shuffle(snapshot.coverage),
    namespaces: shuffle(snapshot.namespaces),
    processes: shuffle(snapshot.processes),
    pins: shuffle(snapshot.pins),
    names: shuffle(snapshot.names),
  };
};
const anyOrder = fc.array(fc.nat(), { minLength: 25, maxLength: 25 });

test("text and index do not depend on the order of records", () => {
  fc.assert(
    fc.property(anySnapshot(), anyOrder, (snapshot, order) => {
      const other = shuffled(snapshot, order);
      expect(encodeSnapshot(other)).toBe(encodeSnapshot(snapshot));
      expect(indexSnapshot(other)).toEqual(indexSnapshot(snapshot));
      expect([...indexSnapshot(other).byInode]).toEqual([...indexSnapshot(snapshot).byInode]);
    }),
  );
});

test("redacting twice is redacting once", () => {
  fc.assert(
    fc.property(anySnapshot(), (snapshot) => {
      const once = redact(snapshot);
      expect(redact(once)).toEqual(once);
    }),
  );
});

test("a redacted snapshot can be written and read", async () => {
  await fc.assert(
    fc.asyncProperty(anySnapshot(), async (snapshot) => {
      const once = redact(snapshot);
      expect(await decodeSnapshot(encodeSnapshot(once))).toEqual(once);
    }),
  );
});

test("a redacted snapshot holds no argument and no path", () => {
  const mark = "SECRET";
  fc.assert(
    fc.property(anySnapshot(), (snapshot) => {
      const marked: Snapshot = {
        ...snapshot,
        viewpoint: { ...snapshot.viewpoint, proc: `/${mark}` },
        processes: snapshot.processes.map((process) => ({
          ...process,
          comm: process.kernelThread ? process.comm : `/${mark}/${process.comm}`,
          commandLine: [mark, `--password=${mark}`],
          cgroup: `/${mark}`,
        })),
        pins: snapshot.pins.map((pin) => ({ ...pin, path: `/${mark}/net` })),
        names: snapshot.names.map((name) => ({ ...name, name: `${mark}${name.name}` })),
      };
      expect(encodeSnapshot(redact(marked))).not.toContain(mark);
    }),
  );
});
