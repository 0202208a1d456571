import { readFileSync } from "node:fs";
import fc from "../support/property.ts";
import { expect, test } from "vitest";
import { formatStatus, parseStatus, type ProcessStatus } from "../../src/procfs/status.ts";
import { needs } from "../support/needs.ts";

const NEW = readFileSync(new URL("fixtures/status-6.18.txt", import.meta.url), "utf8");
const OLD = readFileSync(new URL("fixtures/status-3.10.txt", import.meta.url), "utf8");

test("reads a process of Linux 6.18 in a pid namespace below", () => {
  expect(parseStatus(NEW)).toEqual({
    ok: true,
    value: {
      name: "odd\nname\\x",
      state: "S",
      tgid: 4911,
      pid: 4911,
      ppid: 4907,
      uid: { real: 0, effective: 1000, saved: 0, fs: 1000 },
      gid: { real: 0, effective: 0, saved: 0, fs: 0 },
      groups: [4, 24, 27],
      nsTgid: [4911, 12, 1],
      nsPid: [4911, 12, 1],
      nsPgid: [4907, 12, 1],
      nsSid: [2462, 12, 1],
      threads: 3,
      capabilities: {
        inheritable: 0n,
        permitted: 0x1fffeffffffn,
        effective: 0x1fffeffffffn,
        bounding: 0x1fffeffffffn,
        ambient: 0n,
      },
      noNewPrivs: true,
      seccomp: 2,
    },
  });
});

test("what a kernel of 2013 does not write is absent", () => {
  const status = parseStatus(OLD);
  expect(status.ok && Object.keys(status.value)).toEqual([
    "name",
    "state",
    "tgid",
    "pid",
    "ppid",
    "uid",
    "gid",
    "groups",
    "threads",
    "capabilities",
    "seccomp",
  ]);
  expect(status.ok && status.value.groups).toEqual([]);
  expect(status.ok && status.value.capabilities).not.toHaveProperty("ambient");
});

test("reads this process's own status", needs(), () => {
  const status = parseStatus(readFileSync("/proc/self/status", "utf8"));
  expect(status.ok && status.value).toMatchObject({ pid: process.pid, ppid: process.ppid, state: "R" });
  expect(status.ok && status.value.uid.effective).toBe(process.geteuid?.());
});

test.each([
  [NEW.replace("Pid:\t4911", "Pid:\t-1"), 6, "Pid:\t-1"],
  [NEW.replace("Uid:\t0\t1000\t0\t1000", "Uid:\t0\t1000\t0"), 9, "Uid:\t0\t1000\t0"],
  [NEW.replace("CapEff:\t000001fffeffffff", "CapEff:\t1ff"), 46, "CapEff:\t1ff"],
  [NEW.replace("NoNewPrivs:\t1", "NoNewPrivs:\t2"), 49, "NoNewPrivs:\t2"],
  [NEW.slice(0, NEW.indexOf("4907") + 2), 7, "PPid:"],
  [NEW.replace(/^Groups.*\n/m, ""), NEW.split("\n").length - 1, ""],
  ["", 1, ""],
])("says where a text is not as the kernel writes it (%#)", (text, line, found) => {
  const status = parseStatus(text);
  expect(status).toMatchObject({ ok: false, file: "status", line });
  expect(status.ok || status.text.startsWith(found)).toBe(true);
});

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const pidNumber = fc.integer({ min: 0, max: 4194304 });
const set = fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });
const fourIds = fc.record({ real: u32, effective: u32, saved: u32, fs: u32 });
const anyStatus: fc.Arbitrary<ProcessStatus> = fc.record(
  {
    name: fc.string({ unit: "binary", maxLength: 15 }),
    state: fc.constantFrom("R", "S", "D", "T", "t", "X", "Z", "P", "I"),
    tgid: pidNumber,
    pid: pidNumber,
    ppid: pidNumber,
    uid: fourIds,
    gid: fourIds,
    groups: fc.array(u32, { maxLength: 8 }),
    nsTgid: fc.array(pidNumber, { maxLength: 33 }),
    nsPid: fc.array(pidNumber, { maxLength: 33 }),
    threads: pidNumber,
    capabilities: fc.record(
      { inheritable: set, permitted: set, effective: set, bounding: set, ambient: set },
      { requiredKeys: ["inheritable", "permitted", "effective"] },
    ),
    noNewPrivs: fc.boolean(),
    seccomp: fc.integer({ min: 0, max: 2 }),
  },
  { requiredKeys: ["name", "state", "tgid", "pid", "ppid", "uid", "gid", "groups", "threads", "capabilities"] },
);

test("parse(format(status)) is status", () => {
  fc.assert(
    fc.property(anyStatus, (status) => {
      expect(parseStatus(formatStatus(status))).toEqual({ ok: true, value: status });
    }),
  );
});
