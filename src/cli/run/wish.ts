import { resolve } from "node:path";
import { CONSTANTS } from "../../abi/constants.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { mapLines, mapText, type RangeWish } from "../../enter/id-ranges.ts";
import type { ForkWish, MapWish, RunWish } from "../../enter/run-wish.ts";
import { ENTER_USAGE } from "../../messages/enter.ts";
import { RUN_USAGE } from "../../messages/run.ts";
import type { Language } from "../../messages/sentence.ts";
import { USAGE_HINTS } from "../../messages/usage.ts";
import { parseIdMap, type IdExtent } from "../../procfs/id-map.ts";
import { brief } from "../brief.ts";
import { idNamed } from "../enter/ids.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import type { Given } from "../getopt.ts";
import type { Values } from "../options.ts";
import { subordinateIds } from "../subordinate-ids.ts";
import { usageFailure } from "../usage.ts";
import { textOf } from "../user-names.ts";
import type { RUN_OPTIONS } from "./options.ts";
import type { IdName, RangeWord } from "./readers.ts";

const MS_PER_S = 1000;
/** The kernel takes no more than a page in one write, less one byte. */
const MAP_BYTES = 4095;
const PROPAGATIONS = {
  slave: CONSTANTS.MS_REC | (1 << 19),
  shared: CONSTANTS.MS_REC | (1 << 20),
  private: CONSTANTS.MS_REC | CONSTANTS.MS_PRIVATE,
  unchanged: 0,
} as const;
const BINFMT = "/proc/sys/fs/binfmt_misc";
const IMPLY_USER = [
  "mount-binfmt",
  "map-user",
  "map-group",
  "map-root-user",
  "map-current-user",
  "map-auto",
  "map-subids",
  "map-users",
  "map-groups",
  "owner",
] as const;
type Options = Values<typeof RUN_OPTIONS>;

/** The machine that `run` is asked on. */
export interface Here {
  readonly uid: number;
  readonly gid: number;
  readonly language: Language;
}

/** What the options come to. Throws a usage failure where they do not go together or name what is not there. */
export function wishOf(values: Options, given: readonly Given[], here: Here): RunWish {
  const { language } = here;
  const { uid, gid } = here;
  if (values["load-interp"] !== undefined) {
    const [reason, hint] = [RUN_USAGE["no-load-interp"][language], RUN_USAGE["load-interp-instead"][language]];
    throw new CommandFailure({ exit: EXIT.no, code: "UNSUPPORTED", reason, hint });
  }
  const kinds = kindsOf(values, given);
  if ((values.monotonic ?? values.boottime) !== undefined && !kinds.has("time")) {
    throw off(RUN_USAGE["offsets-need-time"][language], language);
  }
  const maps = mapsOf(values, given, here);
  if (maps.gid !== undefined && values.setgroups === "allow")
    throw off(RUN_USAGE["groups-and-map"][language], language);
  const binfmt = values["mount-binfmt"];
  return {
    kinds,
    caller: { uid, gid },
    maps,
    owner: values.owner,
    setgroups: values.setgroups,
    fork: forkOf(values),
    propagation: PROPAGATIONS[values.propagation ?? "private"],
    // Its usual place is in proc, which then has to be one of the new namespaces.
    mountProc: values["mount-proc"] ?? (binfmt === "" ? "/proc" : undefined),
    mountBinfmt: binfmt === "" ? BINFMT : binfmt,
    root: values.root,
    folder: values.wd,
    uid: optionalId(values.setuid, "uid", language),
    gid: optionalId(values.setgid, "gid", language),
    keepCaps: values["keep-caps"],
    noNewPrivs: values["no-new-privs"],
    monotonic: values.monotonic,
    boottime: values.boottime,
  };
}

const off = (reason: string, language: Language): CommandFailure =>
  usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "run" }));

const KIND_OPTIONS = [
  ["user", "user"],
  ["mount", "mnt"],
  ["uts", "uts"],
  ["ipc", "ipc"],
  ["pid", "pid"],
  ["cgroup", "cgroup"],
  ["net", "net"],
  ["time", "time"],
] as const satisfies readonly (readonly [keyof Options, NamespaceKind])[];

/** A kind given again without a file keeps the file it had, as unshare has it; the last file counts. */
function kindsOf(values: Options, given: readonly Given[]): ReadonlyMap<NamespaceKind, string | undefined> {
  const files = new Map<string, string>();
  for (const { long, value } of given) if (value !== undefined && value !== "") files.set(long, value);
  const has = (long: string): boolean => given.some((one) => one.long === long);
  const kinds = new Map<NamespaceKind, string | undefined>();
  for (const [option, kind] of KIND_OPTIONS) {
    const isImplied =
      (kind === "user" && IMPLY_USER.some(has)) ||
      (kind === "mnt" && (values["mount-proc"] !== undefined || values["mount-binfmt"] !== undefined));
    if (values[option] === undefined && !isImplied) continue;
    const file = files.get(option);
    // The one who binds stands in another folder.
    kinds.set(kind, file === undefined ? undefined : resolve(file));
  }
  return kinds;
}

function forkOf(values: Options): ForkWish | undefined {
  const killSignal = values["kill-child"] ?? 0;
  const { timeout, "forward-signals": forwards } = values;
  if (!values.fork && killSignal === 0 && !forwards && timeout === undefined) return undefined;
  return { killSignal, forwards, timeoutMs: timeout === undefined ? undefined : timeout * MS_PER_S };
}

/** Of the options that say who the caller is inside, the last counts; ranges add up. */
function mapsOf(values: Options, given: readonly Given[], here: Here): MapWish {
  const single: { uid: number | undefined; gid: number | undefined } = { uid: undefined, gid: undefined };
  const words: { uid: RangeWord[]; gid: RangeWord[] } = { uid: [], gid: [] };
  const [users, groups] = [values["map-users"].values(), values["map-groups"].values()];
  for (const { long } of given) {
    if (long === "map-user") single.uid = optionalId(values["map-user"], "uid", here.language);
    if (long === "map-group") single.gid = optionalId(values["map-group"], "gid", here.language);
    if (long === "map-root-user") [single.uid, single.gid] = [0, 0];
    if (long === "map-current-user") [single.uid, single.gid] = [here.uid, here.gid];
    if (long === "map-auto" || long === "map-subids") {
      const word = long === "map-auto" ? "auto" : "subids";
      words.uid.push(word);
      words.gid.push(word);
    }
    if (long === "map-users") words.uid.push(...next(users));
    if (long === "map-groups") words.gid.push(...next(groups));
  }
  const lines = (which: "uid" | "gid"): readonly IdExtent[] | undefined => {
    const inside = single[which];
    const isOwned = values.owner !== undefined && inside !== undefined;
    if (words[which].length === 0 && !isOwned) return undefined;
    const ranges = words[which].flatMap((word) => rangesOf(word, which, here));
    const wish: RangeWish = inside === undefined ? { ranges } : { ranges, single: { inside, outside: here[which] } };
    return short(mapLines(wish), which, here.language);
  };
  const [uids, gids] = [lines("uid"), lines("gid")];
  return {
    uids,
    gids,
    uid: uids === undefined ? single.uid : undefined,
    gid: gids === undefined ? single.gid : undefined,
  };
}

function next<T>(values: IterableIterator<T>): readonly T[] {
  const { done, value } = values.next();
  return done === true ? [] : [value];
}

function short(lines: readonly IdExtent[], which: "uid" | "gid", language: Language): readonly IdExtent[] {
  if (mapText(lines).length <= MAP_BYTES) return lines;
  throw off(RUN_USAGE["map-too-long"][language]({ file: `${which}_map` }), language);
}

function rangesOf(word: RangeWord, which: "uid" | "gid", here: Here): RangeWish["ranges"] {
  if (typeof word === "object") return [word];
  if (word === "all") return ownMap(which).map(({ inside, count }) => ({ inside, outside: inside, count }));
  const { name, [which]: given } = subordinateIds(here.uid);
  const { file, ranges } = given;
  const [found] = ranges;
  if (found === undefined) {
    const user = brief(name);
    const reason = RUN_USAGE["no-subids"][here.language]({ user, file });
    throw usageFailure(reason, RUN_USAGE["subids-next"][here.language]({ user, file }));
  }
  return [word === "auto" ? { ...found, auto: true } : found];
}

/** The ids that there are where nsatlas runs. */
export function ownMap(which: "uid" | "gid"): readonly IdExtent[] {
  const parsed = parseIdMap(textOf(`/proc/self/${which}_map`));
  return parsed.ok ? parsed.value : [];
}

function optionalId(wish: IdName | undefined, which: "uid" | "gid", language: Language): number | undefined {
  if (wish === undefined || typeof wish === "number") return wish;
  const id = idNamed(wish.name, which === "uid" ? "/etc/passwd" : "/etc/group");
  if (id !== undefined) return id;
  const row = which === "uid" ? "unknown-user" : "unknown-group";
  throw off(ENTER_USAGE[row][language]({ name: brief(wish.name) }), language);
}
