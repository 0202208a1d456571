import { KINDS } from "../../src/abi/namespace-kinds.ts";
import type { DrawnNamespace } from "../../src/kernel/drawing.ts";
import { fromKernelUid } from "../../src/kernel/model/ids.ts";
import type { Namespace, NsKey, Task, World } from "../../src/kernel/model/world.ts";
import { printDrawing } from "../../src/kernel/print-drawing.ts";

/** A world of the model as a drawing, with its tasks as remarks: a drawing has no words for credentials. */
export function drawnWorld(world: World): string {
  const names = namesOf(world);
  const nameOf = (ns: NsKey | undefined): string => (ns === undefined ? "nothing" : (names.get(ns) ?? "nothing"));
  const inhabited = new Set([...world.tasks.values()].flatMap(placesOf));
  const drawn = made(world).map((namespace): DrawnNamespace => {
    const { key, kind, owner, parent, user } = namespace;
    return {
      name: nameOf(key),
      kind,
      owner: nameOf(owner),
      parent: kind === "user" ? nameOf(owner) : kind === "pid" ? nameOf(parent) : undefined,
      by: user === undefined || owner === undefined ? undefined : fromKernelUid(world, owner, user.creatorUid),
      empty: !inhabited.has(key),
      pins: [...new Set([...(mountsOf(world).get(key) ?? [])])],
    };
  });
  const remarks = [...world.tasks.values()]
    .filter(({ parent }) => parent !== undefined)
    .map((task) => `# ${task.name}: ${[...standing(task), ...placesOf(task).map(nameOf).filter(isMade)].join(", ")}\n`);
  return printDrawing(drawn) + remarks.join("");
}

const isMade = (name: string): boolean => !name.endsWith(":init");

/** All but the initial ones, in the order in which they were made. */
const made = ({ namespaces, initial }: World): readonly Namespace[] =>
  [...namespaces.values()]
    .filter(({ kind, key }) => initial[kind] !== key)
    .toSorted((a, b) => (a.uniqueId < b.uniqueId ? -1 : 1));

function namesOf(world: World): ReadonlyMap<NsKey, string> {
  const names = new Map<NsKey, string>();
  for (const kind of KINDS) names.set(world.initial[kind], `${kind}:init`);
  for (const { key, kind } of made(world)) names.set(key, `${kind}:${names.size - KINDS.length + 1}`);
  return names;
}

/** Where each namespace's file is mounted in the initial mount namespace. */
function mountsOf({ namespaces, initial }: World): ReadonlyMap<NsKey, readonly string[]> {
  const mounts = new Map<NsKey, string[]>();
  for (const { path, namespace } of namespaces.get(initial.mnt)?.binds?.values() ?? []) {
    mounts.set(namespace, [...(mounts.get(namespace) ?? []), path]);
  }
  return mounts;
}

const placesOf = ({ memberships, credentials, pid }: Task): readonly NsKey[] => [
  ...new Set([credentials.user, pid, ...Object.values<NsKey>({ ...memberships })]),
];

function standing({ leader, name, parent, memberships, credentials }: Task): readonly string[] {
  const { ruid, euid, suid, fsuid, effective } = credentials;
  const uids = [ruid, euid, suid, fsuid];
  return [
    leader === name ? `child of ${parent}` : `thread of ${leader}`,
    ...(memberships === undefined ? ["has ended"] : []),
    new Set(uids).size === 1 ? `uid ${euid}` : `uids ${uids.join("/")}`,
    `capabilities ${effective.toString(16)}`,
  ];
}
