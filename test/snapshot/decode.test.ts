import { readFileSync } from "node:fs";
import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { decodeSnapshot, readSnapshot } from "../../src/snapshot/decode.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import { jsonFault, MOST_LEVELS, placeOf } from "../../src/snapshot/json-syntax.ts";
import { anySnapshot } from "../support/arbitrary-snapshot.ts";
import { idOf, namespace, NOT_SHOWN, process, snapshot } from "../support/small-snapshot.ts";

/** The issues of a text, a line each, as an English reader gets them. */
async function issuesOf(text: string): Promise<string[]> {
  const decoded = await readSnapshot(text);
  return decoded.ok ? [] : decoded.issues.map(({ place, message }) => `${place.en}: ${message.en}`);
}

/** A right snapshot with one value set to something else, by its path. */
function damaged(path: readonly (string | number)[], value: unknown): string {
  const json: unknown = JSON.parse(encodeSnapshot(GOOD));
  const last = path.at(-1) ?? "";
  let at: unknown = json;
  for (const key of path.slice(0, -1)) at = Reflect.get(Object(at), key);
  if (value === undefined) Reflect.deleteProperty(Object(at), last);
  else Object.defineProperty(at, last, { value, enumerable: true, writable: true, configurable: true });
  return JSON.stringify(json);
}

const GOOD = snapshot({
  namespaces: [
    namespace("pid", 10, { owner: 30 }),
    namespace("pid", 11, { owner: 31, parent: 10 }),
    namespace("user", 30),
    { ...namespace("user", 31, { parent: 30 }), creatorUid: { value: 1000 } },
    namespace("uts", 40, { owner: 31 }),
  ],
  processes: [
    process(1, { namespaces: { pid: idOf(10), user: idOf(30) } }),
    process(42, { namespaces: { pid: idOf(11), user: idOf(31) }, refused: { net: "EACCES" } }),
    process(60, { namespaces: { pid: idOf(11), user: idOf(31) } }),
  ],
  threads: [{ pid: 60, tid: 61, startTime: 7, comm: "worker", namespaces: { pid_for_children: idOf(10) } }],
  descriptors: [
    { pid: 60, fd: 9, what: "namespace", namespace: idOf(40), closeOnExec: true },
    { pid: 60, fd: 10, what: "socket", inFlight: 1 },
    { pid: 60, fd: 11, what: "pidfd", target: 43, namespace: idOf(11) },
    { pid: 60, tid: 61, fd: 3, what: "pidfd", target: "ended" },
  ],
  pins: [{ namespace: idOf(40), mountId: 7, path: "/run/utsns/blue" }],
  names: [],
});

test("the snapshot that these tests damage is right", async () => {
  expect(await decodeSnapshot(encodeSnapshot(GOOD))).toEqual(GOOD);
});

test("a record that does not say what it is, or something that nobody knows, is refused", async () => {
  const allowed = "namespace, socket, pidfd";
  expect(await issuesOf(damaged(["descriptors", 0, "what"], "colour"))).toEqual([
    `descriptors[0].what: Must be one of: ${allowed}.`,
  ]);
  expect(await issuesOf(damaged(["descriptors", 0, "what"], undefined))).toEqual(["descriptors[0].what: Missing."]);
});

describe("a text that is no JSON", () => {
  test.each([
    ["", "line 1, column 1: This is not JSON: the text ends too early."],
    ['{\n  "format": "nsatlas-snapshot",\n}', 'line 3, column 1: This is not JSON: "}" cannot stand here.'],
    ["{\n\n  'format': 1}", 'line 3, column 3: This is not JSON: "\'" cannot stand here.'],
    ["\ufeff{}", 'line 1, column 1: This is not JSON: "\\ufeff" cannot stand here.'],
    ["{} \u001b[2J", 'line 1, column 4: This is not JSON: "\\u001b" cannot stand here.'],
    ['{"a": "\n"}', 'line 1, column 8: This is not JSON: "\\n" cannot stand here.'],
    ['{"a": "\\x"}', 'line 1, column 9: This is not JSON: "x" cannot stand here.'],
    ["[01]", 'line 1, column 3: This is not JSON: "1" cannot stand here.'],
    ["[1.]", 'line 1, column 4: This is not JSON: "]" cannot stand here.'],
    ["[NaN]", 'line 1, column 2: This is not JSON: "N" cannot stand here.'],
    ["nul", "line 1, column 4: This is not JSON: the text ends too early."],
    ["[".repeat(33), "line 1, column 33: Nested more than 32 levels deep."],
  ])("%j", async (text, issue) => expect(await issuesOf(text)).toEqual([issue]));

  test("is told by the same rules as JSON.parse", () => {
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const levels = (text: string): number => (text.match(/[[{]/g) ?? []).length;
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      '"',
      '"a"',
      '"\\u00e9"',
      "\\",
      "\\u",
      "0",
      "-",
      "12",
      ".",
      "e",
      "E+",
      "1e5",
      "true",
      "false",
      "null",
      "nul",
      " ",
      "\n",
      "\t",
      "\u00a0",
      "\u0001",
      "é",
      '{"a":',
      '{"a":1}',
      "[1,2]",
    );
    const nearly = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
      fc.json().chain((json) => fc.nat(json.length).map((cut) => json.slice(0, cut))),
      fc.tuple(fc.json(), fc.nat(), piece).map(([json, at, extra]) => {
        const cut = at % (json.length + 1);
        return json.slice(0, cut) + extra + json.slice(cut);
      }),
    );
    fc.assert(
      fc.property(nearly, (text) => {
        fc.pre(levels(text) <= MOST_LEVELS);
        expect(jsonFault(text) === undefined).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
  });

  test("has its place in lines and columns from 1", () => {
    expect(placeOf("ab\ncd", 0)).toEqual({ line: 1, column: 1 });
    expect(placeOf("ab\ncd", 2)).toEqual({ line: 1, column: 3 });
    expect(placeOf("ab\ncd", 3)).toEqual({ line: 2, column: 1 });
    expect(placeOf("ab\ncd", 5)).toEqual({ line: 2, column: 3 });
  });
});

describe("another format", () => {
  test.each(["null", "7", '"nsatlas-snapshot"', "[]", "{}", '{"format":"nsatlas-image","version":1}'])(
    "%s is no snapshot",
    async (text) =>
      expect(await issuesOf(text)).toEqual(['format: A snapshot of nsatlas has "nsatlas-snapshot" here.']),
  );

  test("of a newer one nothing but the number is judged, and who wrote it is named", async () => {
    const text = '{"format":"nsatlas-snapshot","version":3,"producer":{"name":"nsatlas","version":"2.1.0"},"what":[]}';
    const error = await decodeSnapshot(text).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toMatchObject({
      message: "The snapshot was written by a newer nsatlas.",
      issues: [
        { path: "version", message: "Format 3 is newer than this nsatlas reads (2): take nsatlas 2.1.0 or later." },
      ],
    });
  });

  test("a producer that is no version is not repeated", async () => {
    const text = '{"format":"nsatlas-snapshot","version":3,"producer":{"version":"\\u001b[2J"}}';
    expect(await issuesOf(text)).toEqual([
      "version: Format 3 is newer than this nsatlas reads (2): take nsatlas of a later version.",
    ]);
  });

  test.each([0, -1, 1.5, "2", null, 1e300])("version %j is none", async (version) => {
    expect(await issuesOf(damaged(["version"], version))).toEqual(["version: Must be one of: 2."]);
  });
});

describe("a field that is wrong", () => {
  test.each([
    [["takenAt"], undefined, "takenAt: Missing."],
    [["takenAt"], "yesterday", "takenAt: Must have the form YYYY-MM-DDThh:mm:ss[.fff]Z."],
    [["redacted"], "no", "redacted: Must be true or false."],
    [["extra"], 1, "extra: Format 2 has no such field."],
    [["__proto__"], 1, "__proto__: Format 2 has no such field."],
    [["a\u001b[2J"], 1, '["a\\u001b[2J"]: Format 2 has no such field.'],
    [["x".repeat(99)], 1, `["${"x".repeat(40)}…"]: Format 2 has no such field.`],
    [["namespaces"], {}, "namespaces: Must be a list."],
    [["namespaces", 0], null, "namespaces[0]: Must be an object."],
    [["namespaces", 0, "id"], "4/10", "namespaces[0].id: Must have the form MAJ:MIN/INO."],
    [["namespaces", 0, "id"], "0:04/10", "namespaces[0].id: Must have the form MAJ:MIN/INO."],
    [["namespaces", 0, "id"], "0:4/18446744073709551616", "namespaces[0].id: Must have the form MAJ:MIN/INO."],
    [
      ["namespaces", 0, "kind"],
      "colour",
      "namespaces[0].kind: Must be one of: cgroup, ipc, mnt, net, pid, time, user, uts.",
    ],
    [["namespaces", 0, "owner"], {}, "namespaces[0].owner.to: Missing."],
    [["namespaces", 0, "owner", "to"], 7, "namespaces[0].owner.to: Must be a text."],
    [["namespaces", 2, "owner", "call"], undefined, "namespaces[2].owner.call: Missing."],
    [["namespaces", 3, "creatorUid", "value"], -1, "namespaces[3].creatorUid.value: Must be 0 at least."],
    [["namespaces", 3, "creatorUid", "value"], 2 ** 32, "namespaces[3].creatorUid.value: Must be 4294967295 at most."],
    [["processes", 1, "pid"], 0, "processes[1].pid: Must be 1 at least."],
    [["processes", 1, "pid"], 1.5, "processes[1].pid: Must be a whole number."],
    [["processes", 1, "startTime"], 1e300, "processes[1].startTime: Must be 9007199254740991 at most."],
    [["processes", 1, "namespaces", "colour"], "0:4/1", "processes[1].namespaces.colour: Format 2 has no such field."],
    [["processes", 1, "namespaces", "__proto__"], 1, "processes[1].namespaces.__proto__: Format 2 has no such field."],
    [["processes", 1, "cgroup"], "relative", "processes[1].cgroup: Must have the form /…."],
    [["processes", 1, "comm"], "x".repeat(131_073), "processes[1].comm: Longer than 131072."],
    [["coverage", 0, "source"], "dreams", expect.stringContaining("coverage[0].source: Must be one of: processes, ")],
  ])("%j set to another value (%#)", async (path, value, issue) =>
    expect(await issuesOf(damaged(path, value))).toEqual([issue]),
  );

  test("an errno that is none: the first of the names are listed", async () => {
    const [issue] = await issuesOf(damaged(["namespaces", 2, "owner", "refused"], "EBLAH"));
    expect(issue).toMatch(/^namespaces\[2\]\.owner\.refused: Must be one of: EPERM, ENOENT, .*, …\.$/);
  });

  test("every issue is told, each with its place", async () => {
    const text = damaged(["processes", 1], { pid: "x", namespaces: { net: 1 }, odd: true });
    expect(await issuesOf(text)).toEqual([
      "processes[1].pid: Must be a whole number.",
      "processes[1].ppid: Missing.",
      "processes[1].startTime: Missing.",
      "processes[1].uid: Missing.",
      "processes[1].comm: Missing.",
      "processes[1].kernelThread: Missing.",
      "processes[1].zombie: Missing.",
      "processes[1].namespaces.net: Must be a text.",
      "processes[1].odd: Format 2 has no such field.",
    ]);
  });

  test("a reason from a later nsatlas is left out, the errno stays", async () => {
    const decoded = await decodeSnapshot(damaged(["namespaces", 2, "owner", "reason"], "because-of-the-moon"));
    expect(decoded.namespaces[2]?.owner).toEqual({ refused: "EPERM", call: NOT_SHOWN.call });
  });
});

describe("records that do not fit together", () => {
  test.each([
    [
      ["namespaces", 4, "owner", "to"],
      "0:4/10",
      "namespaces[4].owner.to: 0:4/10 is of kind pid and must be of kind user.",
    ],
    [
      ["namespaces", 1, "parent", "to"],
      "0:4/30",
      "namespaces[1].parent.to: 0:4/30 is of kind user and must be of kind pid.",
    ],
    [["namespaces", 4, "parent"], { to: "0:4/40" }, "namespaces[4].parent: A namespace of kind uts has no parent."],
    [["namespaces", 4, "creatorUid"], { value: 0 }, "namespaces[4].creatorUid: Only user namespaces have this."],
    [
      ["namespaces", 3, "owner", "to"],
      "0:4/99",
      "namespaces[3].owner.to: A user namespace is owned by its parent, 0:4/30.",
    ],
    [
      ["namespaces", 0, "parent"],
      { to: "0:4/11" },
      "namespaces[1].parent.to: Following this from one namespace to the next leads back to 0:4/10.",
    ],
    [
      ["namespaces", 0, "parent"],
      { to: "0:4/10" },
      "namespaces[0].parent.to: Following this from one namespace to the next leads back to 0:4/10.",
    ],
    [["namespaces", 4, "kind"], "ipc", "namespaces[4]: Must stand before namespaces[3]: records are in order."],
    [
      ["processes", 1, "namespaces", "user"],
      "0:4/99",
      "processes[1].namespaces.user: The snapshot has no namespace 0:4/99.",
    ],
    [
      ["processes", 1, "namespaces", "user"],
      "0:4/40",
      "processes[1].namespaces.user: 0:4/40 is of kind uts and must be of kind user.",
    ],
    [["processes", 1, "refused", "user"], "EACCES", "processes[1].refused.user: It was read, so it was not refused."],
    [["processes", 1, "pid"], 1, "processes[1]: PID 1 is there before."],
    [["processes", 0, "pid"], 43, "processes[1]: Must stand before processes[0]: records are in order."],
    [["pins", 0, "namespace"], "0:4/99", "pins[0].namespace: The snapshot has no namespace 0:4/99."],
    [["threads", 0, "pid"], 7, "threads[0].pid: The snapshot has no process 7."],
    [["threads", 0, "tid"], 60, "threads[0].tid: The first thread of a process is the process."],
    [
      ["threads", 0, "namespaces", "user"],
      "0:4/31",
      "threads[0].namespaces.user: The process is in the same: only what differs is here.",
    ],
    [
      ["threads", 0, "namespaces", "user"],
      "0:4/99",
      "threads[0].namespaces.user: The snapshot has no namespace 0:4/99.",
    ],
    [["descriptors", 0, "namespace"], "0:4/99", "descriptors[0].namespace: The snapshot has no namespace 0:4/99."],
    [
      ["descriptors", 1, "inFlight"],
      undefined,
      "descriptors[1]: A socket is here for its network namespace or for descriptors in flight, and this one has neither.",
    ],
    [
      ["descriptors", 1, "namespace"],
      "0:4/40",
      "descriptors[1].namespace: 0:4/40 is of kind uts and must be of kind net.",
    ],
    [
      ["descriptors", 2, "target"],
      "outside",
      "descriptors[2].namespace: Of a process without a number nobody knows the pid namespace.",
    ],
    [["descriptors", 1, "fd"], 9, "descriptors[1]: descriptor 9 of 60 is there before."],
    [["descriptors", 1, "fd"], 8, "descriptors[1]: Must stand before descriptors[0]: records are in order."],
    [["descriptors", 0, "pid"], 7, "descriptors[0].pid: The snapshot has no process 7."],
    [["names"], [{ name: "b", namespace: "0:4/99" }], "names[0].namespace: The snapshot has no namespace 0:4/99."],
    [["viewpoint", "namespaces", "net"], "0:4/99", "viewpoint.namespaces.net: The snapshot has no namespace 0:4/99."],
    [["coverage", 0, "seen"], 3, "coverage[0].asked: Must be 3: seen + vanished + all refused."],
    [
      ["coverage", 1, "source"],
      "processes",
      ["coverage: The source links has no row.", "coverage[1]: processes is there before."],
    ],
    [
      ["redacted"],
      true,
      [
        "viewpoint.proc: A redacted snapshot does not have this.",
        "pins[0].path: A redacted snapshot does not have this.",
      ],
    ],
  ])("%j set to another value (%#)", async (path, value, issue) =>
    expect(await issuesOf(damaged(path, value))).toEqual([issue].flat()),
  );

  test("a namespace that is there twice", async () => {
    const twice = { ...GOOD, namespaces: GOOD.namespaces.toSpliced(4, 0, namespace("uts", 40, { owner: 30 })) };
    expect(await issuesOf(encodeSnapshot(twice))).toEqual(["namespaces[5]: 0:4/40 is there before."]);
  });

  test("an owner or a parent may have no record", async () => {
    expect(await issuesOf(damaged(["namespaces", 4, "owner", "to"], "0:4/99"))).toEqual([]);
    expect(await issuesOf(damaged(["namespaces", 1, "parent", "to"], "0:4/99"))).toEqual([]);
  });

  test("a circle of user namespaces is told once", async () => {
    const text = encodeSnapshot(
      snapshot({
        namespaces: [
          namespace("user", 1, { parent: 3 }),
          namespace("user", 2, { parent: 1 }),
          namespace("user", 3, { parent: 2 }),
          namespace("user", 4, { parent: 3 }),
        ],
      }),
    );
    expect(await issuesOf(text)).toEqual([
      "namespaces[1].owner.to: Following this from one namespace to the next leads back to 0:4/1.",
    ]);
  });
});

describe("a hostile text", () => {
  test("100 MB of nesting is refused at level 33, at once", async () => {
    const text = "[".repeat(100_000_000);
    const start = performance.now();
    expect(await issuesOf(text)).toEqual(["line 1, column 33: Nested more than 32 levels deep."]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test("20 MB of one string, one number, or blanks take one pass each", async () => {
    const size = 20_000_000;
    expect(await issuesOf(`"${"a".repeat(size)}`)).toEqual([
      `line 1, column ${size + 2}: This is not JSON: the text ends too early.`,
    ]);
    expect(await issuesOf(`${"1".repeat(size)}x`)).toHaveLength(1);
    expect(await issuesOf(" ".repeat(size))).toHaveLength(1);
  });

  test("ten million wrong records give the first 1,000 issues, and the message says that there are more", async () => {
    const text = damaged(["processes"], "HERE").replace('"HERE"', `[${"0,".repeat(9_999_999)}0]`);
    await expect(decodeSnapshot(text)).rejects.toMatchObject({
      message: "The snapshot is damaged at 1000 places or more.",
      issues: { length: 1000, 999: { path: "processes[999]", message: "Must be an object." } },
    });
  });

  test("a list within a record has an end", async () => {
    const text = damaged(["processes", 1, "commandLine"], "HERE").replace('"HERE"', `[${"0,".repeat(1_000_000)}0]`);
    expect(await issuesOf(text)).toEqual([
      expect.stringMatching(/^line 1, column \d+: More than 1000000 members in one list or object\.$/),
    ]);
  });

  test("keys of Object.prototype give no power", async () => {
    const text =
      '{"format":"nsatlas-snapshot","version":2,"__proto__":{"redacted":true},"constructor":{"prototype":{"a":1}}}';
    const issues = await issuesOf(text);
    expect(issues).toContain("__proto__: Format 2 has no such field.");
    expect(issues).toContain("constructor: Format 2 has no such field.");
    expect(issues).toContain("redacted: Missing.");
    expect(Object.hasOwn(Object.prototype, "a")).toBe(false);
  });

  test("any damage gives a snapshot or issues with places, in both languages", async () => {
    const anyDamage = fc.tuple(
      anySnapshot(),
      fc.nat(),
      fc.nat({ max: 8 }),
      fc.string({ unit: "binary", maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(anyDamage, async ([snapshot, at, length, extra]) => {
        const text = encodeSnapshot(snapshot);
        const from = at % text.length;
        const decoded = await readSnapshot(text.slice(0, from) + extra + text.slice(from + length));
        if (decoded.ok) return;
        expect(decoded.issues.length).toBeGreaterThan(0);
        for (const { place, message } of decoded.issues) {
          for (const text of [place.en, place.fr, message.en, message.fr]) {
            expect(text).toMatch(/\S/);
            expect(text).not.toMatch(/undefined|\[object|[\p{Cc}\p{Cf}]/u);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("any JSON gives issues, and no exception", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        expect((await readSnapshot(json)).ok).toBe(false);
      }),
    );
  });
});

describe("an older format", () => {
  const old = readFileSync(new URL("format-1.json", import.meta.url), "utf8");

  test("format 1 is read: its lists are empty where it has none, and its coverage says so", async () => {
    const read = await decodeSnapshot(old);
    expect(read).toMatchObject({ version: 2, threads: [], descriptors: [], pins: [{ path: "/run/netns/blue" }] });
    expect(read.coverage.filter(({ skipped }) => skipped?.why === "older-format").map(({ source }) => source)).toEqual([
      "threads",
      "children",
      "descriptors",
      "sockets",
      "pidfds",
      "in-flight",
      "mount-tables",
      "file-systems",
      "hostnames",
      "clocks",
      "cgroup-roots",
      "interfaces",
      "user-limits",
      "ipc-use",
      "cgroups",
      "listing",
    ]);
    // Written anew it is of the newest.
    expect(await decodeSnapshot(encodeSnapshot(read))).toEqual(read);
  });

  test("what only later formats have, it may not have, and places are those of the file", async () => {
    const text = old.replace('"version": 1', '"version": 1, "threads": [{}]').replace('"comm":', '"komm":');
    expect(await issuesOf(text)).toEqual([
      "threads: Format 1 has no such field.",
      "processes[0].comm: Missing.",
      "processes[0].komm: Format 2 has no such field.",
    ]);
  });
});

test("issues come in French as well", async () => {
  await expect(decodeSnapshot(damaged(["processes", 1, "pid"], "x"), "fr")).rejects.toMatchObject({
    message: "L'instantané est endommagé.",
    issues: [{ path: "processes[1].pid", message: "Doit être un nombre entier." }],
  });
  await expect(decodeSnapshot("{", "fr")).rejects.toMatchObject({
    issues: [{ path: "ligne 1, colonne 2", message: "Ce n'est pas du JSON : le texte s'arrête trop tôt." }],
  });
});
