import { CountedMap } from "./counted.ts";
import type { FileKey, OpenFile } from "./world.ts";

/** The mount that a file was opened through, as long as it is open. */
const mountOf = ({ target }: OpenFile): number | undefined =>
  target.type === "namespace" ? target.mountId : undefined;

/** No open files yet. Those that come will be counted by the mount that each was opened through, too. */
export const noOpenFiles = (): CountedMap<FileKey, OpenFile> => CountedMap.indexedBy(mountOf);
