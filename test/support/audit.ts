import type { CountedMap } from "../../src/kernel/model/counted.ts";
import { heldBy } from "../../src/kernel/model/held-by.ts";
import { SLOTS } from "../../src/kernel/model/memberships.ts";
import type { Namespace, NsKey, World } from "../../src/kernel/model/world.ts";

/**
 * Counts everything in a world anew, from who refers to what, and compares it with what the world itself has counted:
 * references of namespaces, open files, tables and the like, charges of user namespaces, numbers of processes, and what is
 * found by mount or by path. Gives the differences in words; nothing of it may ever be there.
 */
export function audit(world: World): string[] {
  return [
    ...auditNamespaces(world),
    ...auditShared(world),
    ...auditCharges(world),
    ...auditNumbers(world),
    ...auditMounts(world),
  ];
}

class Tally<K> {
  readonly counts = new Map<K, number>();
  add(key: K | undefined): void {
    if (key !== undefined) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
  /** What is counted differently from `counted`, or is not there at all. */
  against(what: string, counted: ReadonlyMap<K, number>): string[] {
    const keys = new Set([...this.counts.keys(), ...counted.keys()]);
    return [...keys].flatMap((key) => {
      const [found, said] = [this.counts.get(key) ?? 0, counted.get(key) ?? 0];
      return found === said && said > 0 ? [] : [`${what} ${String(key)}: ${said} counted, ${found} found`];
    });
  }
}

function auditNamespaces(world: World): string[] {
  const found = new Tally<NsKey>();
  for (const key of Object.values(world.initial)) found.add(key);
  for (const { pid, credentials, memberships } of world.tasks.values()) {
    found.add(pid);
    found.add(credentials.user);
    if (memberships !== undefined) for (const slot of SLOTS) found.add(memberships[slot]);
  }
  for (const file of world.files.values()) for (const key of heldBy(file)) found.add(key);
  for (const { kind, owner, parent, binds } of world.namespaces.values()) {
    found.add(owner);
    if (kind === "pid") found.add(parent);
    for (const { namespace } of binds?.values() ?? []) found.add(namespace);
  }
  return found.against("namespace", referencesOf(world.namespaces));
}

function auditShared(world: World): string[] {
  const [tables, fss, memories, files] = [
    new Tally<number>(),
    new Tally<number>(),
    new Tally<number>(),
    new Tally<number>(),
  ];
  for (const { resources } of world.tasks.values()) {
    tables.add(resources?.table);
    fss.add(resources?.fs);
    memories.add(resources?.memory);
  }
  for (const { descriptors } of world.tables.values()) for (const file of descriptors.values()) files.add(file);
  return [
    ...tables.against("table", referencesOf(world.tables)),
    ...fss.against("root and cwd", referencesOf(world.fss)),
    ...memories.against("memory", referencesOf(world.memories)),
    ...files.against("open file", referencesOf(world.files)),
  ];
}

const referencesOf = <K extends number>(map: CountedMap<K, object>): ReadonlyMap<K, number> =>
  new Map([...map.keys()].map((key) => [key, map.held(key)?.references ?? 0]));

function auditCharges(world: World): string[] {
  const found = new Tally<string>();
  for (const ns of world.namespaces.values()) for (const payer of payersOf(world, ns)) found.add(payer);
  const counted = [...world.namespaces.values()].flatMap(({ key, user }) =>
    [...(user?.counts ?? [])].map(([counter, count]) => [`${key} ${counter}`, count] as const),
  );
  return found.against("charge", new Map(counted));
}

function* payersOf(world: World, { kind, owner, creator }: Namespace): Iterable<string> {
  let uid = creator;
  for (let key = owner; key !== undefined && uid !== undefined; key = world.namespaces.get(key)?.parent) {
    yield `${key} ${kind} ${uid}`;
    uid = world.namespaces.get(key)?.user?.creatorUid;
  }
}

function auditNumbers(world: World): string[] {
  const said = [...world.namespaces.values()].flatMap(({ key, pid }) =>
    [...(pid?.tasks ?? [])].map(([number, name]) => `${key} ${number} ${name}`),
  );
  const found = new Set(
    [...world.tasks.values()].flatMap(({ name, numbers }) =>
      numbers.map(({ ns, number }) => `${ns} ${number} ${name}`),
    ),
  );
  const wrong = said.filter((line) => !found.has(line));
  return said.length === found.size ? wrong : [...wrong, `${said.length} numbers are given, ${found.size} are had`];
}

/** The files open through each mount, and the mount that shows at each path. */
function auditMounts(world: World): string[] {
  const found = new Tally<number>();
  for (const { target } of world.files.values()) if (target.type === "namespace") found.add(target.mountId);
  const opened = [...found.counts].map(([mountId]) => [mountId, world.files.countOf(mountId)] as const);
  const through = found.against("files open through mount", new Map(opened));
  const all = [...world.namespaces.values()].flatMap(({ binds }) => (binds === undefined ? [] : [binds]));
  const covered = all.flatMap((binds) => {
    const tops = new Map(
      [...binds.values()].toSorted((a, b) => a.mountId - b.mountId).map((bind) => [bind.path, bind]),
    );
    return [...tops.values()].filter((bind) => binds.topmost(bind.path) !== bind);
  });
  return [...through, ...covered.map(({ path }) => `${path} leads to a mount that another covers`)];
}
