import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

const FIRST = NAMESPACE_KINDS.user.initialInode;

/** A process in net:[2], with a thread in net:[3] whose children go to time:[4]. */
const seen = snapshot({
  namespaces: [
    namespace("user", FIRST),
    ...[2, 3].map((nth) => namespace("net", nth, { owner: FIRST })),
    namespace("time", 4, { owner: FIRST }),
  ],
  processes: [process(10, { namespaces: { net: idOf(2) } })],
  threads: [{ pid: 10, tid: 11, startTime: 1001, comm: "t", namespaces: { net: idOf(3), time_for_children: idOf(4) } }],
});

async function ask(look: Snapshot, words: readonly string[], setting: Parameters<typeof runProgram>[1] = {}) {
  using folder = temporaryFolder();
  const file = join(folder.path, "seen.json");
  writeFileSync(file, encodeSnapshot(look));
  const { err, ...ran } = await runProgram([...words, "--from", file], setting);
  expect(err.split("\n").every((line) => line.length <= 80)).toBe(true);
  return { ...ran, err: err.replaceAll(/\n +/g, " ") };
}

test("list -p lists what any thread of the process is in, or gives to its children", async () => {
  expect(await ask(seen, ["list", "-nr", "-o", "NS,TYPE", "-p", "10"])).toEqual({
    exit: 0,
    out: "2 net\n3 net\n4 time\n",
    err: "",
  });
  expect((await ask(seen, ["list", "-nr", "-o", "NS", "-p", "10", "-t", "time"])).out).toBe("4\n");
  // Its first thread has ended, and all that can be read of it is a thread's.
  const leaderless = { ...seen, processes: [process(10, { zombie: true })] };
  expect(await ask(leaderless, ["list", "-nr", "-o", "NS", "-p", "10", "-t", "net"])).toMatchObject({
    out: "3\n",
    err: "",
  });
  expect((await ask(seen, ["list", "-p", "10", "-t", "uts"])).err).toContain("nothing to list");
});

test("show says what it did not read because there is so much, and the option that reads it", async () => {
  const coverage = seen.coverage.map((row) =>
    row.source === "descriptors" ? { ...row, skipped: { why: "costly" as const, count: 90_000 } } : row,
  );
  const costly = { ...seen, coverage };
  const { exit, err } = await ask(costly, ["show", "net:3"]);
  expect([exit, err]).toEqual([0, expect.stringContaining("--all-sources looks at all")]);
  expect((await ask(costly, ["show", "net:3"], { language: "fr" })).err).toContain("--all-sources regarde tout");
  expect((await ask(costly, ["show", "net:3", "--json"])).err).toContain("--all-sources");
  expect((await ask(costly, ["show", "net:3", "--get", "ino"])).err).toBe("");
  expect((await ask(seen, ["show", "net:3"])).err).toBe("");
});

test("list tells a person, and no script, that not everything could be seen", async () => {
  const coverage = seen.coverage.map((row) =>
    row.source === "descriptors" ? { ...row, asked: 3, refused: { EACCES: 3 } } : row,
  );
  const partly = { ...seen, coverage };
  const told = await ask(partly, ["list"], { isWatched: true });
  expect(told.err).toBe(
    "nsatlas: Not everything could be seen: nsatlas doctor says what is missing and what would show it.\n",
  );
  expect((await ask(partly, ["list"])).err).toBe("");
  expect((await ask(seen, ["list"], { isWatched: true })).err).toBe("");
});
