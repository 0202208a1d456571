import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { kindOfLink, LINKS } from "../../abi/proc-links.ts";
import { keyOfExternal, type Label, type Reference } from "../reference.ts";
import type { Topology } from "../topology.ts";

/** A namespace that must be named when restoring. */
export interface External {
  readonly key: string;
  /** Of which kind it has to be, from the places that lead to it; undefined: they leave it open. */
  readonly kind: NamespaceKind | undefined;
  /** Another kind that it would have to be as well: then there is none. */
  readonly also?: NamespaceKind;
  /** What leads to it first. */
  readonly element: Label;
}

/** All of them, in the order in which the topology leads to them; linear in it. */
export function externalsIn({ namespaces, processes, pins }: Topology): readonly External[] {
  const found = new Map<string, External>();
  const add = (element: Label, reference: Reference | undefined, kind?: NamespaceKind): void => {
    const key = keyOfExternal(reference ?? "");
    if (key === undefined) return;
    const known = found.get(key) ?? { key, kind, element };
    const isOther = known.kind !== undefined && kind !== undefined && known.kind !== kind;
    found.set(key, { ...known, kind: known.kind ?? kind, ...(isOther && { also: kind }) });
  };
  for (const node of namespaces) {
    add(node.label, node.owner, "user");
    if (node.kind === "pid") add(node.label, node.parent, "pid");
    if (node.kind !== "net") continue;
    for (const { peer } of node.devices) add(node.label, peer?.namespace, "net");
    for (const { namespace } of node.netnsids) add(node.label, namespace, "net");
  }
  for (const { label, namespaces: links, descriptors } of processes) {
    for (const link of LINKS) add(label, links[link], kindOfLink(link));
    for (const { namespace } of descriptors) add(label, namespace);
  }
  for (const { namespace, in: place, path } of pins) {
    add(path, place, "mnt");
    add(path, namespace);
  }
  return [...found.values()];
}
