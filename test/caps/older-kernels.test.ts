import { describe, expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { CAPABILITIES, capBit, type Capability } from "../../src/abi/capabilities.ts";
import { can, type CanQuestion } from "../../src/caps/can.ts";
import type { Verdict } from "../../src/caps/power.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";

const FIRST = NAMESPACE_KINDS.user.initialInode;
const [IPC, NET] = [21, 22];

interface Somebody {
  readonly uid: number;
  readonly has: readonly Capability[];
}

/** A machine with a kernel of that release, and one process. */
function machineOf(release: string, { uid, has }: Somebody): SnapshotIndex {
  const set = has.reduce((all, one) => all | capBit(one), 0n);
  const text = set.toString(16).padStart(16, "0");
  const ids = { real: uid, effective: uid, saved: uid, fs: uid };
  const capabilities = { inheritable: "0".repeat(16), permitted: text, effective: text };
  const { viewpoint } = snapshot();
  return indexSnapshot(
    snapshot({
      viewpoint: {
        ...viewpoint,
        kernel: { ...viewpoint.kernel, release },
        namespaces: { user: idOf(FIRST) },
      },
      namespaces: [
        namespace("user", FIRST),
        namespace("ipc", IPC, { owner: FIRST }),
        namespace("net", NET, { owner: FIRST }),
      ],
      processes: [
        process(1, {
          uid,
          namespaces: { user: idOf(FIRST), ipc: idOf(IPC), net: idOf(NET) },
          status: { uid: ids, gid: ids, groups: [], threads: 1, capabilities, noNewPrivs: false },
        }),
      ],
    }),
  );
}

function verdict(index: SnapshotIndex, question: CanQuestion): Verdict {
  const [process] = index.snapshot.processes;
  const answer = process === undefined ? undefined : can(index, { process }, question);
  if (answer === undefined || "wanted" in answer) throw new Error("no answer");
  return answer.verdict;
}

const SYSCTLS = new Map([
  ["kernel/dmesg_restrict", "1\n"],
  ["kernel/perf_event_paranoid", "2\n"],
]);
const ask = (operation: "kernel-log" | "perf" | "bpf"): CanQuestion => ({ operation, sysctls: SYSCTLS });
const write = (sysctl: string): CanQuestion => ({ operation: "write-sysctl", resource: { sysctl, mode: 0o644 } });
const alone = (...has: Capability[]): Somebody => ({ uid: 1000, has });
const rootWithout = (one: Capability): Somebody => ({ uid: 0, has: CAPABILITIES.filter((other) => other !== one) });

describe("an answer is the kernel's whose machine was looked at", () => {
  test.each([
    // who                            asks                       on        and it is    on        and it is
    [alone("CAP_SYS_ADMIN"), ask("kernel-log"), "6.8.12", "yes", "6.9", "no"],
    [alone("CAP_SYSLOG"), ask("kernel-log"), "5.10.223", "yes", "6.9", "yes"],
    [alone("CAP_PERFMON"), ask("perf"), "5.7", "no", "5.8", "yes"],
    [alone("CAP_BPF"), ask("bpf"), "5.7", "no", "5.8", "yes"],
    [rootWithout("CAP_NET_ADMIN"), write("net.ipv4.ip_forward"), "5.14.21", "yes", "5.15", "no"],
    [alone("CAP_CHECKPOINT_RESTORE"), write("kernel.msg_next_id"), "5.15", "no", "5.16", "yes"],
    [{ uid: 0, has: [] }, write("kernel.msg_next_id"), "5.15", "yes", "5.16", "no"],
  ] as const)("%j %j: on Linux %s %s, on %s %s", (who, question, older, then, newer, now) => {
    expect([verdict(machineOf(older, who), question), verdict(machineOf(newer, who), question)]).toEqual([then, now]);
  });

  test("Debian's kernels may ask for more than CAP_PERFMON where perf_event_paranoid is above 2, and nobody is told", () => {
    const shut: CanQuestion = { operation: "perf", sysctls: new Map([["kernel/perf_event_paranoid", "3\n"]]) };
    expect(verdict(machineOf("6.18", alone("CAP_PERFMON")), shut)).toBe("unknown");
    expect(verdict(machineOf("6.18", alone("CAP_SYS_ADMIN")), shut)).toBe("yes");
    expect(verdict(machineOf("6.18", alone()), shut)).toBe("no");
  });
});
