import { release, version } from "node:os";

/**
 * The running kernel's release, as the rules compare it. Debian up to 12 calls its kernels by the series ("6.1.0-50-amd64") and says
 * only in the version which release of it that is ("#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-10-11)").
 */
export const runningRelease = (): string => releaseIn(version()) ?? release();

const releaseIn = (text: string): string | undefined => /\bDebian (\d+\.\d+\.\d+)/.exec(text)?.[1];
