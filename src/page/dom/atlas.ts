import type { NamespaceId } from "../../abi/ids.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Language } from "../../messages/sentence.ts";
import { groundOf } from "../../caps/ground.ts";
import { frame, type Framed } from "../../render/frames.ts";
import { namesIn, type NamespaceName } from "../../render/namespace-name.ts";
import { foundationsOf } from "../../snapshot/foundations.ts";
import { indexSnapshot, type SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { NamespaceRecord, Snapshot } from "../../snapshot/types.ts";
import { recordsByName } from "../linked.ts";
import { Search, type Findings } from "../search.ts";
import type { PageState } from "../state.ts";

/** How the address changes: `push` makes a step to go back to. */
export type Going = "push" | "replace";

/** What all parts of the page work on. */
export class Atlas {
  readonly language: Language;
  readonly index: SnapshotIndex;
  readonly nameOf: NamespaceName;
  readonly byName: ReadonlyMap<string, NamespaceRecord>;
  /** The namespaces of whoever looked. */
  readonly own: ReadonlySet<NamespaceId>;
  readonly #move: (change: Partial<PageState>, how: Going) => void;
  readonly #framed = new Map<string, Framed>();
  #search: Search | undefined;
  state: PageState;

  constructor(
    snapshot: Snapshot,
    given: {
      readonly language: Language;
      readonly state: PageState;
      readonly move: (change: Partial<PageState>, how: Going) => void;
    },
  ) {
    this.language = given.language;
    this.state = given.state;
    this.#move = given.move;
    this.index = indexSnapshot(snapshot);
    this.nameOf = namesIn(this.index.snapshot);
    this.byName = recordsByName(this.index.snapshot);
    this.own = new Set(Object.values(snapshot.viewpoint.namespaces));
  }

  /** What a search finds; undefined where nothing is searched for. A page that is only looked at reads no names. */
  find(query: string): Findings | undefined {
    return query.trim() === "" ? undefined : this.#searching().find(query);
  }
  #searching(): Search {
    return (this.#search ??= new Search(this.index));
  }

  /** Makes what the first questions take, so that nobody waits for it then. */
  prepare(): void {
    foundationsOf(this.index);
    groundOf(this.index);
    this.#searching();
  }

  /** Each choice of kinds is framed once. */
  framed(kinds: readonly NamespaceKind[]): Framed {
    const key = kinds.join(" ");
    const framed = this.#framed.get(key) ?? frame(this.index, kinds.length === 0 ? undefined : new Set(kinds));
    this.#framed.set(key, framed);
    return framed;
  }

  go(change: Partial<PageState>, how: Going = "push"): void {
    this.#move(change, how);
  }
}
