import type { FileOwner, FileTarget, NsKey, OpenFile, OtherFile, PidfdTarget } from "../world.ts";
import { taskName, type MapFile, type TaskName } from "../../call.ts";
import { readCredentials } from "./credentials.ts";
import { CREDENTIAL_KEYS } from "./forms.ts";
import type { Places } from "./places.ts";
import type { Statement } from "./statement.ts";
import { USUAL_FLAGS } from "./usual.ts";
import { numbers, oneOf, wholeNumber } from "./values.ts";

type Type = FileTarget["type"];

/** What may be said of a file that leads to such a thing. */
const KEYS: Readonly<Record<Type, readonly string[]>> = {
  namespace: ["through"],
  pidfd: ["pid", "thread"],
  map: ["user", "of", "pid", "offset", "as", ...Object.keys(CREDENTIAL_KEYS)],
  socket: ["net", "peer", "pid", "thread"],
  other: ["of", "pid", "owner"],
};
const TYPES = Object.keys(KEYS) as Type[];
const OF_ALL = ["flags", "opener"];
const MAP_FILES: readonly MapFile[] = ["uid_map", "gid_map", "projid_map", "setgroups"];
const OTHERS: readonly OtherFile[] = ["null", "directory", "process-directory", "namespace-directory", "pipe", "link"];

/** An open file, by how it is said; what holds it is counted later. */
export function readFile(said: Statement, places: Places): OpenFile {
  const [type, second] = TYPES.filter((one) => said.has(one));
  if (type === undefined) throw said.wrong("is-missing", { near: TYPES.join(", ") });
  if (second !== undefined) throw said.wrong("no-key", { text: second, near: [...KEYS[type], ...OF_ALL].join(", ") });
  const allowed = new Set([type, ...KEYS[type], ...OF_ALL]);
  for (const key of said.keys()) {
    if (!allowed.has(key)) throw said.wrong("no-key", { text: key, near: [...allowed].join(", ") });
  }
  return {
    target: readTarget(said, type, places),
    opener: places.one(said, "opener", "user"),
    flags: wholeNumber(said, "flags", USUAL_FLAGS[type]),
  };
}

function readTarget(said: Statement, type: Type, places: Places): FileTarget {
  switch (type) {
    case "namespace": {
      const namespace = places.named(said, said.raw("namespace") ?? "").key;
      return said.has("through")
        ? { type, namespace, mountId: wholeNumber(said, "through", 0, { least: 1 }) }
        : { type, namespace };
    }
    case "pidfd":
      return process(said, "pidfd", places);
    case "map": {
      const user = places.one(said, "user", "user");
      const as = places.one(said, "as", "user");
      return {
        type,
        file: oneOf(said, "map", MAP_FILES, "uid_map"),
        user,
        opener: readCredentials(said, as),
        of: task(said, "of"),
        pid: places.one(said, "pid", "pid"),
        offset: wholeNumber(said, "offset", 0),
      };
    }
    case "socket": {
      const family = oneOf(said, "socket", ["unix", "inet"], "unix");
      const net = places.one(said, "net", "net");
      return said.has("peer") ? { type, net, family, peer: process(said, "peer", places) } : { type, net, family };
    }
    case "other":
      return {
        type,
        what: oneOf(said, "other", OTHERS, "null"),
        ...(said.has("of") && { of: task(said, "of") }),
        ...(said.has("pid") && { pid: places.one(said, "pid", "pid") }),
        ...(said.has("owner") && { owner: owner(said) }),
      };
  }
}

const task = (said: Statement, key: string): TaskName => {
  const name = said.text(key);
  if (name === undefined) throw said.wrong("is-missing", { near: key });
  return taskName(name);
};

/** A process may have ended: what is kept is where it had numbers. */
const process = (said: Statement, key: string, places: Places): PidfdTarget => ({
  type: "pidfd",
  task: task(said, key),
  thread: said.has("thread"),
  seenIn: places.chain(places.one(said, "pid", "pid")),
});

function owner(said: Statement): FileOwner {
  const [uid, gid, ...more] = numbers(said, "owner");
  if (uid === undefined || gid === undefined || more.length > 0) throw said.unfit("owner", "UID,GID");
  return { uid, gid };
}

/** The file of a namespace that needs no line. */
export const plainFile = (namespace: NsKey, opener: NsKey): OpenFile => ({
  target: { type: "namespace", namespace },
  opener,
  flags: USUAL_FLAGS.namespace,
});
