/** Who restores: in a text written by hand whatever is made at the boundary is made by this one. */
export interface Maker {
  readonly uid: number;
  readonly gid: number;
  /** Which a process has that stays in its user namespace, as nothing else is said. Absent: none. */
  readonly groups?: readonly number[];
  /** Its bounding set, beyond which nobody there gets. Absent: all. */
  readonly bounding?: bigint;
}
