import { BindMap } from "../bind-map.ts";
import { KINDS, isKind, type NamespaceKind } from "../../../abi/namespace-kinds.ts";
import type { DrawnNamespace } from "../../drawing.ts";
import { NameMap, NumberMap } from "../persistent.ts";
import type { Bind, MapExtent, Namespace, NsKey, PidState, TimeState, UserState, World } from "../world.ts";
import { TextFault } from "./fault.ts";
import type { Places } from "./places.ts";
import { Statement } from "./statement.ts";
import { initialName, Numbers, usualCreator, usualLimits, usuallyLocked, usualMap } from "./usual.ts";
import { listed, offset, oneOf, wholeNumber, yesOrNo } from "./values.ts";

/** A namespace as far as its own lines say it; what follows from tasks and files is filled in behind those. */
export interface ReadNamespace {
  readonly said: Statement;
  readonly initial: Namespace | undefined;
  readonly namespace: Namespace;
}

const UNSHIFTED = { seconds: 0, nanoseconds: 0 };
const NO_TASKS: PidState = { init: "unborn", lastPid: -1, max: 0, tasks: new NumberMap() };
/** Ids and inode numbers are of 64 bits, and as many as a NumberMap has. */
const MOST = 0xffffffff;

export interface NamespaceText {
  readonly drawn: readonly DrawnNamespace[];
  /** The line of each drawn one. */
  readonly lines: ReadonlyMap<string, number>;
  readonly ns: readonly Statement[];
  readonly maps: readonly Statement[];
  readonly booted: World;
}

/** Reads the drawn namespaces and the lines `ns` and `map` about them, and tells `places` of each. */
export function readNamespaces(text: NamespaceText, places: Places): Map<NsKey, ReadNamespace> {
  const { drawn, lines, booted } = text;
  const about = bySubject(text.ns);
  const found = new Map<NsKey, ReadNamespace>();
  const add = (name: string, read: ReadNamespace): void => {
    const { key, kind, parent } = read.namespace;
    if (found.has(key)) throw read.said.wrong("number-taken", { text: `${key}` });
    found.set(key, read);
    places.add(name, { key, kind, parent: kind === "pid" ? parent : undefined });
  };
  for (const kind of KINDS) {
    const initial = booted.namespaces.get(booted.initial[kind]);
    if (initial === undefined) throw new RangeError(`a machine starts without ${kind} namespace`);
    const said = about.get(initialName(kind)) ?? new Statement(0, "ns", initialName(kind), new Map());
    if (said.has("id")) throw said.wrong("no-key", { text: "id", near: "inode" });
    add(initialName(kind), { said, initial, namespace: withState(initial, said, initial) });
  }
  const numbers = new Numbers(booted);
  for (const one of drawn) {
    const { name, kind, by } = one;
    const said = about.get(name) ?? new Statement(lines.get(name) ?? 0, "ns", name, new Map());
    if (one.empty || one.pins !== undefined) throw new TextFault(lines.get(name) ?? 0, "drawing-only", { name });
    const usual = numbers.usual();
    const key = wholeNumber(said, "id", usual.id, { least: 1, most: MOST }) as NsKey;
    const inode = wholeNumber(said, "inode", usual.inode, { least: 1 });
    const device = BigInt(wholeNumber(said, "device", Number(usual.device)));
    numbers.pass({ id: key, device, inode });
    const owner = found.get(places.named(said, one.owner).key)?.namespace;
    const parent = one.parent === undefined ? undefined : found.get(places.named(said, one.parent).key)?.namespace;
    const related = { kind, owner: owner?.key, parent: parent?.key };
    const plain: Namespace = {
      ...{ ...related, key, device, inode, label: undefined },
      creator: by ?? usualCreator(related, (above) => found.get(above)?.namespace),
      uniqueId: BigInt(key),
      level: parent === undefined ? 0 : parent.level + 1,
      ...{ user: undefined, pid: undefined, time: undefined, binds: undefined },
      mountsLocked: said.has("locked") || usuallyLocked(related, booted.initial.user),
    };
    add(name, { said, initial: undefined, namespace: withState(plain, said, undefined) });
  }
  for (const said of text.ns) places.named(said, said.subject);
  readMaps(text.maps, places, found);
  return found;
}

/** A line for each thing. */
export function bySubject(statements: readonly Statement[]): ReadonlyMap<string, Statement> {
  const found = new Map<string, Statement>();
  for (const said of statements) {
    if (found.has(said.subject)) throw said.wrong("said-twice", { text: said.subject });
    found.set(said.subject, said);
  }
  return found;
}

/** What only some kinds have, and keys that only they take. */
function withState(plain: Namespace, said: Statement, initial: Namespace | undefined): Namespace {
  const { kind } = plain;
  for (const key of said.keys()) {
    const only: NamespaceKind | undefined = KEYS_OF.get(key);
    if (only !== undefined && only !== kind) throw said.wrong("other-kind", { text: said.subject, near: only });
  }
  return {
    ...plain,
    device: BigInt(wholeNumber(said, "device", Number(plain.device))),
    inode: wholeNumber(said, "inode", plain.inode, { least: 1 }),
    label: said.raw("label") === "none" ? undefined : (said.text("label") ?? plain.label),
    user: kind === "user" ? userState(plain, said, initial) : undefined,
    pid: kind === "pid" ? NO_TASKS : undefined,
    time: kind === "time" ? timeState(said) : undefined,
    binds: kind === "mnt" ? new BindMap<Bind>() : undefined,
  };
}

const KEYS_OF: ReadonlyMap<string, NamespaceKind> = new Map([
  ...["creator-gid", "setgroups", "creator-setfcap", "limits"].map((key) => [key, "user"] as const),
  ...["init", "last-pid", "pid-max"].map((key) => [key, "pid"] as const),
  ...["monotonic", "boottime", "frozen"].map((key) => [key, "time"] as const),
  ["locked", "mnt"],
]);

function userState({ creator = 0 }: Namespace, said: Statement, initial: Namespace | undefined): UserState {
  return {
    creatorUid: creator,
    creatorGid: wholeNumber(said, "creator-gid", creator, { most: MOST }),
    uidMap: usualMap("uid", initial !== undefined),
    gidMap: usualMap("gid", initial !== undefined),
    projidMap: usualMap("projid", initial !== undefined),
    setgroupsAllowed: oneOf(said, "setgroups", ["allow", "deny"], "allow") === "allow",
    parentCouldSetfcap: yesOrNo(said, "creator-setfcap", true),
    limits: limits(said, usualLimits(initial?.user)),
    counts: new NameMap<string, number>(),
  };
}

function limits(said: Statement, usual: UserState["limits"]): UserState["limits"] {
  const found = { ...usual };
  for (const limit of listed(said, "limits")) {
    const [kind = "", number = ""] = limit.split("=");
    if (!isKind(kind) || !/^\d{1,10}$/.test(number)) throw said.unfit("limits", `net=NUMBER,… (${KINDS.join(", ")})`);
    found[kind] = Number(number);
  }
  return found;
}

const timeState = (said: Statement): TimeState => ({
  monotonic: said.has("monotonic") ? offset(said, "monotonic") : UNSHIFTED,
  boottime: said.has("boottime") ? offset(said, "boottime") : UNSHIFTED,
  frozen: false,
});

/** The first line about a map takes the place of the usual one, the others go on with it. */
function readMaps(statements: readonly Statement[], places: Places, found: Map<NsKey, ReadNamespace>): void {
  const begun = new Set<string>();
  for (const said of statements) {
    const key = places.ofKind(said, said.subject, "user");
    const read = found.get(key);
    if (read?.namespace.user === undefined) throw said.wrong("is-nowhere", { text: said.subject });
    let { user } = read.namespace;
    for (const which of ["uid", "gid", "projid"] as const) {
      if (!said.has(which)) continue;
      const field = MAPS[which];
      const before = begun.has(`${which} ${said.subject}`) ? user[field] : [];
      begun.add(`${which} ${said.subject}`);
      user = { ...user, [field]: said.raw(which) === "none" ? before : [...before, extent(said, which)] };
    }
    found.set(key, { ...read, namespace: { ...read.namespace, user } });
  }
}
const MAPS = { uid: "uidMap", gid: "gidMap", projid: "projidMap" } as const satisfies Record<string, keyof UserState>;

function extent(said: Statement, which: string): MapExtent {
  const [inside = "", outside = "", count = ""] = said.all(which);
  const extent = { inside: Number(inside), outside: Number(outside), count: Number(count) };
  const isWhole = Object.values(extent).every((number) => Number.isInteger(number) && number >= 0 && number <= MOST);
  if (!isWhole || extent.count === 0) throw said.unfit(which, "none, INSIDE OUTSIDE COUNT");
  return extent;
}
