import { namespaceId, type NamespaceId } from "../abi/ids.ts";
import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Observer } from "../kernel/observer.ts";
import type { Registry } from "./registry.ts";
import type { Tally } from "./tally.ts";

/** A namespace that something else than a process's link leads to. */
export interface Sighting {
  /** Undefined: what leads to it does not tell. */
  readonly kind: NamespaceKind | undefined;
  readonly inode: number;
  /** `st_dev`, where it was read. */
  readonly device: number | undefined;
  /** The file by which it can be opened. */
  readonly path: string;
}

/** Opens what no process's link led to, each once, so that its relations are read like those of all others. */
export class Sightings {
  readonly #observer: Observer;
  readonly #registry: Registry;
  readonly #device: bigint | undefined;
  readonly #identities: Tally;

  /** `device`: where namespace files lie, if they all lie on one. `identities`: counts what is opened. */
  constructor(
    observer: Observer,
    registry: Registry,
    { device, identities }: { device: bigint | undefined; identities: Tally },
  ) {
    this.#observer = observer;
    this.#registry = registry;
    this.#device = device;
    this.#identities = identities;
  }

  /**
   * Which namespace it is, or why that cannot be known. ENOENT: what led to it has let it go meanwhile, and leads nowhere,
   * to another namespace, or to one of another kind that got the same number.
   */
  identify({ kind, inode, device: read, path }: Sighting): NamespaceId | { readonly errno: ErrnoName } {
    const device = read === undefined ? this.#device : BigInt(read);
    const told = device === undefined ? undefined : namespaceId(device, BigInt(inode));
    const known = told === undefined ? undefined : this.#registry.kindOf(told);
    if (told !== undefined && known !== undefined) {
      return kind === undefined || kind === known ? told : { errno: "ENOENT" };
    }
    const opened = this.#observer.open(path);
    if (!opened.ok) {
      if (isGone(opened.errno)) return { errno: "ENOENT" };
      this.#identities.refused(opened.errno);
      if (told === undefined || kind === undefined) return { errno: opened.errno };
      const isKept = this.#registry.keepUnopened(told, kind, { refused: opened.errno, call: "openat" });
      return isKept ? told : { errno: "ENOENT" };
    }
    using file = opened.value;
    if (!file.id.endsWith(`/${inode}`) || !this.#registry.lead(file)) return { errno: "ENOENT" };
    if (kind !== undefined && this.#registry.kindOf(file.id) !== kind) return { errno: "ENOENT" };
    this.#identities.saw();
    return file.id;
  }
}

/** ENOTTY: something else is open there by now. */
const isGone = (errno: ErrnoName): boolean => errno === "ENOENT" || errno === "ESRCH" || errno === "ENOTTY";
