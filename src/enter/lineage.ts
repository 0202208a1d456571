import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { NsFile } from "../kernel/ns-file.ts";
import { ok, type Outcome } from "../rules/outcome.ts";
import type { View } from "../rules/view.ts";

/** A fact that the kernel did not tell, and why: what rests on it is unknown. */
export class FactMissing extends Error {
  override readonly name = "FactMissing";
  readonly ns: NamespaceId;
  readonly errno: ErrnoName | undefined;

  constructor(ns: NamespaceId, errno?: ErrnoName) {
    super(`${ns}: ${errno ?? "not asked"}`);
    this.ns = ns;
    this.errno = errno;
  }
}

/** What leads upwards: undefined where that is outside of what the caller may see, or where nothing is above. */
type Above = Outcome<NamespaceId | undefined>;
interface Entry {
  readonly kind: NamespaceKind;
  /** Of user and pid namespaces. */
  readonly parent?: Above;
  /** Of all but user namespaces, whose owner is their parent. */
  readonly owner?: Above;
  readonly creator?: Outcome<number>;
}

/**
 * What the rules need to know of some namespaces, asked of their files: who owns them, what is above, up to the caller's
 * own namespaces. Above those the kernel shows nothing (EPERM), and nothing there gives the caller power below: so what
 * leads out of sight counts as the top. Each namespace is asked once.
 */
export class Lineage implements View<NamespaceId> {
  readonly #entries = new Map<NamespaceId, Entry>();
  readonly #levels = new Map<NamespaceId, number>();

  /** Asks a namespace and all that is above it. The file stays the caller's. Refused where its kind cannot be told. */
  add(file: NsFile): Outcome<NamespaceKind> {
    const known = this.#entries.get(file.id);
    if (known !== undefined) return ok(known.kind);
    const kind = file.kind();
    if (!kind.ok) return kind;
    // Noted first: chains meet, and end here then.
    this.#entries.set(file.id, { kind: kind.value });
    const nests = kind.value === "user" || kind.value === "pid";
    this.#entries.set(file.id, {
      kind: kind.value,
      ...(nests && { parent: this.#above(file.openParent()) }),
      ...(kind.value === "user" ? { creator: file.ownerUid() } : { owner: this.#above(file.openOwner()) }),
    });
    return kind;
  }

  kind(ns: NamespaceId): NamespaceKind {
    return this.#entry(ns).kind;
  }
  owner(ns: NamespaceId): NamespaceId | undefined {
    const { kind, owner, parent } = this.#entry(ns);
    return read(ns, kind === "user" ? parent : owner);
  }
  parent(ns: NamespaceId): NamespaceId | undefined {
    return read(ns, this.#entry(ns).parent);
  }
  /** Counted from the highest that can be seen: of two in one chain the lower has the higher number. */
  level(ns: NamespaceId): number {
    const known = this.#levels.get(ns);
    if (known !== undefined) return known;
    const parent = this.parent(ns);
    const level = parent === undefined ? 0 : this.level(parent) + 1;
    this.#levels.set(ns, level);
    return level;
  }
  creator(ns: NamespaceId): number {
    return read(ns, this.#entry(ns).creator);
  }

  #entry(ns: NamespaceId): Entry {
    const entry = this.#entries.get(ns);
    if (entry === undefined) throw new FactMissing(ns);
    return entry;
  }
  #above(opened: Outcome<NsFile>): Above {
    if (!opened.ok) return opened.errno === "EPERM" ? ok(undefined) : opened;
    using file = opened.value;
    this.add(file);
    return ok(file.id);
  }
}

function read<T>(ns: NamespaceId, answer: Outcome<T> | undefined): T {
  if (answer?.ok === true) return answer.value;
  throw new FactMissing(ns, answer?.errno);
}
