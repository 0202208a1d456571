import { readFileSync, readlinkSync } from "node:fs";
import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { LINKS, kindOfLink } from "../../src/abi/proc-links.ts";
import { formatCgroup, parseCgroup, tellingPath, type CgroupLine } from "../../src/procfs/cgroup.ts";
import { formatLink, parseLink } from "../../src/procfs/link.ts";
import { formatLimits, parseLimits, type ResourceLimit } from "../../src/procfs/limits.ts";
import { formatSetgroups, parseSetgroups } from "../../src/procfs/setgroups.ts";
import { formatTimensOffsets, parseTimensOffsets, type ClockOffset } from "../../src/procfs/timens-offsets.ts";
import { needs } from "../support/needs.ts";

describe("ns links", () => {
  test("reads kind and inode", () => {
    expect(parseLink("net:[4026531833]")).toEqual({
      ok: true,
      value: { name: "net", kind: "net", inode: 4026531833n },
    });
  });

  test("keeps the name of a kind that is not known yet", () => {
    expect(parseLink("colour:[4026539999]")).toEqual({
      ok: true,
      value: { name: "colour", kind: undefined, inode: 4026539999n },
    });
  });

  test("reads this process's own links", needs("kernel:time-namespaces"), () => {
    for (const link of LINKS) {
      const text = readlinkSync(`/proc/self/ns/${link}`);
      const read = parseLink(text);
      expect(read.ok && read.value.kind).toBe(kindOfLink(link));
      expect(read.ok && formatLink(read.value)).toBe(text);
    }
  });

  test.each([
    "",
    "net",
    "net:[]",
    "net:[-1]",
    "net:[01]",
    "net:[1]\n",
    "net:[18446744073709551616]",
    "/dev/null",
    "socket:[x]",
    "net:4026531833",
  ])("refuses %j", (text) => expect(parseLink(text)).toMatchObject({ ok: false, file: "ns", line: 1, text }));

  test("parse(format(link)) is link", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (kind, inode) => {
        expect(parseLink(formatLink({ name: kind, inode }))).toEqual({ ok: true, value: { name: kind, kind, inode } });
      }),
    );
  });
});

describe("limits", () => {
  test("reads this process's own, and writes them again", needs("linux"), () => {
    const text = readFileSync("/proc/self/limits", "utf8");
    const read = parseLimits(text);
    expect(read.ok && read.value.map(({ name }) => name)).toContain("Max nice priority");
    expect(read.ok && formatLimits(read.value)).toBe(text);
  });

  test.each([
    ["", 1],
    ["Limit\n", 1],
    [`${formatLimits([])}Max nice priority 0 0\n`, 2],
    [`${formatLimits([])}Max nice priority         -1                   0                    \n`, 2],
  ])("refuses %j", (text, line) => expect(parseLimits(text)).toMatchObject({ ok: false, file: "limits", line }));

  test("parse(format(limits)) is limits", () => {
    const value = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constant("unlimited" as const));
    const name = fc.constantFrom("Max nice priority", "Max cpu time", "Max pending signals");
    const limit: fc.Arbitrary<ResourceLimit> = fc.record({
      name,
      soft: value,
      hard: value,
      units: fc.constantFrom("", "us", "bytes"),
    });
    fc.assert(
      fc.property(fc.array(limit), (limits) => {
        expect(parseLimits(formatLimits(limits))).toEqual({ ok: true, value: limits });
      }),
    );
  });
});

describe("setgroups", () => {
  test.each(["allow", "deny"] as const)("reads and writes %s", (word) =>
    expect(parseSetgroups(formatSetgroups(word))).toEqual({ ok: true, value: word }),
  );
  test.each(["", "allow", "Deny\n", "allow\ndeny\n"])("refuses %j", (text) =>
    expect(parseSetgroups(text)).toMatchObject({ ok: false, file: "setgroups", line: 1 }),
  );
});

describe("cgroup", () => {
  const HYBRID = "9:name=systemd:/\n4:memory:/jobs/3dea\n3:cpuset:/\n0::/\n";
  const UNIFIED = "0::/system.slice/cron.service\n";

  test("reads hierarchies, controllers and paths with colons", () => {
    expect(parseCgroup("3:cpu,cpuacct:/a:b\n1:name=systemd:/user.slice\n0::/x (deleted)\n")).toEqual({
      ok: true,
      value: [
        { hierarchy: 3, controllers: ["cpu", "cpuacct"], path: "/a:b" },
        { hierarchy: 1, controllers: ["name=systemd"], path: "/user.slice" },
        { hierarchy: 0, controllers: [], path: "/x (deleted)" },
      ],
    });
  });

  test.each([
    ["the unified path", UNIFIED, "/system.slice/cron.service"],
    ["systemd's path where the unified one is the top", "1:name=systemd:/s\n0::/\n", "/s"],
    ["systemd's before another named one", "2:name=a:/a\n1:name=systemd:/s\n", "/s"],
    ["a named one before a controller's", "3:cpu:/c\n5:name=a:/a\n0::/\n", "/a"],
    ["a controller's where nothing else says more", HYBRID, "/jobs/3dea"],
    ["the top where all are there", "1:cpu:/\n0::/\n", "/"],
    ["nothing without a line", "", undefined],
  ])("shows %s", (_, text, path) => {
    const lines = parseCgroup(text);
    expect(lines.ok && tellingPath(lines.value)).toBe(path);
  });

  test.each(["0:/\n", "x::/\n", "0::relative\n", "0::/", "\n"])("refuses %j", (text) =>
    expect(parseCgroup(`0::/\n${text}`)).toMatchObject({ ok: false, file: "cgroup", line: 2 }),
  );

  test("reads this process's own file and writes it back", needs(), () => {
    const text = readFileSync("/proc/self/cgroup", "utf8");
    const lines = parseCgroup(text);
    expect(lines.ok && formatCgroup(lines.value)).toBe(text);
  });

  const anyLine: fc.Arbitrary<CgroupLine> = fc.record({
    hierarchy: fc.nat(),
    controllers: fc.array(fc.stringMatching(/^[a-z=_]{1,9}$/)),
    path: fc.string({ unit: "binary" }).map((tail) => `/${tail.replaceAll("\n", "")}`),
  });
  test("parse(format(lines)) is lines", () => {
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        expect(parseCgroup(formatCgroup(lines))).toEqual({ ok: true, value: lines });
      }),
    );
  });
});

describe("timens_offsets", () => {
  test("reads this process's own file and writes it back", needs("kernel:time-namespaces"), () => {
    const text = readFileSync("/proc/self/timens_offsets", "utf8");
    const offsets = parseTimensOffsets(text);
    expect(offsets.ok && formatTimensOffsets(offsets.value)).toBe(text);
  });

  const anyOffset: fc.Arbitrary<ClockOffset> = fc.record({
    clock: fc.constantFrom("monotonic", "boottime"),
    seconds: fc.bigInt({ min: -(2n ** 33n), max: 2n ** 33n }),
    nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
  });
  test("parse(format(offsets)) is offsets", () => {
    fc.assert(
      fc.property(fc.array(anyOffset), (all) => {
        expect(parseTimensOffsets(formatTimensOffsets(all))).toEqual({ ok: true, value: all });
      }),
    );
  });

  test.each(["realtime 0 0\n", "monotonic 0\n", "boottime 1 1000000000\n"])("refuses %j", (text) =>
    expect(parseTimensOffsets(text)).toMatchObject({ ok: false, file: "timens_offsets", line: 1 }),
  );
});
