import { taskName, type Call, type TaskName, type Value } from "../kernel/call.ts";
import { followLink } from "../kernel/model/descriptors.ts";
import type { ProcLink } from "../abi/proc-links.ts";
import { CONSTANTS } from "../abi/constants.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { namespaceOf } from "../kernel/model/view.ts";
import { NSFS_HANDLE_BYTES, type FileHandle } from "../rules/file-handle.ts";
import { Draft } from "../kernel/model/draft.ts";
import { step } from "../kernel/model/step.ts";
import type { FileTarget, NsKey, Task, World } from "../kernel/model/world.ts";
import { ok, refused, type Outcome, type Refused } from "../rules/outcome.ts";
import { changesOf, NO_CHANGES, type Changes } from "./changes.ts";
import { Fault, type Word } from "./fault.ts";
import type { Request } from "./grammar.ts";
import type { Lookup } from "./calls/form.ts";
import { EvidenceMissing, type Assumption, type Missing } from "./seen/evidence.ts";
import { checkOutcome, checkSight, insideOf, isBeyond, leavesAll } from "./seen/check.ts";
import { findProcess, Labels, processNumbered } from "./processes.ts";
import type { FileReference } from "./references.ts";
import type { Situation } from "./situation.ts";

/** One call, what it gave and what it changed. */
export interface Answered {
  readonly by: TaskName;
  readonly text: string;
  readonly call: Call | undefined;
  /** Undefined: it cannot be told, for want of `missing`. */
  readonly outcome: Outcome<Value> | undefined;
  readonly missing?: Missing;
  /** What the answer takes for granted. */
  readonly assumed: readonly Assumption[];
  /** A number that nobody can foretell: a new descriptor's, process's or namespace's in a world that was not built here. */
  readonly isNew: boolean;
  /** The link that could not be opened, so that the call itself was not made. */
  readonly notOpened?: string;
  /** What the descriptor leads to that the call gave. */
  readonly opened?: FileTarget;
  readonly changes: Changes;
  /** The file that the call was made on, where it was no descriptor of the caller's. */
  readonly on?: Lent;
  /** The namespaces that the call made, and a link that leads to each. */
  readonly made: readonly { readonly name: string; readonly of: TaskName; readonly link: ProcLink }[];
}

/** A namespace that the caller is passed for a call, or a link that it opens. */
export type Lent =
  | { readonly is: "namespace"; readonly name: string }
  | { readonly is: "link"; readonly of: TaskName; readonly link: ProcLink };

/** All answers, and the world behind the last call. */
export interface CarriedOut {
  readonly answers: readonly Answered[];
  readonly world: World;
}

/** The descriptor under which a process is passed a namespace's file for one call: far from those it opens itself. */
const LENT = 1_000_000;
/** The first process of the machine: it makes no calls. */
const PROCESS_ONE = "init";

/** Makes calls in order; `as` makes those that name nobody. Names new namespaces. Throws a `Fault` for a name unknown then. */
export function carryOut(situation: Situation, requests: readonly Request[], as: TaskName): CarriedOut {
  let { world } = situation;
  const { names, evidence } = situation;
  // The call from which on it is unknown what there is.
  let lost: number | undefined;
  const labels = new Labels(world);
  const answers = requests.map((request, nth): Answered => {
    const by = callerOf(world, request, as, labels);
    const told = { by: by.name, text: request.text };
    const nothing = { call: undefined, outcome: undefined, isNew: false, assumed: [], changes: NO_CHANGES, made: [] };
    if (lost !== undefined) return { ...told, ...nothing, missing: { what: "before", of: String(lost + 1) } };
    let call: Call | undefined;
    try {
      if (evidence !== undefined) evidence.begin(insideOf(world, by, evidence));
      const made = (one: Call): void => void (call = one);
      const answered = answer(world, { ...situation, world, by: by.name, made, labels }, request);
      const { outcome, notOpened, opened, on } = answered;
      const changes = outcome.ok ? changesOf(world, answered.world, by.name) : NO_CHANGES;
      for (const { key, kind } of changes.appeared) names.invent(key, kind, request.makes?.text ?? by.name);
      for (const name of changes.started) labels.add(name);
      world = answered.world;
      return {
        ...told,
        call,
        outcome,
        assumed: evidence?.assumed ?? [],
        isNew: evidence !== undefined && outcome.ok && (opened !== undefined || isBeyond(call, outcome.value)),
        ...(notOpened !== undefined && { notOpened }),
        ...(opened !== undefined && { opened }),
        ...(on !== undefined && { on }),
        made: changes.appeared.map(({ key, kind }) => {
          const led = changes.links.find(({ to }) => to === key);
          return { name: names.of(key), of: led?.process ?? by.name, link: led?.link ?? kind };
        }),
        changes,
      };
    } catch (error) {
      if (!(error instanceof EvidenceMissing)) throw error;
      if (call === undefined ? request.on?.is !== "link" : !leavesAll(call)) lost = nth;
      return { ...told, ...nothing, call, missing: error.missing };
    }
  });
  return { answers, world };
}

/** Whoever makes a call has to be alive, and not to wait. */
function callerOf(world: World, { by, name }: Request, as: TaskName, labels: Labels): Task {
  const word = by ?? { ...name, text: as };
  const task = findProcess(world, word, labels);
  if (task.name === PROCESS_ONE) throw new Fault("outside", word);
  if (task.memberships === undefined) throw new Fault("ended", word);
  if (task.resources === undefined) throw new Fault("kernel-thread", word);
  if (task.waitsFor !== undefined) throw new Fault("waiting", word);
  return task;
}

/** How a caller's own files under /proc are named. */
const OWN = new Set(["", "self", "thread-self"]);

interface Made {
  readonly world: World;
  readonly outcome: Outcome<Value>;
  readonly call?: Call;
  readonly notOpened?: string;
  readonly opened?: FileTarget;
  readonly on?: Lent;
}

interface Asking extends Situation {
  readonly by: TaskName;
  /** Is told the call as soon as it is known. */
  readonly made: (call: Call) => void;
  readonly labels: Labels;
}

function answer(world: World, { made: tell, by, labels, ...situation }: Asking, request: Request): Made {
  const { names, evidence } = situation;
  const look: Lookup = {
    process: (word) => (OWN.has(word.text) ? by : findProcess(world, word, labels).name),
    numbered: (number) => processNumbered(world, world.tasks.get(by)?.pid, number)?.name,
    handle: (word) => handleOf(world, namespaceNamed(word)),
  };
  if (request.makes !== undefined && world.tasks.has(taskName(request.makes.text))) {
    throw new Fault("taken", request.makes);
  }
  const { on } = request;
  if (on === undefined) return made(world, request.call(look, -1));
  if (on.is === "descriptor") return made(world, request.call(look, on.fd));
  const target = on.is === "link" ? openedLink(world, by, look.process(on.of), on) : ok(namespaceNamed(on.name));
  const given: Lent =
    on.is === "link" ? { is: "link", of: look.process(on.of), link: on.link } : { is: "namespace", name: on.name.text };
  if (!target.ok) return { world, outcome: target, notOpened: linkText(on), on: given };
  const lent = lend(world, by, target.value);
  const answered = made(lent, request.call(look, LENT));
  const [after] = step(answered.world, by, { op: "close", fd: LENT });
  return { ...answered, on: given, world: answered.outcome.ok ? after : world };

  function made(start: World, call: Call): Made {
    tell(call);
    if (evidence !== undefined) checkSight({ ...situation, world: start, evidence }, by, call);
    const [after, outcome] = step(start, by, call);
    if (evidence !== undefined) checkOutcome(situation, by, call, outcome);
    const opened = outcome.ok && typeof outcome.value === "number" ? fileOf(start, after, outcome.value) : undefined;
    return { world: after, outcome, call, ...(opened !== undefined && { opened }) };
  }
  function fileOf(before: World, after: World, fd: number): FileTarget | undefined {
    const had = descriptorsOf(before, by)?.get(fd);
    const file = descriptorsOf(after, by)?.get(fd);
    return had === undefined && file !== undefined ? after.files.get(file)?.target : undefined;
  }
  function namespaceNamed(word: Word): NsKey {
    const key = names.key(word.text);
    if (key !== undefined && world.namespaces.has(key)) return key;
    throw new Fault("unlike", word, { expected: "namespace", candidates: names.in(world) });
  }
}

const linkText = (on: FileReference): string => (on.is === "link" ? `${on.of.text}/${on.link}` : "");

/** The caller opens the link before the call and closes it behind it. */
function openedLink(
  world: World,
  by: TaskName,
  of: TaskName,
  { link }: { readonly link: Parameters<typeof followLink>[2]["link"] },
): Outcome<NsKey> {
  const caller = world.tasks.get(by);
  const gone: Refused = refused("ENOENT", "no-such-process");
  return caller === undefined ? gone : followLink(world, caller, { of, link, proc: world.initial.pid });
}

/** What name_to_handle_at(2) gives. */
function handleOf(world: World, key: NsKey): FileHandle {
  const { kind, inode, uniqueId } = namespaceOf(world, key);
  const nsType = NAMESPACE_KINDS[kind].flag;
  return { bytes: NSFS_HANDLE_BYTES, type: CONSTANTS.FILEID_NSFS, id: uniqueId, nsType, inode };
}

const descriptorsOf = (world: World, name: TaskName) => {
  const table = world.tasks.get(name)?.resources?.table;
  return table === undefined ? undefined : world.tables.get(table)?.descriptors;
};

/** The same world, with the file of a namespace passed to a process. */
function lend(world: World, to: TaskName, namespace: NsKey): World {
  const draft = new Draft(world);
  const { resources } = draft.task(to);
  if (resources === undefined) return world;
  const { descriptors } = draft.tables.get(resources.table);
  const file = draft.openFile({
    target: { type: "namespace", namespace },
    flags: 0,
    opener: draft.task(to).credentials.user,
  });
  draft.tables.change(resources.table, { descriptors: descriptors.set(LENT, file) });
  return draft.world();
}
