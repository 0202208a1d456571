import type { MountPlace } from "./types.ts";

/** The path by which a mount can be opened from where the viewer is; one elsewhere may lead to something else from here. */
export const localPath = ({ path, mountNamespace, through }: MountPlace): string | undefined =>
  mountNamespace === undefined && through === undefined ? path : undefined;
