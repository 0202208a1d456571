import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

const BOOT = "11111111-2222-3333-4444-555555555555";
const host = (nth: number): Snapshot => {
  const { viewpoint, ...base } = snapshot({
    namespaces: [namespace("net", nth)],
    processes: [process(nth, { namespaces: { net: idOf(nth) } })],
  });
  return { ...base, viewpoint: { ...viewpoint, bootId: BOOT.replace("1", String(nth)) } };
};

test("one question over the snapshots of a folder, or of several files", async () => {
  using folder = temporaryFolder();
  const files = [2, 3].map((nth) => join(folder.path, `host${nth}.json`));
  for (const [nth, file] of files.entries()) writeFileSync(file, encodeSnapshot(host(nth + 2)));
  const words = ["list", "-n", "-r", "-o", "NS,TYPE"];

  const both = await runProgram([...words, "--from", folder.path]);
  expect(both).toEqual({
    exit: 0,
    out: `==> host2 (${BOOT.replace("1", "2")}) <==\n2 net\n==> host3 (${BOOT.replace("1", "3")}) <==\n3 net\n`,
    err: "",
  });
  expect(await runProgram([...words, ...files.flatMap((file) => ["--from", file])])).toEqual(both);

  const { hosts } = JSON.parse((await runProgram(["list", "-o", "NS,TYPE", "--json", "--from", folder.path])).out);
  expect(hosts).toMatchObject([
    { host: "host2", bootId: BOOT.replace("1", "2"), answer: { namespaces: [{ ns: 2, type: "net" }] } },
    { host: "host3", answer: { namespaces: [{ ns: 3, type: "net" }] } },
  ]);
  expect((await runProgram(["list", "--from", files[0] ?? "", "-P"])).out).toBe("");
  expect((await runProgram(["list", "--from", folder.path, "--world", "x"])).exit).toBe(2);
});
