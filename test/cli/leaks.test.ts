import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { samplesOf } from "../support/exposition-format.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

const { actor, built, nameOf } = drawnMachine(`
  user:init
    user:mid empty
      user:box by 1000
    user:gone empty
  net:blue of user:gone empty pin /run/netns/blue
  uts:lost of user:box empty pin /run/lost
`);
for (const fd of built.fds.values()) actor.call(actor.first, { op: "close", fd });
const observer = new ModelObserver(() => actor.world, actor.first);

async function leaksOf(seen: Snapshot, words = ""): Promise<{ exit: number; out: string; err: string }> {
  using folder = temporaryFolder();
  const file = `${folder.path}/seen.json`;
  writeFileSync(file, encodeSnapshot(seen));
  return await runProgram(["leaks", ...words.split(" ").filter(Boolean), "--from", file]);
}

const HOUR_AGO = "2026-01-02T02:04:05.678Z";
/** Taken at 2026-01-02T03:04:05.678Z. */
const machine = (more: Partial<Snapshot> = {}): Snapshot =>
  snapshot({
    namespaces: [
      { ...namespace("net", 2, { owner: 5 }), existsSince: HOUR_AGO },
      namespace("uts", 3),
      namespace("user", 5),
    ],
    processes: [process(9, { namespaces: { uts: idOf(3) } })],
    pins: [{ namespace: idOf(2), mountId: 50, path: "/run/netns/x" }],
    ...more,
  });
const withoutLeaks = (more: Partial<Snapshot> = {}): Snapshot =>
  machine({ namespaces: [namespace("uts", 3)], pins: [], ...more });
const refused = ({ coverage }: Snapshot): Snapshot["coverage"] =>
  coverage.map((row) => (row.source === "descriptors" ? { ...row, asked: 1, refused: { EACCES: 1 } } : row));

describe("leaks", () => {
  test("lists what no process is in; what is needed below is none", async () => {
    const { exit, out, err } = await runProgram(["leaks", "--json"], { observer });
    const { verdict, namespaces } = JSON.parse(out);
    expect([exit, err, verdict]).toEqual([1, "", "yes"]);
    const states = namespaces.map(({ id, state }: { id: string; state: string }) => `${nameOf(id)} ${state}`);
    expect(states.toSorted()).toEqual([
      "net:blue leaked",
      "user:gone leaked",
      "user:mid used-below",
      "uts:lost leaked",
    ]);
    const text = await runProgram(["leaks"], { observer });
    expect(
      text.out
        .replaceAll(/\d{10}/g, "N")
        .replaceAll(/ {2,}/g, "  ")
        .split("\n"),
    ).toEqual([
      "NAMESPACE  AT LEAST  HELD, FOR",
      "net:[N] blue  ?  it is mounted at /run/netns/blue",
      "user:[N]  ?  net:[N] belongs to it",
      "uts:[N]  ?  it is mounted at /run/lost",
      '3 namespaces without a process. "nsatlas why REF" says what would let one go.',
      "Without a process of their own, but needed by one below them (no leaks):",
      "user:[N]  ?  user:[N] is its child",
      "",
    ]);
  });

  test("0 where there is none, and 3 where something was not looked into that may be one", async () => {
    expect((await leaksOf(withoutLeaks())).exit).toBe(0);
    const hidden = withoutLeaks({ coverage: refused(withoutLeaks()) });
    const told = await leaksOf(hidden);
    expect([told.exit, told.err]).toEqual([3, expect.stringContaining("cannot be told")]);
    expect(told.out).toContain("the open files of 1 process (EACCES)");
    expect(await leaksOf(hidden, "--as-seen")).toMatchObject({ exit: 0, err: "" });
  });

  test("3 where a process that may not be looked into may be in it; of its own kind alone", async () => {
    const secret = process(10, { refused: { net: "EACCES" } });
    const seen = machine({ processes: [...machine().processes, secret], namespaces: machine().namespaces.slice(0, 2) });
    expect((await leaksOf(seen)).exit).toBe(3);
    expect(JSON.parse((await leaksOf(seen, "--json")).out).namespaces).toMatchObject([{ state: "unknown" }]);
    expect((await leaksOf(seen, "--as-seen")).exit).toBe(1);
    const other = { ...seen, processes: [...machine().processes, process(10, { refused: { ipc: "EACCES" } })] };
    expect((await leaksOf(other)).exit).toBe(1);
  });

  test("a thread is in it: no leak; for the children of a process: one", async () => {
    const thread = { pid: 9, tid: 10, startTime: 1, comm: "t", namespaces: { net: idOf(2) } };
    expect((await leaksOf(machine({ threads: [thread] }))).exit).toBe(0);
    const links = { uts: idOf(3), time_for_children: idOf(7) };
    const children = { namespaces: [namespace("uts", 3), namespace("time", 7)], pins: [] };
    expect((await leaksOf(machine({ ...children, processes: [process(9, { namespaces: links })] }))).exit).toBe(1);
  });

  test("--older-than takes what is known to be so old; an owner is as old as what it owns", async () => {
    const ages = JSON.parse((await leaksOf(machine(), "--json")).out).namespaces;
    expect(ages).toMatchObject([
      { kind: "net", atLeastSeconds: 3600, existsSince: HOUR_AGO },
      { kind: "user", atLeastSeconds: 3600 },
    ]);
    expect((await leaksOf(machine(), "--older-than 1h")).exit).toBe(1);
    const young = await leaksOf(machine(), "--older-than 61m");
    expect([young.exit, young.out]).toEqual([0, "2 more are not known to have been there for 1 h.\n"]);
    const undated = machine({ namespaces: [namespace("net", 2), namespace("uts", 3)] });
    const told = await leaksOf(undated, "--older-than 1");
    expect([told.exit, told.out]).toEqual([3, "Of 1 more nothing tells the age.\n"]);
  });

  test.each([
    ["90", 1],
    ["60m", 1],
    ["1h", 1],
    ["1d", 0],
    ["1w", 0],
  ])("--older-than %s", async (span, exit) =>
    expect((await leaksOf(machine(), `--older-than ${span}`)).exit).toBe(exit),
  );
  test.each(["", "h", "1y", "1.5h", "-1", "1h30m"])("--older-than %j is no span of time", async (span) => {
    const { exit, err } = await runProgram(["leaks", `--older-than=${span}`]);
    expect([exit, err]).toEqual([2, expect.stringContaining("a span of time")]);
  });

  test("speaks Prometheus's text format, with labels that do not grow", async () => {
    const { exit, out } = await runProgram(["leaks", "--format", "prometheus"], { observer });
    expect(exit).toBe(1);
    const samples = samplesOf(out);
    const value = (name: string, labels: object): number | undefined =>
      samples.find((one) => one.name === name && JSON.stringify(one.labels) === JSON.stringify(labels))?.value;
    expect(value("nsatlas_leaked_namespaces", { kind: "net", holder: "bind-mount" })).toBe(1);
    expect(value("nsatlas_leaked_namespaces", { kind: "user", holder: "owned" })).toBe(1);
    expect(value("nsatlas_leaked_namespaces", { kind: "mnt", holder: "bind-mount" })).toBe(0);
    const shape = (text: string): string[] => samplesOf(text).map(({ name, labels }) => name + JSON.stringify(labels));
    expect(shape((await leaksOf(withoutLeaks(), "--format prometheus")).out)).toEqual(shape(out));
    const metrics = samplesOf((await leaksOf(machine(), "--format prometheus")).out);
    expect(metrics.find(({ name, labels }) => name.endsWith("oldest_seconds") && labels["kind"] === "net")?.value).toBe(
      3600,
    );
    expect(metrics.at(-1)).toEqual({ name: "nsatlas_look_timestamp_seconds", labels: {}, value: 1767323045.678 });
  });
});
