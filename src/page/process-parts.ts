import { PROCESS_LABELS } from "../messages/page.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import { programOf } from "../render/held-by.ts";
import type { Ids, ProcessRecord } from "../snapshot/types.ts";

/** A label and what stands beside it, a line each. */
interface Row {
  readonly label: string;
  readonly lines: readonly string[];
}

/** What a snapshot says of a process, but for its namespaces; what was not read has no row. */
export function processParts(process: ProcessRecord, language: Language): Row[] {
  const { pid, ppid, uid, comm, cgroup, status, zombie, kernelThread } = process;
  const row = (label: keyof typeof PROCESS_LABELS, ...lines: readonly (string | undefined)[]): Row => ({
    label: PROCESS_LABELS[label][language],
    lines: lines.filter((line) => line !== undefined),
  });
  const numbers = status?.numbers ?? [];
  return [
    row("pid", String(pid), numbers.length > 1 ? numbers.join(" → ") : undefined),
    row("parent", ppid === 0 ? undefined : String(ppid)),
    row("name", safeText(comm)),
    row("state", zombie ? PROCESS_LABELS.zombie[language] : kernelThread ? PROCESS_LABELS.kernel[language] : undefined),
    row("command", process.commandLine === undefined ? undefined : programOf(process, "utf-8")),
    row("uid", status === undefined ? String(uid) : idsText(status.uid)),
    row("gid", status && idsText(status.gid)),
    row("effective", status?.capabilities.effective),
    row("permitted", status?.capabilities.permitted),
    row("cgroup", cgroup === undefined ? undefined : safeText(cgroup)),
  ].filter(({ lines }) => lines.length > 0);
}

/** One number where all are alike, else real, effective, saved and that of files. */
function idsText({ real, effective, saved, fs }: Ids): string {
  const all = [real, effective, saved, fs];
  return new Set(all).size === 1 ? String(real) : all.join(" ");
}
