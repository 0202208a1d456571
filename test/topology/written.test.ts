import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { readTopology } from "../../src/topology/image/decode.ts";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import { topologyText } from "../../src/topology/text/page.ts";
import { readWritten } from "../../src/topology/written/decode.ts";
import { writtenJsonSchema } from "../../src/topology/written/schema.ts";
import { GLYPHS } from "../../src/render/glyphs.ts";

const MAKER = { uid: 1000, gid: 1000 };
const POD = `
namespaces:
  pod:   { kind: user }
  box:   { kind: pid, owner: pod }
  front: { kind: net, owner: pod, devices: [{ name: eth0, addresses: [10.0.0.1/24] }] }
  inner: { kind: user, owner: pod }
  deep:  { kind: pid, owner: inner, parent: box }
  clock: { kind: time, owner: pod, monotonic: 3600 }
processes:
  init: { in: [box, front] }
  web:  { in: [box, front], comm: nginx, holds: [clock] }
  job:  { in: [deep] }
pins:
  - { namespace: front, path: /run/netns/front }
`;

async function drawn(text: string): Promise<string> {
  const read = await readWritten(text, MAKER);
  if (!read.ok) return read.issues.map(({ place, message }) => `${place.en}: ${message.en}\n`).join("");
  const glyphs = GLYPHS.ascii;
  return topologyText(read.topology, { width: 100, color: false, charset: "ascii", glyphs, language: "en" });
}

test("the published schema is the one that is checked (npm run schemas writes it)", async () => {
  const text = `${JSON.stringify(writtenJsonSchema(), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../schemas/topology-text-1.json");
  new Ajv2020({ strict: true, allowUnionTypes: true }).compile(writtenJsonSchema());
});

test("all that is left out has a default", async () => {
  expect(await drawn(POD)).toMatchInlineSnapshot(`
    "6 namespaces, 3 processes, 1 bind mount

    pod  made by uid 1000, uid 0 is 1000, gid 0 is 1000, setgroups denied, with init web
    |- box  below ambient:pid, with init web
    |- front  lo, eth0, with init web job, at /run/netns/front
    |- inner  made by uid 0, uid 0 is 0, gid 0 is 0, setgroups denied, with job
    | \`- deep  below box, with job
    \`- clock  monotonic +3600 s, boottime +0 s

    Processes:

    init  init 1, in front box pod
    |- web  nginx 2, holds clock (3)
    \`- job  job 3/1, in deep inner

    Bind mounts:
      - front at /run/netns/front in ambient:mnt
    "
  `);
});

test("with the defaults it is an image, and reads back the same", async () => {
  const read = await readWritten(POD, MAKER);
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  expect(await readTopology(encodeTopology(read.topology))).toEqual(read);
});

test("nothing at all is a topology of nothing; JSON will do as well", async () => {
  expect(await readWritten("{}", MAKER)).toMatchObject({ ok: true, topology: { namespaces: [], processes: [] } });
  const json = '{"namespaces": {"net": {"kind": "net"}}}';
  expect(await readWritten(json, MAKER)).toMatchObject({
    ok: true,
    topology: { namespaces: [{ owner: "ambient:user" }] },
  });
});

describe("what is wrong is told by line and column", () => {
  test.each([
    ["namespaces:\n  a: { kind: uts\n", /^line 3, column 1: This is neither YAML nor JSON/],
    ["namespaces:\n  a: { kind: uts }\n  a: { kind: ipc }\n", /^line 3, column 3: .*DUPLICATE_KEY/],
    ["namespaces:\n  a: { kind: colour }\n", /^line 2, column 8 \(namespaces\.a\.kind\): Must be one of: user, pid, /],
    ["namespaces:\n  a: { }\n", /^line 2, column 3 \(namespaces\.a\.kind\): Missing\./],
    [
      "namespaces:\n  a: { kind: uts, host: b }\n",
      /^line 2, column 19 \(namespaces\.a\.host\): Format 1 has no such field\./,
    ],
    ["namespaces:\n  a b: { kind: uts }\n", /^line 2, column 3 \(namespaces\["a b"\]\): Must have the form letters/],
    [
      "namespaces:\n  a:\n    kind: net\n    owner: b\n",
      /^line 4, column 5 \(namespaces\.a\.owner\): There is no user b\./,
    ],
    ["namespaces:\n  a: { kind: user, owner: b }\n  b: { kind: user, owner: a }\n", /must stand before it/],
    [
      "namespaces:\n  a: { kind: user, uidMap: [0 5] }\n",
      /^line 2, column 29 .*Must have the form INSIDE OUTSIDE COUNT\./,
    ],
    ["processes:\n  p: { in: [nowhere] }\n", /^line 2, column 3 .*: There is no mnt nowhere\./],
    ["pins:\n  - { namespace: a, path: relative }\n", /^line 2, column 21 \(pins\[0\]\.path\): Must have the form/],
    ["x: &a [1]\n".repeat(1) + `y: [${"*a,".repeat(200)}]`, /TOO_DEEP_OR_TOO_MANY_ALIASES|no such field/],
  ])("%j", async (text, expected) => expect(await drawn(text)).toMatch(expected));
});
