import { readFileSync, readlinkSync } from "node:fs";
import { parseStatus } from "../../procfs/status.ts";
import { readlink, type Caller } from "./holder-calls.ts";
import { outcomeOf } from "./outcome-of.ts";

/** The pid namespaces that a process has a number in, outermost first, by their links. */
export type PidPath = readonly string[];

/** Above every pid_max. */
export const NO_SUCH_PID = 0x7fffffff;

/** Which number one process has for another: the kernel shows us only our own numbers, and the list of each process's. */
export class PidViews {
  readonly #known = new Map<string, PidPath>();

  /**
   * The path of a new process. The first process of a pid namespace is number 1 there, and the namespace lies below its
   * maker's; whoever has another number came to where somebody was before. As an ordinary user we may not look at one
   * that is not dumpable: it looks itself.
   */
  enter(by: Caller, maker: PidPath): PidPath {
    const pid = by.holder.tid;
    const seen = outcomeOf(() => readlinkSync(`/proc/${pid}/ns/pid`));
    const link = seen.ok ? seen : readlink(by, "/proc/thread-self/ns/pid");
    const numbers = nsPids(pid);
    const isFirst = numbers.length > 1 && numbers.at(-1) === 1;
    const own = link.ok ? link.value : `that of ${pid}`;
    const path =
      isFirst || maker.length === 0
        ? [...maker, own]
        : (this.#known.get(own) ?? this.#latestBelow(maker, numbers.length) ?? maker);
    if (link.ok || isFirst) this.#known.set(own, path);
    return path;
  }

  /** Below another root nobody finds the link: the last namespace made so deep below the maker's is the likeliest. */
  #latestBelow(maker: PidPath, depth: number): PidPath | undefined {
    const paths = [...this.#known.values()];
    return paths.findLast((path) => path.length === depth && maker.every((ns, level) => path[level] === ns));
  }

  /** The number of a process (`pid` to us) as one with the path `mine` sees it; one that nobody has where it sees none. */
  numberFor(mine: PidPath, { pid, path }: { readonly pid: number; readonly path: PidPath }): number {
    const visible = mine.every((ns, level) => path[level] === ns);
    if (!visible) return NO_SUCH_PID;
    // It may go while we ask: who waits for it is somebody else.
    const numbers = outcomeOf(() => nsPids(pid));
    return (numbers.ok ? numbers.value[mine.length - 1] : undefined) ?? NO_SUCH_PID;
  }
}

/** A process's numbers, from our own pid namespace downwards. */
export function nsPids(pid: number): readonly number[] {
  const status = parseStatus(readFileSync(`/proc/${pid}/status`, "latin1"));
  return (status.ok ? status.value.nsPid : undefined) ?? [pid];
}
