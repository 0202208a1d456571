import type { NamespaceId } from "../abi/ids.ts";
import type { Charset } from "../messages/safe-text.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { butNumbers } from "./alike.ts";
import type { NamespaceName } from "./namespace-name.ts";
import { traceNameOf } from "./trace-words.ts";

interface Among {
  readonly nameOf: NamespaceName;
  readonly charset: Charset;
  /** Those that are drawn. */
  readonly drawn: ReadonlySet<NamespaceId>;
}

/**
 * What namespaces of one kind, owner and name are called together: `net:[…] · user:[4026531837] · nginx.service`. An owner that is
 * drawn itself may be one of many that are alike: it is called as those are.
 */
export function alikeNamespace(record: NamespaceRecord, { nameOf, charset, drawn }: Among): string {
  const { owner } = record;
  const owned = "to" in owner ? nameOf({ id: owner.to, kind: "user" }) : undefined;
  const ofOwner = "to" in owner && drawn.has(owner.to) ? butNumbers(owned ?? "") : owned;
  const whose = traceNameOf(record, charset);
  return [butNumbers(nameOf(record)), ofOwner, whose && butNumbers(whose)]
    .filter((part) => part !== undefined)
    .join(" · ");
}
