import type { FileTarget, NsKey } from "./world.ts";

/** The namespaces that an open file keeps alive. */
export function heldBy(target: FileTarget): readonly NsKey[] {
  switch (target.type) {
    case "namespace":
      return [target.namespace];
    case "socket":
      return [target.net];
    case "map":
      return [target.user, target.opener.user];
    case "pidfd":
    case "other":
      return [];
  }
}
