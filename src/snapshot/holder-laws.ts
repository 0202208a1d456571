import { LINKS } from "../abi/proc-links.ts";
import { FORMAT_ISSUES } from "../messages/format-issues.ts";
import { issueAt, type Issue, type Path } from "./issue.ts";
import type { DescriptorRecord, ProcessRecord, ThreadRecord } from "./types.ts";

type Processes = ReadonlyMap<number, ProcessRecord>;

/** A thread is of a process that has a record, is not its leader, and is told for what tells them apart. */
export function* threadIssues(thread: ThreadRecord, at: Path, processes: Processes): Generator<Issue> {
  const { pid, tid, namespaces } = thread;
  const leader = processes.get(pid);
  if (leader === undefined) yield issueAt([...at, "pid"], FORMAT_ISSUES["unknown-process"], { pid });
  if (tid === pid) yield issueAt([...at, "tid"], FORMAT_ISSUES["leader-is-no-thread"], {});
  for (const link of LINKS) {
    const id = namespaces[link];
    if (id === undefined || id !== leader?.namespaces[link]) continue;
    yield issueAt([...at, "namespaces", link], FORMAT_ISSUES["thread-like-its-process"], {});
  }
}

/** A descriptor is of a process that has a record; one that is told for nothing that it holds is none. */
export function* descriptorIssues(descriptor: DescriptorRecord, at: Path, processes: Processes): Generator<Issue> {
  const { pid } = descriptor;
  if (!processes.has(pid)) yield issueAt([...at, "pid"], FORMAT_ISSUES["unknown-process"], { pid });
  const { what, namespace } = descriptor;
  if (what === "socket" && namespace === undefined && descriptor.inFlight === undefined) {
    yield issueAt(at, FORMAT_ISSUES["socket-without-cause"], {});
  }
  if (what === "pidfd" && namespace !== undefined && typeof descriptor.target === "string") {
    yield issueAt([...at, "namespace"], FORMAT_ISSUES["target-without-number"], {});
  }
}
