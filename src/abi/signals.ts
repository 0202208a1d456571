/** Signals by name, the same on x86-64 and arm64. Source: asm-generic/signal.h, signal(7). */
export const SIGNALS = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
} as const;

/** Other names of the same. */
const ALIASES: readonly (readonly [string, number])[] = [
  ["SIGIOT", SIGNALS.SIGABRT],
  ["SIGCLD", SIGNALS.SIGCHLD],
  ["SIGPOLL", SIGNALS.SIGIO],
];
/** As the C library leaves them to programs: it keeps 32 and 33. */
const SIGRTMIN = 34;
const SIGRTMAX = 64;
const BY_NAME: ReadonlyMap<string, number> = new Map<string, number>([...Object.entries(SIGNALS), ...ALIASES]);
const REAL_TIME = /^(?:SIG)?RT(?:(MIN)(?:\+(\d{1,2}))?|(MAX)(?:-(\d{1,2}))?)$/;

/** The number of a signal that is written as kill(1) takes it: `9`, `KILL`, `SIGKILL`, `RTMIN+3`; undefined: there is none. */
export function signalNumber(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return within(Number(text), 1);
  const word = text.toUpperCase();
  const [, low, above = 0, high, below = 0] = REAL_TIME.exec(word) ?? [];
  if (low !== undefined) return within(SIGRTMIN + Number(above), SIGRTMIN);
  if (high !== undefined) return within(SIGRTMAX - Number(below), SIGRTMIN);
  return BY_NAME.get(word) ?? BY_NAME.get(`SIG${word}`);
}
const within = (number: number, least: number): number | undefined =>
  number >= least && number <= SIGRTMAX ? number : undefined;
