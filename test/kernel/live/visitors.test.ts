import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { OwnedFd } from "../../../src/kernel/live/fd.ts";
import * as calls from "../../../src/kernel/live/holder-calls.ts";
import { nsFile } from "../../../src/kernel/live/ns-file.ts";
import { Visitors } from "../../../src/kernel/live/visitors.ts";
import type { NsFile } from "../../../src/kernel/observer.ts";
import { parseStatus } from "../../../src/procfs/status.ts";
import { ok } from "../../../src/rules/outcome.ts";
import { needs } from "../../support/needs.ts";
import { theAddon } from "../../support/the-addon.ts";

function fileOf(path: string): NsFile {
  const opened = nsFile(new OwnedFd(openSync(path, "r")), theAddon());
  if (!opened.ok) throw new Error(opened.errno);
  return opened.value;
}

/** A process in new namespaces, ended by whoever is given it. */
async function box(...flags: string[]) {
  const child = spawn("unshare", [...flags, "sh", "-c", "echo ready; exec sleep 60"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  return { pid: child.pid ?? 0, [Symbol.dispose]: () => void child.kill("SIGKILL") };
}

describe("whoever enters a namespace", needs("root", "native", "user-namespaces", "package:util-linux"), () => {
  test.each(["net", "uts", "ipc", "cgroup", "user", "mnt"] as const)(
    "%s has no power in there, cannot gain any, and nobody may look into it",
    async (kind) => {
      using other = await box("-Ur", "-n", "-u", "-i", "-C", "-m");
      using file = fileOf(`/proc/${other.pid}/ns/${kind}`);
      using visitors = new Visitors(theAddon());
      const told = visitors.visit({ to: file, kind }, (by) => {
        const folder = `/proc/${by.holder.pid}`;
        const status = parseStatus(readFileSync(`${folder}/status`, "latin1"));
        if (!status.ok) throw new Error("no status");
        const { capabilities, noNewPrivs } = status.value;
        const { effective, permitted, inheritable, ambient } = capabilities;
        expect([effective, permitted, inheritable, ambient ?? 0n]).toEqual([0n, 0n, 0n, 0n]);
        expect(noNewPrivs).toBe(true);
        expect(calls.prctl(by, PR_GET_DUMPABLE)).toEqual(ok(0));
        expect(readlinkSync(`${folder}/ns/${kind}`)).toBe(readlinkSync(`/proc/${other.pid}/ns/${kind}`));
        // Nothing is open in it but what it needs to be asked.
        expect(calls.setns(by, 0, 0).ok).toBe(false);
        return ok(by.holder.pid);
      });
      if (!told.ok) throw new Error(told.errno);
      // It ended with the visit.
      expect(() => statSync(`/proc/${told.value}`)).toThrow("ENOENT");
    },
  );

  test("is ended after the time limit, where a call does not come back", async () => {
    using other = await box("-n");
    using file = fileOf(`/proc/${other.pid}/ns/net`);
    using visitors = new Visitors(theAddon());
    let pid = 0;
    const began = performance.now();
    const told = visitors.visit({ to: file, kind: "net" }, (by) => {
      pid = by.holder.pid;
      // A socket that nothing is ever sent to.
      const socket = calls.socket(by, AF_UNIX, SOCK_DGRAM);
      return socket.ok ? calls.recvfrom(by, socket.value, 16, 0) : socket;
    });
    expect(told).toMatchObject({ ok: false, errno: "ETIMEDOUT" });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(() => statSync(`/proc/${pid}`)).toThrow("ENOENT");
  });
});

const PR_GET_DUMPABLE = 3;
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
