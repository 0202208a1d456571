import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { SCHEMAS } from "../../src/cli/schemas.ts";
import { columnsOf } from "../../src/render/width.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import type { Coverage, Snapshot, Source } from "../../src/snapshot/types.ts";
import { runProgram } from "../cli/run-program.ts";
import { namespace, snapshot } from "../support/small-snapshot.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROWS: Partial<Record<Source, Partial<Coverage>>> = {
  descriptors: { asked: 3, refused: { EACCES: 3 } },
  threads: { skipped: { why: "unwanted" } },
  sockets: { skipped: { why: "costly", count: 90_000 } },
  clocks: { skipped: { why: "older-format" } },
  processes: { notes: ["hidepid"] },
};
const base = snapshot();
const seen = {
  ...base,
  viewpoint: { ...base.viewpoint, capabilities: "0000000000080000" },
  coverage: base.coverage.map((row) => ({ ...row, ...ROWS[row.source] })),
};

test("doctor --from says who looked, what was not seen, and what would have shown it", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "host.json");
  writeFileSync(file, encodeSnapshot(seen));

  const { exit, out, err } = await runProgram(["doctor", "--from", file, "--json"]);
  expect([exit, err]).toEqual([0, ""]);
  const document = JSON.parse(out);
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    (await SCHEMAS.get("doctor")?.make()) ?? false,
  );
  expect([validate(document), validate.errors]).toEqual([true, null]);
  expect(document.doctor).toMatchObject({
    takenAt: base.takenAt,
    kernel: { release: "6.18.44" },
    caller: { uid: 1000, capabilities: ["CAP_SYS_PTRACE"], seccomp: null },
    interfaces: [],
  });
  const found: readonly { source: string; reveals: readonly { name: string }[] }[] = document.doctor.missing;
  expect(Object.fromEntries(found.map(({ source, reveals }) => [source, reveals.map(({ name }) => name)]))).toEqual({
    descriptors: ["CAP_SYS_PTRACE"],
    threads: ["left-out"],
    sockets: ["--all-sources"],
    clocks: ["newer-snapshot"],
    null: ["hidepid"],
  });

  for (const language of ["en", "fr"] as const) {
    const text = await runProgram(["doctor", "--from", file], { language });
    expect(text.out).toContain(language === "en" ? "Who looked    pid 4711, uid 1000" : "Qui regardait pid 4711");
    expect(text.out).toContain(base.takenAt);
    expect(text.out).toContain("nsatlas doctor");
    expect(text.out.split("\n").filter((line) => columnsOf(line) > 80)).toEqual([]);
  }
});

test("mounts that may not be opened are shown by who may enter folders, and elsewhere by who may trace", async () => {
  using folder = temporaryFolder();
  const net = namespace("net", 3);
  const coverage = base.coverage.map((row) =>
    row.source === "mounts" ? { ...row, asked: 1, seen: 0, refused: { EACCES: 1 } } : row,
  );
  const pin = { namespace: net.id, path: "/run/netns/blue", mountId: 64 };
  const told = async (look: Snapshot) => {
    const file = join(folder.path, "mounted.json");
    writeFileSync(file, encodeSnapshot({ ...look, namespaces: [...look.namespaces, net], coverage }));
    const { out } = await runProgram(["doctor", "--from", file, "--json"]);
    const why = await runProgram(["why", "net:3", "--from", file]);
    expect(why.out.replaceAll(/\s+/g, " ")).toContain(
      "CAP_DAC_READ_SEARCH where a folder is closed, CAP_SYS_PTRACE where",
    );
    return JSON.parse(out).doctor.missing[0].reveals.map(({ name }: { name: string }) => name);
  };
  expect(await told({ ...base, pins: [pin] })).toEqual(["CAP_DAC_READ_SEARCH"]);
  expect(await told({ ...base, pins: [{ ...pin, mountNamespace: "unknown", through: 42 }] })).toEqual([
    "CAP_DAC_READ_SEARCH",
    "CAP_SYS_PTRACE",
  ]);
});

test("of a snapshot that saw all, it says so", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "host.json");
  writeFileSync(file, encodeSnapshot(base));
  expect((await runProgram(["doctor", "--from", file])).out).toContain("Nothing was refused or left out.");
  expect((await runProgram(["doctor", "--from", file, "--proc", "/proc"])).exit).toBe(2);
});
