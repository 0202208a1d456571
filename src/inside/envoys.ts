import { needNative } from "../library/native-half.ts";
import { observeThisMachine } from "../library/this-machine.ts";
import type { Language } from "../messages/sentence.ts";
import type { Standing } from "./command-way.ts";
import { Envoy, type Brought } from "./envoy.ts";
import type { Wish } from "./envoy-wire.ts";
import { openInside } from "./open-inside.ts";
import type { Inside } from "./where.ts";

/** Those at work, by where they are: a burst of wishes needs one process. Each holds its namespaces, so no id is used twice. */
const envoys = new Map<string, Envoy>();

export interface Errand {
  /** The function that the program called. */
  readonly call: string;
  readonly wish: Wish;
  readonly subject: string;
  readonly limitMs: number;
  readonly standing: Standing;
  readonly signal?: AbortSignal | undefined;
  readonly language: Language;
}

/** Has somebody in these namespaces see to a wish. What comes after an abort is closed. */
export async function bring(inside: Inside, errand: Errand): Promise<Brought> {
  const { call, wish, subject, limitMs, standing, signal, language } = errand;
  signal?.throwIfAborted();
  const native = needNative(call);
  const asking = { observer: observeThisMachine("/proc", language), language };
  const opened = openInside(inside, native, asking);
  const joined = Array.from(opened.held.values(), ({ kind, file }) => `${kind} ${file.id}`).toSorted();
  const key = JSON.stringify([joined, standing, language]);
  const known = envoys.get(key);
  if (known !== undefined) opened[Symbol.dispose]();
  const envoy = known ?? new Envoy(native, opened, standing, asking, () => envoys.delete(key));
  envoys.set(key, envoy);
  const brought = envoy.ask(wish, { subject, limitMs });
  return signal === undefined ? brought : unlessAborted(brought, signal);
}

async function unlessAborted(brought: Promise<Brought>, signal: AbortSignal): Promise<Brought> {
  const aborted = new AbortController();
  try {
    return await Promise.race([brought, rejectedBy(signal, aborted.signal)]);
  } catch (error) {
    // It is nobody's now.
    if (signal.aborted)
      void brought.then(
        (late) => "fd" in late && late.fd[Symbol.dispose](),
        () => {},
      );
    throw error;
  } finally {
    aborted.abort();
  }
}

/** Rejects when the one signal comes; forgets about it when the other does. */
const rejectedBy = (signal: AbortSignal, done: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const abort = (): void => {
      const { reason }: { reason: unknown } = signal;
      reject(reason instanceof Error ? reason : new Error(String(reason)));
    };
    signal.addEventListener("abort", abort, { once: true, signal: done });
  });
