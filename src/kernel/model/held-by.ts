import type { FileTarget, NsKey } from "./world.ts";

/** The namespace that an open file keeps alive. */
export function heldBy(target: FileTarget): NsKey | undefined {
  switch (target.type) {
    case "namespace":
      return target.namespace;
    case "socket":
      return target.net;
    case "map":
      return target.user;
    case "pidfd":
    case "other":
      return undefined;
  }
}
