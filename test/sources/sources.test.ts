import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";

const LIMIT_MS = 240_000;

test(
  "docs/sources.md is as this machine has it, and each namespace ends when what holds it does what `why` says",
  {
    timeout: LIMIT_MS,
    ...needs(
      "root",
      "native",
      "user-namespaces",
      "kernel:namespace-id",
      "package:gcc",
      "package:libc6-dev",
      "package:util-linux",
    ),
  },
  () => {
    const words = [join(ROOT, "scripts/with-node.cjs"), "sources.js"];
    const { stdout, stderr, status } = spawnSync(process.execPath, words, {
      cwd: ROOT,
      encoding: "utf8",
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    });
    expect({ stdout, stderr: status === 0 ? "" : stderr, status }).toEqual({ stdout: "", stderr: "", status: 0 });
  },
);
