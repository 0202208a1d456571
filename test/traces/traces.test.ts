import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { parseCgroup } from "../../src/procfs/cgroup.ts";
import { PATTERNS, PIN_PATTERNS } from "../../src/traces/patterns.ts";
import { readCgroupLines } from "../../src/traces/read-lines.ts";
import { MOST_PARTS, readCgroupPath } from "../../src/traces/read-path.ts";
import { readPinPath } from "../../src/traces/read-pin.ts";
import type { TracePart } from "../../src/traces/trace.ts";
import { REAL_LINES } from "./real-lines.ts";
import { RECORDED_LINES, RECORDED_PINS } from "./recorded-lines.ts";

const words = ({ kind, engine, name, qos, pattern }: TracePart): string =>
  [kind, engine ?? "-", name, ...(qos === undefined ? [] : [qos]), pattern].join(" ");

function partsOf(text: string): readonly string[] {
  const lines = parseCgroup(text);
  if (!lines.ok) throw new Error(`not the text of a cgroup file: ${lines.text}`);
  return (readCgroupLines(lines.value)?.parts ?? []).map(words);
}
const pathOf = (path: string): readonly string[] => readCgroupPath(path).map(words);

const A = "a".repeat(64);
const B = "b".repeat(64);

describe("lines of real machines", () => {
  test.each([...REAL_LINES, ...RECORDED_LINES])("$from", ({ text, parts }) => {
    expect(partsOf(text)).toEqual(parts);
  });

  test("every row of the table has one", () => {
    const used = new Set(REAL_LINES.flatMap(({ parts }) => parts.map((part) => part.split(" ").at(-1))));
    expect(Object.keys(PATTERNS).filter((pattern) => !used.has(pattern))).toEqual([]);
  });
});

/** The same that no Debian program at hand makes: each from the source that its row names, with a name of its form. */
const DOCUMENTED_PINS = [
  {
    from: "moby libnetwork/drivers/overlay/ov_network.go initSandbox: of a swarm, EPOCH-NETWORK; /var/run is /run",
    path: "/var/run/docker/netns/1-xyz9w8v7u6",
    part: "sandbox docker 1-xyz9w8v7u6 docker-netns",
  },
  {
    from: "containers/common pkg/netns/netns_linux.go: rootless",
    path: "/run/user/1000/netns/netns-3f1f4b0c-5a5e-2c5d-9d7e-0c9b8a7f6e5d",
    part: "sandbox podman netns-3f1f4b0c-5a5e-2c5d-9d7e-0c9b8a7f6e5d podman-netns",
  },
  {
    from: "containerd pkg/netns/netns_linux.go",
    path: "/var/run/netns/cni-0f0d4a3e-9f6b-4c67-1c5e-7d9f3a2b1c0d",
    part: "sandbox cni cni-0f0d4a3e-9f6b-4c67-1c5e-7d9f3a2b1c0d cni-netns",
  },
  {
    from: "cri-o pinns/src/pinns.c",
    path: "/run/ipcns/0d3d3b2c-7e61-4f0a-8e5a-6a2f4c1b9d70",
    part: "sandbox cri-o 0d3d3b2c-7e61-4f0a-8e5a-6a2f4c1b9d70 crio-pinns",
  },
  {
    from: "snapd cmd/snap-confine/ns-support.c",
    path: "/run/snapd/ns/firefox.mnt",
    part: "app snap firefox snap-mnt",
  },
  {
    from: "snapd cmd/snap-confine/ns-support.c: of one user",
    path: "/run/snapd/ns/lxd.1000.mnt",
    part: "app snap lxd snap-mnt",
  },
] as const;

describe("paths of bind mounts", () => {
  const pins = [...RECORDED_PINS, ...DOCUMENTED_PINS];
  test.each(pins)("$from: $path", ({ path, part }) => {
    const found = readPinPath(path);
    expect(found === undefined ? undefined : words(found)).toBe(part);
  });

  test("every row has one that it knows itself", () => {
    const used = new Set(pins.map(({ path }) => readPinPath(path)?.pattern));
    expect(Object.keys(PIN_PATTERNS).filter((pattern) => ![...used].some((name) => name === pattern))).toEqual([]);
  });

  test.each([
    "/run/docker/netns/default",
    "/run/netns/blue",
    "/run/netns/netns-blue",
    "/run/docker/netns/a/b",
    "/tmp/run/docker/netns/a",
  ])("%s says nothing", (path) => {
    expect(readPinPath(path)).toBeUndefined();
  });
});

describe("whoever is inside", () => {
  test("a container's own folders never take its place", () => {
    expect(pathOf(`/system.slice/docker-${A}.scope/docker-${B}.scope`)).toEqual([
      `container docker ${A} docker-scope`,
      `container docker ${B} docker-scope`,
    ]);
    expect(pathOf(`/docker/${A}/system.slice/user@0.service/lxc.payload.admin`)[0]).toBe(
      `container docker ${A} docker-folder`,
    );
  });

  test("a user's folders stay his", () => {
    expect(pathOf(`/user.slice/user-1000.slice/user@1000.service/docker/${A}`)).toEqual([
      "user - 1000 user-manager",
      `container docker ${A} docker-folder`,
    ]);
  });

  test("a session that the first line tells is not outdone by a hierarchy that users may write to", () => {
    expect(partsOf(`4:freezer:/docker/${A}\n0::/user.slice/user-1000.slice/session-3.scope\n`)).toEqual([
      "session - 3 session",
    ]);
  });

  test("a unit's folders are no units", () => {
    expect(pathOf("/system.slice/evil.service/sshd.service")).toEqual(["unit - evil.service unit"]);
    expect(pathOf("/weird/sshd.service")).toEqual([]);
    expect(pathOf("/system.slice/evil.service/session-1.scope")).toEqual(["unit - evil.service unit"]);
  });

  test("no more parts are told than the first few", () => {
    const path = `/docker/${A}`.repeat(50);
    expect(readCgroupPath(path)).toHaveLength(MOST_PARTS);
  });

  test.each([
    [`/docker/${A.slice(1)}`, []],
    [`/docker/${A}0`, []],
    [`/docker/${A.toUpperCase()}`, []],
    [`/system.slice/docker-${A}.scope2`, ["slice - system.slice slice"]],
    ["/lxc", []],
    ["/kubepods/burstable", []],
    [`/system.slice/docker-${A}.scope (deleted)`, [`container docker ${A} docker-scope`]],
    ["/..", []],
    [`/../docker-${A}.scope`, [`container docker ${A} docker-scope`]],
    ["/system.slice/_cgroup.service", ["unit - cgroup.service unit"]],
    ["/machine.slice/machine-a\\x2db\\xff.scope", ["machine - a-b\\xff machine-scope"]],
    ["/machine.slice/machine-caf\\xc3\\xa9.scope", ["machine - café machine-scope"]],
  ])("%s", (path, parts) => {
    expect(pathOf(path)).toEqual(parts);
  });

  test("any text is read in time that grows with its length, and gives names that are not empty", () => {
    const folder = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }).map((text) => text.replaceAll(/[/\n]/g, "")),
      fc.constantFrom(
        `docker-${A}.scope`,
        "kubepods",
        "lxc",
        "-".repeat(200),
        "a_-".repeat(80),
        "..",
        "user@0.service",
      ),
    );
    fc.assert(
      fc.property(fc.array(folder, { maxLength: 40 }), (folders) => {
        for (const { name } of readCgroupPath(`/${folders.join("/")}`)) expect(name).not.toBe("");
      }),
    );
    const started = performance.now();
    readCgroupPath(`/${"kubepods-".repeat(200_000)}`);
    readCgroupPath(`/${"a-".repeat(200_000)}kubepods`);
    readCgroupPath(`/machine-${"\\x2d".repeat(200_000)}`);
    readCgroupPath("/x.slice".repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
