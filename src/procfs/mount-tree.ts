import type { MountRecord } from "./mountinfo.ts";

/** What places a mount. */
type Placed = Pick<MountRecord, "id" | "parent" | "mountPoint">;

/** A mount in the tree of its namespace. */
export interface MountNode<M extends Placed = MountRecord> {
  readonly mount: M;
  /** The mount that it lies on, where that is in the table too. */
  readonly parent: M | undefined;
  /** The mount that hides it: one that lies on its root, or on a folder on the way to it. Absent: its path leads to it. */
  readonly hiddenBy: M | undefined;
}

/**
 * The mounts of one table, each after the one it lies on, those on the same by path. Where two have the same path, the later
 * lies on the root of the earlier one and hides it, and with it whatever else lies on that; one that is mounted on a folder
 * above hides what was mounted below before. Source: mount(2), proc_pid_mountinfo(5).
 */
export function mountTree<M extends Placed>(mounts: readonly M[]): readonly MountNode<M>[] {
  const byId = new Map(mounts.map((mount) => [mount.id, mount]));
  const on = new Map<number | undefined, M[]>();
  for (const mount of mounts) {
    const parent = mount.parent !== mount.id && byId.has(mount.parent) ? mount.parent : undefined;
    const list = on.get(parent);
    if (list === undefined) on.set(parent, [mount]);
    else list.push(mount);
  }
  const nodes: MountNode<M>[] = [];
  const stack: { readonly mount: M; readonly parent: M | undefined; readonly buriedBy: M | undefined }[] = [];
  const push = (parent: M | undefined, buriedBy: M | undefined): void => {
    const lying = (on.get(parent?.id) ?? []).toSorted((a, b) => compare(a.mountPoint, b.mountPoint) || a.id - b.id);
    const cover = parent === undefined ? undefined : lying.find(({ mountPoint }) => mountPoint === parent.mountPoint);
    let above: M | undefined;
    const found = lying.map((mount) => {
      if (mount === cover) return { mount, parent, buriedBy };
      if (above !== undefined && isBelow(mount.mountPoint, above.mountPoint)) {
        return { mount, parent, buriedBy: buriedBy ?? cover ?? above };
      }
      above = parent === undefined ? undefined : mount;
      return { mount, parent, buriedBy: buriedBy ?? cover };
    });
    stack.push(...found.reverse());
  };
  push(undefined, undefined);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { mount, parent, buriedBy } = next;
    const cover = on.get(mount.id)?.find(({ mountPoint }) => mountPoint === mount.mountPoint);
    nodes.push({ mount, parent, hiddenBy: buriedBy ?? cover });
    push(mount, buriedBy);
  }
  return nodes;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const isBelow = (path: string, folder: string): boolean => path.startsWith(folder === "/" ? "/" : `${folder}/`);
