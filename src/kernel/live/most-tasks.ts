import { readFileSync } from "node:fs";

/**
 * How many threads a /proc can show at most: as many as the kernel has, and as many as got a number in our pid namespace, which
 * in a container are few. (Where numbers have been given away once around, they are thought fewer than they are.) They are the
 * last words of loadavg: "2/4711 4943". 0: it cannot be read; a look at this /proc will say what is wrong with it.
 * Source: proc_loadavg(5), fs/proc/loadavg.c.
 */
export function mostTasksIn(procRoot: string): number {
  try {
    const [, threads, last] = /\/(\d+) (\d+)/.exec(readFileSync(`${procRoot}/loadavg`, "latin1")) ?? [];
    return Math.min(Number(threads ?? 0), Number(last ?? 0));
  } catch {
    return 0;
  }
}
