import type { MountRecord } from "../procfs/mountinfo.ts";

/** A mount as a tree of them shows it. What a file system was mounted with is left out: some keep secrets there. */
export type TreeMount = Omit<MountRecord, "superOptions"> & {
  /** The process from whose root the path starts, where that is another than the mount namespace's. */
  readonly through?: number;
};

/** The same as a snapshot has it. */
export interface MountInTree {
  readonly id: number;
  /** The mount it lies on, which need not be in the list. */
  readonly parent: number;
  readonly mountPoint: string;
  readonly fsType: string;
  /** The device or its like; may be empty. */
  readonly source: string;
  /** The folder of the file system that is mounted; of a namespace's file its link text. */
  readonly root: string;
  /** MAJ:MIN, st_dev of what is in it. */
  readonly device: string;
  readonly options: readonly string[];
  /** shared:N, master:N and so on; none: private. */
  readonly propagation: readonly string[];
  readonly through?: number;
}

export const toRecord = ({ device, optional, ...mount }: TreeMount): MountInTree => ({
  id: mount.id,
  parent: mount.parent,
  mountPoint: mount.mountPoint,
  fsType: mount.fsType,
  source: mount.source,
  root: mount.root,
  device: `${device.major}:${device.minor}`,
  options: mount.options,
  propagation: optional,
  ...(mount.through === undefined ? {} : { through: mount.through }),
});

export function fromRecord({ device, propagation, ...mount }: MountInTree): TreeMount {
  const [major = 0, minor = 0] = device.split(":").map(Number);
  return { ...mount, device: { major, minor }, optional: propagation };
}
