import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Assumed, MissingEvidence } from "../../messages/evidence.ts";

/** A fact that nobody saw, and whose. */
export interface Missing {
  readonly what: MissingEvidence;
  /** A process or a namespace, as the user calls it. */
  readonly of: string;
}
/** A fact that no file tells, and that is taken to be as it mostly is. */
export interface Assumption {
  readonly what: Assumed;
  readonly of: string;
}

/** A call asked for a fact that nobody saw: its outcome is unknown. */
export class EvidenceMissing extends Error {
  override readonly name = "EvidenceMissing";
  readonly missing: Missing;

  constructor(missing: Missing) {
    super(`${missing.what} of ${missing.of}`);
    this.missing = missing;
  }
}

/** A fact, or undefined where nobody saw it. */
export function seenOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof EvidenceMissing) return undefined;
    throw error;
  }
}

/** Reads a fact that nobody saw. */
export const unseen = (what: MissingEvidence, of: string) => (): never => {
  throw new EvidenceMissing({ what, of });
};

/** What the call at hand rests on. The records of a seen world note it here as they are read. */
export class Evidence {
  readonly #assumed = new Map<string, Assumption>();
  #inside: Readonly<Record<"user" | "pid", boolean>> = { user: false, pid: false };

  /** A call begins; `inside`: whether the caller is in the viewer's own namespace of that kind, or below. */
  begin(inside: Readonly<Record<"user" | "pid", boolean>>): void {
    this.#assumed.clear();
    this.#inside = inside;
  }
  /** Above the viewer's own namespaces nothing was seen; for a caller within nothing above makes a difference. */
  isInside(kind: NamespaceKind): boolean {
    return kind === "pid" ? this.#inside.pid : this.#inside.user;
  }
  note(what: Assumed, of: string): void {
    this.#assumed.set(`${what} ${of}`, { what, of });
  }
  /** Reads a fact that is taken for granted. */
  assume<T>(what: Assumed, of: string, value: T): () => T {
    return () => {
      this.note(what, of);
      return value;
    };
  }
  /** What was taken for granted since the call began. */
  get assumed(): readonly Assumption[] {
    return [...this.#assumed.values()];
  }
}
