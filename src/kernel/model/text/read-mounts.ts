import { BindMap } from "../bind-map.ts";
import type { Bind, NsKey } from "../world.ts";
import type { Places } from "./places.ts";
import type { ReadNamespace } from "./read-namespaces.ts";
import type { Statement } from "./statement.ts";
import { wholeNumber } from "./values.ts";

const MOST = 0xffffffff;

/** Reads where namespace files are mounted. A mount's number follows on that of the line before, where it is not said. */
export function readMounts(statements: readonly Statement[], places: Places, read: Map<NsKey, ReadNamespace>): void {
  let next = 1;
  const taken = new Set<number>();
  for (const said of statements) {
    const name = said.raw("of");
    if (name === undefined) throw said.wrong("is-missing", { near: "of" });
    const mountId = wholeNumber(said, "id", next, { least: 1, most: MOST });
    if (taken.has(mountId)) throw said.wrong("number-taken", { text: `${mountId}` });
    taken.add(mountId);
    next = mountId + 1;
    const mnt = places.one(said, "in", "mnt");
    const found = read.get(mnt);
    if (found === undefined) throw said.wrong("is-nowhere", { text: `${mnt}` });
    const bind: Bind = {
      mountId,
      path: said.subject,
      namespace: places.named(said, name).key,
      locked: said.has("locked"),
    };
    const binds = (found.namespace.binds ?? new BindMap<Bind>()).set(mountId, bind);
    read.set(mnt, { ...found, namespace: { ...found.namespace, binds } });
  }
}
