import type { NamespaceNode } from "../topology.ts";
import { offsetsOf } from "./offsets.ts";
import type { Deed } from "./step.ts";

/** What is set in a namespace as soon as it is there, by whoever made it and is in it. */
export function settingsOf(node: NamespaceNode): readonly Deed[] {
  switch (node.kind) {
    case "uts":
      return [
        ...(node.hostname === undefined ? [] : [{ do: "hostname", text: node.hostname } as const]),
        ...(node.domainname === undefined ? [] : [{ do: "domainname", text: node.domainname } as const]),
      ];
    case "ipc":
      return Object.entries(node.sysctls).map(([name, text]) => ({ do: "sysctl", name, text }));
    case "mnt":
      return [{ do: "own-mounts" }];
    case "time": {
      const text = offsetsOf(node);
      return text === undefined ? [] : [{ do: "offsets", text }];
    }
    default:
      return [];
  }
}
