/** Who restores: in a text written by hand whatever is made at the boundary is made by this one. */
export interface Maker {
  readonly uid: number;
  readonly gid: number;
}
