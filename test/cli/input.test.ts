import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import { needs } from "../support/needs.ts";
import { idOf, namespace, process as processOf, snapshot } from "../support/small-snapshot.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROGRAMS, self } from "../support/viewers.ts";

const text = encodeSnapshot(
  snapshot({ namespaces: [namespace("uts", 1)], processes: [processOf(7, { namespaces: { uts: idOf(1) } })] }),
);

describe("--from", needs("linux"), () => {
  test("reads standard input", async () => {
    const { code, stdout, stderr } = await self.nsatlas(["list", "-n", "-o", "NS,PID", "--from", "-"], { stdin: text });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.trim().split(/ +/)).toEqual(["1", "7"]);
  });
  test("waits for a FIFO's writer", () => {
    using folder = temporaryFolder();
    const fifo = join(folder.path, "fifo");
    execFileSync("mkfifo", [fifo]);
    const line = `(sleep 0.2; cat > '${fifo}') & '${process.execPath}' '${PROGRAMS.nsatlas}' list -n -o PID --from '${fifo}'`;
    // A job in the background reads from /dev/null unless it is told otherwise.
    const stdout = execFileSync("bash", ["-c", `exec 9<&0; ${line.replace("cat >", "cat <&9 >")}`], { input: text });
    expect(stdout.toString().trim()).toBe("7");
  });
  test("ends with the file's errno where it cannot be read", async () => {
    const { code, stderr } = await self.nsatlas(["tree", "--from", "/proc/self/mem", "--json"]);
    expect([code, JSON.parse(stderr).error]).toEqual([4, expect.objectContaining({ code: "EIO", syscall: "read" })]);
  });
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends nsatlas as it ends any program", needs("linux"), async (signal) => {
  const child = spawn(process.execPath, [PROGRAMS.nsatlas, "tree", "--from", "-"], { stdio: ["pipe", "pipe", "pipe"] });
  // It reads its input by then, or is still starting: the signal ends it either way.
  setTimeout(() => child.kill(signal), 200);
  const [code, by]: unknown[] = await once(child, "exit");
  expect([code, by]).toEqual([null, signal]);
});
