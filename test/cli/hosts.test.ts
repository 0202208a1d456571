import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { SCHEMAS } from "../../src/cli/schemas.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

const BOOT = "11111111-2222-3333-4444-555555555555";
const bootOf = (nth: number): string => BOOT.replace("1", String(nth));
const host = (nth: number, boot = nth): Snapshot => {
  const { viewpoint, ...base } = snapshot({
    namespaces: [namespace("net", nth)],
    processes: [process(nth, { namespaces: { net: idOf(nth) } })],
  });
  return { ...base, viewpoint: { ...viewpoint, bootId: bootOf(boot) } };
};
const AT = "2026-01-02T03:04:05.678Z";
const WORDS = ["list", "-n", "-r", "-o", "NS,TYPE"];

/** A folder with host2.json and host3.json. */
function twoHosts() {
  const folder = temporaryFolder();
  const files = [2, 3].map((nth) => join(folder.path, `host${nth}.json`));
  for (const [nth, file] of files.entries()) writeFileSync(file, encodeSnapshot(host(nth + 2)));
  return { folder, files, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

async function validHosts(text: string): Promise<readonly Record<string, unknown>[]> {
  const document = JSON.parse(text);
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    (await SCHEMAS.get("hosts")?.make()) ?? false,
  );
  expect([validate(document), validate.errors]).toEqual([true, null]);
  return document.hosts;
}

test("a second file behind one --from is told how to name it", async () => {
  using hosts = twoHosts();
  const [first = "", second = ""] = hosts.files;
  for (const command of ["list", "tree", "why", "leaks"]) {
    const { exit, err } = await runProgram([command, "--from", first, second]);
    expect(err.replaceAll(/\s+/g, " ")).toContain("takes a --from of its own");
    expect(exit).not.toBe(0);
  }
  const { err } = await runProgram(["why", "--from", first, "net:77", "--json"], { language: "fr" });
  expect(err).not.toContain("--from");
  expect((await runProgram(["tree", "--from", first, "/nowhere\0"])).err).not.toContain("--from");
});

test("one question over the snapshots of a folder, or of several files", async () => {
  using hosts = twoHosts();
  const { folder, files } = hosts;

  const both = await runProgram([...WORDS, "--from", folder.path]);
  expect(both).toEqual({
    exit: 0,
    out: `==> host2 (${bootOf(2)}, ${AT}) <==\n2 net\n==> host3 (${bootOf(3)}, ${AT}) <==\n3 net\n`,
    err: "",
  });
  const [first = ""] = files;
  expect(await runProgram([...WORDS, ...[...files, first].flatMap((file) => ["--from", file])])).toEqual(both);

  const { out } = await runProgram(["list", "-o", "NS,TYPE", "--json", "--from", folder.path]);
  expect(await validHosts(out)).toMatchObject([
    { host: "host2", file: first, bootId: bootOf(2), takenAt: AT, answer: { namespaces: [{ ns: 2, type: "net" }] } },
    { host: "host3", answer: { namespaces: [{ ns: 3, type: "net" }] } },
  ]);
  expect((await runProgram(["list", "--from", first, "-P"])).out).toBe("");
  expect((await runProgram(["list", "--from", folder.path, "--world", "x"])).exit).toBe(2);
});

describe("each reading command", () => {
  test.each([
    ["tree", ["tree"], 0],
    ["list", ["list"], 0],
    ["show", ["show", "net:2"], 0],
    ["why", ["why", "net:2"], 0],
    ["leaks", ["leaks"], 0],
    ["pid", ["pid", "2"], undefined],
    ["who", ["who", "CAP_SYS_ADMIN", "net:2"], undefined],
    ["caps", ["caps", "2"], undefined],
    ["ids", ["ids"], undefined],
    ["doctor", ["doctor"], 0],
  ] as const)("%s answers for each host, as text and as JSON", async (_, words, exit) => {
    using hosts = twoHosts();
    const text = await runProgram([...words, "--from", hosts.folder.path]);
    const json = await runProgram([...words, "--json", "--from", hosts.folder.path]);
    expect(json.exit).toBe(text.exit);
    if (exit !== undefined) expect(text).toMatchObject({ exit });
    const [first, ...others] = await validHosts(json.out);
    expect(first).toMatchObject({ host: "host2" });
    expect(others).toHaveLength(1);
  });

  test("says once on which hosts what was named is not, and fails only where it is on none", async () => {
    using hosts = twoHosts();
    const onOne = await runProgram(["show", "net:2", "--from", hosts.folder.path]);
    expect(onOne).toMatchObject({ exit: 0, err: "nsatlas: Not seen on 1 host: host3.\n" });
    expect(onOne.out).toContain("==> host2");
    expect(onOne.out).not.toContain("==> host3");
    const onNone = await runProgram(["show", "net:9", "--json", "--from", hosts.folder.path]);
    expect(onNone).toMatchObject({ exit: 2, err: "nsatlas: Not seen on 2 hosts: host2, host3.\n" });
    expect(await validHosts(onNone.out)).toMatchObject([
      { host: "host2", error: { code: "NOT_SEEN" } },
      { host: "host3", error: { code: "NOT_SEEN" } },
    ]);
  });

  test("words that are off are told once, whatever the files", async () => {
    using hosts = twoHosts();
    for (const words of [["show", "nett:2"], ["list", "-Q", "NOSUCH == 1"], ["list", "-t", "nett"], ["show"]]) {
      const { exit, out, err } = await runProgram([...words, "--from", hosts.folder.path]);
      expect({ exit, out }).toEqual({ exit: 2, out: "" });
      expect(err.match(/^nsatlas: /gm)).toHaveLength(1);
    }
    const metrics = await runProgram(["leaks", "--format", "prometheus", "--from", hosts.folder.path]);
    expect(metrics).toMatchObject({ exit: 2, out: "" });
    expect(metrics.err).toContain("is of one host");
  });
});

describe("a folder", () => {
  test("without a snapshot is an error", async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "notes.txt"), "no snapshot");
    const { exit, out, err } = await runProgram([...WORDS, "--from", folder.path]);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err.replaceAll(/\n +/g, " ")).toContain("has no snapshot: no file in it has a name that ends in .json");
  });

  test("with something that is no snapshot, or cannot be read, is asked for the rest", async () => {
    using hosts = twoHosts();
    const { path } = hosts.folder;
    writeFileSync(join(path, "a-package.json"), '{"name":"x"}');
    const damaged = await runProgram([...WORDS, "--from", path]);
    expect(damaged.exit).toBe(6);
    expect(damaged.err).toContain("a-package.json");
    expect(damaged.out).toContain("2 net\n");
    expect(damaged.out).toContain("3 net\n");
    rmSync(join(path, "a-package.json"));
    mkdirSync(join(path, "below.json"));
    const { exit, out, err } = await runProgram(["list", "--json", "--from", path]);
    expect(exit).toBe(4);
    expect(JSON.parse(err)).toMatchObject({ error: { code: "EISDIR" } });
    expect(await validHosts(out)).toMatchObject([
      { host: "below", bootId: null, takenAt: null, error: { code: "EISDIR" } },
      { host: "host2", answer: {} },
      { host: "host3", answer: {} },
    ]);
  });

  test("that shows one machine twice says so", async () => {
    using hosts = twoHosts();
    writeFileSync(join(hosts.folder.path, "host2-later.json"), encodeSnapshot(host(4, 2)));
    const { exit, out, err } = await runProgram([...WORDS, "--from", hosts.folder.path]);
    expect(exit).toBe(0);
    expect(out.match(/^==> /gm)).toHaveLength(3);
    expect(err.replaceAll(/\n +/g, " ")).toBe(
      "nsatlas: These are of one boot of one machine, which they show several times: host2-later, host2.\n",
    );
  });
});

test("diff compares two folders host by host", async () => {
  using before = twoHosts();
  using after = twoHosts();
  const [, there = ""] = after.files;
  const two = ["diff", before.folder.path, after.folder.path];
  expect((await runProgram(two)).exit).toBe(0);
  writeFileSync(there, encodeSnapshot({ ...host(4, 3), takenAt: "2026-01-03T03:04:05.678Z" }));
  const text = await runProgram(two);
  expect(text).toMatchObject({ exit: 1, err: "" });
  expect(text.out).toMatch(
    /^==> host2 .*<==\nNo difference was found\.\n==> host3 .*<==\n- net:\[3\] is gone\n\+ net:\[4\] is new\n$/,
  );
  const json = await runProgram([...two, "--json"]);
  expect(json.exit).toBe(1);
  expect(await validHosts(json.out)).toMatchObject([
    { host: "host2", answer: { removed: [] } },
    { host: "host3", file: there, answer: { removed: [{ kind: "net" }], added: [{ kind: "net" }] } },
  ]);
  rmSync(there);
  const lone = await runProgram(two);
  expect(lone).toMatchObject({ exit: 3, err: "nsatlas: Only in the first folder, so not compared: host3.\n" });
  const [file = ""] = before.files;
  expect((await runProgram(["diff", before.folder.path, file])).exit).toBe(2);
  writeFileSync(there, "{}");
  expect(await runProgram(two)).toMatchObject({ exit: 6 });
});
