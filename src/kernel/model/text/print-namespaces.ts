import { KINDS, nests } from "../../../abi/namespace-kinds.ts";
import type { DrawnNamespace } from "../../drawing.ts";
import { printDrawing } from "../../print-drawing.ts";
import type { Bind, MapExtent, Namespace, NsKey, Task, World } from "../world.ts";
import type { NamesOfWorld } from "./names.ts";
import { quoted, said, sentence } from "./statement.ts";
import { entered, Numbers, usualCreator, usualLimits, usualMap, usualPid, usuallyLocked } from "./usual.ts";
import { offsetText, yesNo } from "./values.ts";

/** The namespaces as a drawing: what is whose child, owned and made by whom. */
export function drawingOf(world: World, names: NamesOfWorld): string {
  const initial = new Set<NsKey>(Object.values(world.initial));
  const made = [...world.namespaces.values()].filter(({ key }) => !initial.has(key));
  return printDrawing(
    made.map(({ key, kind, owner, parent, creator }): DrawnNamespace => {
      const usual = usualCreator({ kind, parent, owner }, (above) => world.namespaces.get(above));
      return {
        name: names.of(key),
        kind,
        parent: nests(kind) ? names.of(parent) : undefined,
        owner: names.of(owner),
        by: creator === undefined || creator === usual ? undefined : creator,
        empty: false,
      };
    }),
  );
}

/** What the drawing does not say of them, in lines `ns` and `map`; `drawn` is the order of its lines. */
export function namespaceLines(world: World, names: NamesOfWorld, booted: World, drawn: Iterable<NsKey>): string[] {
  const numbers = new Numbers(booted);
  const inTime = entered(world.tasks.values());
  const lines: string[] = [];
  const say = (key: NsKey, usual: { id: number; device: bigint; inode: number }, initial?: Namespace): void => {
    const namespace = world.namespaces.get(key);
    if (namespace === undefined) throw new RangeError(`there is no namespace ${key}`);
    const { device, inode, label, kind } = namespace;
    const words = [
      said("id", `${key}`, `${usual.id}`),
      said("device", `${device}`, `${usual.device}`),
      said("inode", `${inode}`, `${usual.inode}`),
      label === initial?.label ? "" : `label ${quoted(label ?? "none")}`,
      ...userWords(namespace, initial),
      ...pidWords(namespace, world, initial),
      ...timeWords(namespace, inTime.has(key) || initial !== undefined),
      namespace.mountsLocked && !usuallyLocked(namespace, world.initial.user) ? "locked" : "",
    ];
    const line = sentence(...words);
    if (line !== "") lines.push(`ns ${names.of(key)} ${line}`);
    if (kind === "user") lines.push(...mapLines(namespace, names.of(key), initial));
  };
  for (const kind of KINDS) {
    const initial = booted.namespaces.get(booted.initial[kind]);
    if (initial === undefined) throw new RangeError(`a machine starts without ${kind} namespace`);
    say(world.initial[kind], { ...initial, id: initial.key }, initial);
  }
  for (const key of drawn) {
    say(key, numbers.usual());
    const { inode = 0, device = 0n } = world.namespaces.get(key) ?? {};
    numbers.pass({ id: key, device, inode });
  }
  return lines;
}

function userWords({ user }: Namespace, initial: Namespace | undefined): string[] {
  if (user === undefined) return [];
  const usual = usualLimits(initial?.user);
  const limits = KINDS.filter((kind) => user.limits[kind] !== usual[kind]).map(
    (kind) => `${kind}=${user.limits[kind]}`,
  );
  return [
    said("creator-gid", `${user.creatorGid}`, `${user.creatorUid}`),
    said("setgroups", user.setgroupsAllowed ? "allow" : "deny", "allow"),
    said("creator-setfcap", yesNo(user.parentCouldSetfcap), "yes"),
    said("limits", limits.join(","), ""),
  ];
}

function pidWords({ pid }: Namespace, world: World, initial: Namespace | undefined): string[] {
  if (pid === undefined) return [];
  const numbers = new Map<number, Task>();
  for (const [number, name] of pid.tasks) {
    const task = world.tasks.get(name);
    if (task !== undefined) numbers.set(number, task);
  }
  const usual = usualPid(numbers, initial?.pid);
  return [
    said("init", pid.init, usual.init),
    said("last-pid", `${pid.lastPid}`, `${usual.lastPid}`),
    said("pid-max", `${pid.max}`, `${usual.max}`),
  ];
}

function timeWords({ time }: Namespace, isEntered: boolean): string[] {
  if (time === undefined) return [];
  return [
    said("monotonic", offsetText(time.monotonic), "0"),
    said("boottime", offsetText(time.boottime), "0"),
    said("frozen", yesNo(time.frozen), yesNo(isEntered)),
  ];
}

function mapLines({ user }: Namespace, name: string, initial: Namespace | undefined): string[] {
  if (user === undefined) return [];
  const maps = { uid: user.uidMap, gid: user.gidMap, projid: user.projidMap } as const;
  return (["uid", "gid", "projid"] as const).flatMap((which) => {
    const extents = maps[which].map(extentText);
    if (
      extents.join() ===
      usualMap(which, initial !== undefined)
        .map(extentText)
        .join()
    )
      return [];
    return (extents.length === 0 ? ["none"] : extents).map((extent) => `map ${name} ${which} ${extent}`);
  });
}
const extentText = ({ inside, outside, count }: MapExtent): string => `${inside} ${outside} ${count}`;

/** Where namespace files are mounted, in the order in which that was done. */
export function mountLines(world: World, names: NamesOfWorld): string[] {
  const binds: (Bind & { readonly mnt: NsKey })[] = [];
  for (const mnt of world.ofKind.mnt.keys()) {
    for (const bind of world.namespaces.get(mnt)?.binds?.values() ?? []) binds.push({ ...bind, mnt });
  }
  let usual = 1;
  return binds
    .toSorted((a, b) => a.mountId - b.mountId)
    .map(({ mountId, path, namespace, locked, mnt }) => {
      const id = said("id", `${mountId}`, `${usual}`);
      usual = mountId + 1;
      const place = said("in", names.of(mnt), "mnt:init");
      return sentence("mount", quoted(path), `of ${names.of(namespace)}`, place, id, locked ? "locked" : "");
    });
}
