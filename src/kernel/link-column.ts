/** The outcome of reading one link of one process, packed: see `ProcessScan`. */
export interface LinkColumn {
  /** Inode numbers; 0 where the link was not read. They are 32 bits wide in nsfs, and exact in a double beyond. */
  readonly inode: Float64Array;
  /** The errno where the link was not read, else 0. */
  readonly errno: Uint16Array;
  /** `st_dev` of each, where `everyDevice` was asked for. */
  readonly device?: Float64Array;
}
