import type { NamespaceId } from "../../abi/ids.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { HolderKind } from "../../snapshot/holders.ts";

/**
 * A machine as boxes in boxes, before it is laid out: user namespaces nested by parent, in each what it owns, row by row;
 * before a row stands who keeps it there. Nothing here knows of SVG, DOT or Mermaid.
 */
export interface Picture {
  readonly title: string;
  /** How much there is, and what was not seen: sentences. */
  readonly notes: readonly string[];
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
}

/** A user namespace, or those whose owner is not known. */
export interface Box {
  readonly id: string;
  /** Absent where the owner is not known. */
  readonly namespace?: NamespaceId;
  readonly title: string;
  /** Whose it is, who made it, its uid map. */
  readonly lines: readonly string[];
  readonly own: boolean;
  /** So many alike ones are drawn as this one. */
  readonly times: number;
  readonly rows: readonly Row[];
  readonly boxes: readonly Box[];
}

export interface Row {
  readonly lead: Lead;
  readonly cards: readonly Card[];
  readonly times: number;
}

/** Who is in the namespaces of a row, or what else holds them. */
export interface Lead {
  readonly id: string;
  /** elsewhere: processes that stand in a row of another box. */
  readonly what: HolderKind | "elsewhere" | "nobody";
  /** The process it is, or the most senior one of those it stands for. */
  readonly pid?: number;
  readonly lines: readonly string[];
  /** The kinds of which it is in a namespace that the machine's most senior process is in. */
  readonly shares: readonly NamespaceKind[];
}

/** A namespace that is no user namespace. */
export interface Card {
  readonly id: string;
  readonly namespace: NamespaceId;
  readonly kind: NamespaceKind;
  readonly title: string;
  readonly line: string;
  readonly own: boolean;
}

/** member: processes are in a namespace of another row. parent: a pid namespace is nested in another. */
export interface Link {
  readonly what: "member" | "parent";
  readonly from: string;
  readonly to: string;
}
