import type { NamespaceId } from "../../abi/ids.ts";
import type { Reference } from "../reference.ts";
import type { Captured } from "./capture.ts";
import type { IdNumbers } from "./id-numbers.ts";
import type { Notes } from "./notes.ts";
import type { Ordered } from "./order.ts";

/** What the parts of an image are made from. */
export interface Making {
  readonly captured: Captured;
  readonly ordered: Ordered;
  readonly ids: IdNumbers;
  readonly notes: Notes;
}

/** A namespace that an image cannot say more of: it was not seen. Only with a finding that refuses. */
export const UNSEEN: Reference = "external:unseen";

export const referenceTo = ({ captured, ordered }: Making, id: NamespaceId): Reference =>
  captured.boundary.get(id) ?? ordered.labels.get(id) ?? UNSEEN;
