import { CONSTANTS } from "../abi/constants.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { errnoName } from "../abi/errnos.ts";
import { runActs, stepsOfActs, type RunAct } from "../enter/run-acts.ts";
import { runRow } from "../enter/run-refusal.ts";
import type { Offset, RunWish } from "../enter/run-wish.ts";
import type { Step } from "../enter/step.ts";
import { nsFile } from "../kernel/live/ns-file.ts";
import type { Native } from "../kernel/live/native.ts";
import type { Namespace } from "../library/namespace.ts";
import { namespaceFrom } from "../library/namespaces.ts";
import { needNative } from "../library/native-half.ts";
import { OwnedFile, type Asking } from "../library/owned-file.ts";
import { refusedCall } from "../library/refused-call.ts";
import { observeThisMachine } from "../library/this-machine.ts";
import { CREATE_HINTS, RUN_HINTS } from "../messages/run.ts";
import type { Language } from "../messages/sentence.ts";
import type { IdExtent } from "../procfs/id-map.ts";
import type { Standing } from "./command-way.ts";
import { Envoy } from "./envoy.ts";
import { openInside, type HeldHere, type Opened } from "./open-inside.ts";

/** The kinds that live by a descriptor alone. A pid namespace lives by its first process: `nsatlas run --pid` makes one. */
export type CreatedKind = Exclude<NamespaceKind, "pid">;

/** How ids inside are numbered outside, in lines of /proc/PID/uid_map. */
export type Extent = IdExtent;

export interface CreateOptions {
  /** Which to make. */
  readonly kinds: readonly CreatedKind[];
  /** An existing user namespace that shall own them: it is joined first. Without it, and without "user", it is the caller's. */
  readonly owner?: Namespace<"user"> | string;
  /**
   * The maps of a new user namespace. "root": the caller is 0 inside, and nobody else is there, which takes no privileges;
   * lists of extents take CAP_SETUID and CAP_SETGID outside (without them newuidmap(1) and newgidmap(1) are asked).
   * "root" where it is not given; "none": left for others to write.
   */
  readonly maps?: "root" | "none" | { readonly uid: readonly Extent[]; readonly gid: readonly Extent[] };
  /** Of a new uts namespace; at most 64 bytes. */
  readonly hostname?: string;
  readonly domainname?: string;
  /** Of a new time namespace: what its clocks are ahead of ours. */
  readonly offsets?: { readonly monotonic?: Offset; readonly boottime?: Offset };
  /** How mounts of a new mount namespace and ours hear of each other; "private" where it is not given: not at all. */
  readonly propagation?: "private" | "slave" | "shared" | "unchanged";
  /** Rejects with an AbortError. */
  readonly signal?: AbortSignal;
  /** The language of errors; English where it is not given. */
  readonly language?: Language;
}

/** The namespaces that were made, each held open, by kind. Ending it ends all of them. */
export type Created<K extends CreatedKind = CreatedKind> = { readonly [One in K]: Namespace<One> } & Disposable &
  AsyncDisposable;

const PROPAGATION = { private: CONSTANTS.MS_PRIVATE, slave: 1 << 19, shared: 1 << 20 } as const;
const LIMIT_MS = 10_000;

/**
 * Makes namespaces and gives them as open handles, which alone keep them alive: the process that made them has ended by
 * then. The program stays in its own.
 *
 *     using made = await createNamespaces({ kinds: ["user", "net"] });
 *     await execIn([made.user, made.net], "ip", ["link", "set", "lo", "up"]);
 *
 * An ordinary user makes "user" with the rest, which that one then owns. SyscallError: EPERM of unshare: no privileges, and
 * no "user"; ENOSPC: a limit of /proc/sys/user, or 33 levels; EPERM, EINVAL of write: the map is not allowed, or is none
 * (`subject` says which file); EPERM of sethostname; ERANGE of timens_offsets. Since Linux 3.8; "cgroup" 4.6, "time" 5.6.
 * Source: unshare(2), user_namespaces(7), time_namespaces(7).
 */
export async function createNamespaces<const K extends CreatedKind>(
  options: CreateOptions & { readonly kinds: readonly K[] },
): Promise<Created<K>>;
export async function createNamespaces(options: CreateOptions): Promise<Created> {
  const { kinds, owner, signal, language = "en" } = options;
  checkKinds(options);
  signal?.throwIfAborted();
  const native = needNative("createNamespaces");
  const asking = { observer: observeThisMachine("/proc", language), language };
  // In the owner it is 0, as whoever runs a command there.
  const standing: Standing = owner === undefined ? { uid: "keep", gid: "keep", groups: "keep" } : {};
  const opened = owner === undefined ? nowhere() : openInside({ user: owner }, native, asking);
  const envoy = new Envoy(native, opened, standing, asking, () => {}, makingSteps(options));
  const made: Partial<Record<NamespaceKind, Namespace>> = {};
  const end = (): void => {
    for (const one of Object.values(made)) one[Symbol.dispose]();
  };
  try {
    for (const kind of kinds) {
      signal?.throwIfAborted();
      // A process is in a time namespace of its own only with its children.
      const path = kind === "time" ? "time_for_children" : kind;
      const brought = await envoy.ask({ ask: "namespace", path }, { subject: kind, limitMs: LIMIT_MS });
      if (!("fd" in brought)) throw new TypeError("no descriptor came");
      made[kind] = handleOf(kind, brought.fd, native, asking);
    }
    signal?.throwIfAborted();
  } catch (error) {
    end();
    throw error;
  } finally {
    await envoy.close();
  }
  // Each kind that was asked for is there.
  return { ...made, [Symbol.dispose]: end, [Symbol.asyncDispose]: async () => end() } as Created;
}

function checkKinds({ kinds, maps, hostname, domainname, offsets }: CreateOptions): void {
  const has = (kind: string): boolean => kinds.some((one) => one === kind);
  if (kinds.length === 0) throw new TypeError("no kind was named");
  if (has("pid")) throw new TypeError("a pid namespace lives by its first process, and none is left here");
  if (maps !== undefined && !has("user")) throw new TypeError("maps are those of a new user namespace");
  if ((hostname ?? domainname) !== undefined && !has("uts"))
    throw new TypeError("names are those of a new uts namespace");
  if (offsets !== undefined && !has("time")) throw new TypeError("offsets are those of a new time namespace");
}

function handleOf(kind: NamespaceKind, fd: Parameters<typeof nsFile>[0], native: Native, asking: Asking): Namespace {
  const file = nsFile(fd, native);
  if (file.ok) return namespaceFrom(new OwnedFile(kind, file.value, asking));
  throw refusedCall({ code: file.errno, syscall: "fstat", subject: kind }, asking.language);
}

const nowhere = (): Opened => ({
  held: new Map<NamespaceKind, HeldHere>(),
  target: undefined,
  [Symbol.dispose]: () => {},
});

/** What comes once the owner was joined, as `run` has it, and the error for a step that fails. */
function makingSteps(options: CreateOptions): {
  readonly steps: readonly Step[];
  readonly refused: (step: Step, errno: number) => Error;
} {
  const { kinds, maps = "root", hostname, domainname, offsets, propagation = "private", language = "en" } = options;
  const has = (kind: NamespaceKind): boolean => kinds.some((one) => one === kind);
  const isJoined = options.owner !== undefined;
  const [uid = 0, gid = 0] = isJoined ? [] : [process.geteuid?.(), process.getegid?.()];
  const lists = typeof maps === "object" ? maps : undefined;
  const own = maps === "root" && has("user") ? 0 : undefined;
  const wish: RunWish = {
    kinds: new Map(kinds.map((kind) => [kind, undefined])),
    caller: { uid, gid },
    maps: { uids: lists?.uid, gids: lists?.gid, uid: own, gid: own },
    owner: undefined,
    setgroups: undefined,
    fork: undefined,
    propagation: propagation === "unchanged" || !has("mnt") ? 0 : PROPAGATION[propagation] | CONSTANTS.MS_REC,
    mountProc: undefined,
    mountBinfmt: undefined,
    root: undefined,
    folder: undefined,
    uid: undefined,
    gid: undefined,
    keepCaps: false,
    noNewPrivs: false,
    monotonic: offsets?.monotonic,
    boottime: offsets?.boottime,
  };
  const acts = runActs(wish);
  const actOf = new Map<Step, RunAct>();
  const note = (all: readonly RunAct[], steps: readonly Step[]): void => {
    for (const [nth, one] of all.entries()) {
      const step = steps[nth];
      if (step !== undefined) actOf.set(step, one);
      if (one.step.do === "helper" && step?.do === "helper") note(one.step.acts, step.steps);
    }
  };
  const made = stepsOfActs(acts, () => undefined);
  note(acts, made);
  // Whoever joins cannot be looked into, and its files under /proc are root's: it writes its own maps there.
  const readable: Step = { do: "prctl", option: CONSTANTS.PR_SET_DUMPABLE, args: [1, 0, 0, 0] };
  const steps: Step[] = isJoined && has("user") ? [readable, ...made] : [...made];
  if (hostname !== undefined) steps.push({ do: "hostname", name: hostname });
  if (domainname !== undefined) steps.push({ do: "domainname", name: domainname });
  const refused = (step: Step, errno: number): Error => {
    const known = actOf.get(step);
    const call =
      step.do === "hostname" || step.do === "domainname" ? { syscall: `set${step.do}`, subject: step.name } : undefined;
    const { syscall, subject } = call ?? { syscall: known?.call ?? step.do, subject: known?.subject ?? "nsatlas" };
    const code = errnoName(errno);
    const row = known && runRow(known, code, wish.kinds);
    const hint = row && (CREATE_HINTS[row.hint] ?? RUN_HINTS[row.hint])[language];
    return refusedCall({ code, syscall, subject, rule: row?.reason, hint }, language);
  };
  return { steps, refused };
}
