import type { NamespaceId } from "../../abi/ids.ts";
import { KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { PICTURE_SENTENCES, PICTURE_TEXTS } from "../../messages/picture.ts";
import type { Charset } from "../../messages/safe-text.ts";
import { safeText } from "../../messages/safe-text.ts";
import type { Language } from "../../messages/sentence.ts";
import { OWNER_NOT_SHOWN, TREE_TOTALS } from "../../messages/tree.ts";
import { bySureness } from "../../snapshot/holding.ts";
import { holdersOf, type Holder } from "../../snapshot/holders.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import { compareSeniority } from "../../snapshot/senior.ts";
import type { NamespaceRecord } from "../../snapshot/types.ts";
import { MOST_DRAWN } from "../alike.ts";
import { countKinds, frame, isNamespace, type Frame } from "../frames.ts";
import { groupBy } from "../group.ts";
import { holderWords, isProcessHolder, placeWords } from "../holder-words.ts";
import { namesIn, type NamespaceName } from "../namespace-name.ts";
import { notSeen } from "../not-seen.ts";
import { traceNameOf } from "../trace-words.ts";
import { crowdsOf, homes, type Crowd } from "./crowds.ts";
import { foldPicture } from "./fold-picture.ts";
import { innermostFirst } from "./innermost-first.ts";
import type { Box, Card, Lead, Link, Picture, Row } from "./picture.ts";

export interface PictureWish {
  readonly language: Language;
  readonly charset: Charset;
  /** Only these kinds; user namespaces stay as the frame. */
  readonly kinds?: ReadonlySet<NamespaceKind>;
  /** Every namespace by itself, however many. */
  readonly all: boolean;
}

/** The picture of a snapshot: deterministic, whatever order its records come in. */
export function drawPicture(index: SnapshotIndex, wish: PictureWish): Picture {
  const drawing = new Drawing(index, wish);
  const { roots } = frame(index, wish.kinds);
  const boxes = roots.map((root) => drawing.box(root));
  const whole: Picture = { title: drawing.title(), notes: drawing.notes(), boxes, links: drawing.links() };
  return wish.all || drawing.drawn <= MOST_DRAWN ? whole : foldPicture(whole, wish.language);
}

/** One picture while it is drawn: what has got which id in it. */
class Drawing {
  drawn = 0;
  readonly #index: SnapshotIndex;
  readonly #wish: PictureWish;
  readonly #nameOf: NamespaceName;
  readonly #crowds: readonly Crowd[];
  readonly #homes: ReadonlyMap<NamespaceId, Crowd>;
  readonly #own: ReadonlySet<NamespaceId>;
  /** The namespaces of the most senior process: whoever shares one of these is told so in a word. */
  readonly #common: ReadonlySet<NamespaceId>;
  /** Ids of the drawing, by what they stand for. */
  readonly #cards = new Map<NamespaceId, string>();
  readonly #leads = new Map<Crowd, string>();
  /** Crowds by the user namespace they are in. */
  readonly #residents: ReadonlyMap<NamespaceId | undefined, readonly Crowd[]>;

  constructor(index: SnapshotIndex, wish: PictureWish) {
    this.#index = index;
    this.#wish = wish;
    this.#nameOf = namesIn(index.snapshot);
    this.#crowds = crowdsOf(index);
    this.#homes = homes(this.#crowds);
    this.#own = new Set(Object.values(index.snapshot.viewpoint.namespaces));
    this.#common = new Set(Object.values(this.#crowds[0]?.senior.namespaces ?? {}));
    this.#residents = groupBy(this.#crowds, ({ senior }) => senior.namespaces.user);
  }

  title(): string {
    const { kernel } = this.#index.snapshot.viewpoint;
    return PICTURE_SENTENCES.title[this.#wish.language]({ host: `${kernel.name} ${kernel.release}` });
  }

  notes(): string[] {
    const { language, kinds } = this.#wish;
    const { snapshot } = this.#index;
    const drawn = snapshot.namespaces.filter(({ kind }) => kinds === undefined || kinds.has(kind));
    const counts = countKinds(drawn).map(([kind, count]) => TREE_TOTALS.ofKind[language]({ kind, count }));
    const total = TREE_TOTALS.namespaces[language]({ count: drawn.length });
    const processes = TREE_TOTALS.processes[language]({ count: snapshot.processes.length });
    return [
      TREE_TOTALS.total[language]({ total, kinds: [...counts, processes].join(", ") }),
      ...notSeen(snapshot, language),
    ];
  }

  box(top: Frame): Box {
    const done = new Map<Frame, Box>();
    for (const at of innermostFirst([top], ({ children }) => children)) {
      const inner = at.children.flatMap((child) => done.get(child) ?? []);
      done.set(at, this.#boxOf(at, inner));
    }
    const box = done.get(top);
    if (box === undefined) throw new RangeError("a frame has no box");
    return box;
  }

  #boxOf({ top, owned }: Frame, boxes: readonly Box[]): Box {
    const { language } = this.#wish;
    this.drawn += owned.length + 1;
    const id = `b${this.drawn}`;
    if (!isNamespace(top)) {
      const title =
        top.errno === undefined
          ? OWNER_NOT_SHOWN.unseen[language]
          : OWNER_NOT_SHOWN.refused[language]({ errno: top.errno });
      return { id, title, lines: [], own: false, times: 1, rows: this.#rows(undefined, owned, id), boxes };
    }
    this.#cards.set(top.id, id);
    return {
      id,
      namespace: top.id,
      title: this.#nameOf(top),
      lines: this.#aboutUser(top),
      own: this.#own.has(top.id),
      times: 1,
      rows: this.#rows(top, owned, id),
      boxes,
    };
  }

  #aboutUser(user: NamespaceRecord): string[] {
    const { charset } = this.#wish;
    const whose = traceNameOf(user, charset);
    const extents = user.maps !== undefined && "value" in user.maps ? user.maps.value.uid : [];
    const [first, ...more] = extents;
    const isWhole = first !== undefined && first.count >= 4_294_967_295;
    const map =
      first === undefined || isWhole
        ? []
        : [`uid ${first.inside} → ${first.outside} × ${first.count}${more.length > 0 ? ` +${more.length}` : ""}`];
    return [...(whose === undefined ? [] : [whose]), ...map];
  }

  /** A row for each crowd that lives here or whose namespaces are owned here, then what has no process. */
  #rows(user: NamespaceRecord | undefined, owned: readonly NamespaceRecord[], box: string): Row[] {
    const byHome = groupBy(owned, ({ id }) => this.#homes.get(id));
    const residents = user === undefined ? [] : (this.#residents.get(user.id) ?? []);
    const crowds = new Set([...residents, ...[...byHome.keys()].filter((home) => home !== undefined)]);
    const rows = [...crowds]
      .toSorted((a, b) => compareSeniority(a.senior, b.senior))
      .map((crowd, nth) => {
        const isHere = user !== undefined && crowd.senior.namespaces.user === user.id;
        const id = `${box}l${nth}`;
        if (isHere) this.#leads.set(crowd, id);
        return { lead: this.#leadOf(crowd, id, isHere), cards: this.#cardsOf(byHome.get(crowd) ?? [], id), times: 1 };
      });
    const held = groupBy(byHome.get(undefined) ?? [], (namespace) => this.#heldBy(namespace).join("\n"));
    return [
      ...rows,
      ...[...held.values()].map((namespaces, nth) => {
        const id = `${box}h${nth}`;
        return { lead: this.#holderLead(namespaces, id), cards: this.#cardsOf(namespaces, id), times: 1 };
      }),
    ];
  }

  #leadOf({ senior, count }: Crowd, id: string, isHere: boolean): Lead {
    const { language, charset } = this.#wish;
    const shared = KINDS.filter((kind) => {
      const at = senior.namespaces[kind];
      return at !== undefined && this.#common.has(at) && this.#homes.get(at)?.senior !== senior;
    });
    const name = `${senior.pid} ${safeText(senior.comm, charset)}`;
    const more = count > 1 ? [PICTURE_SENTENCES.others[language]({ count: count - 1 })] : [];
    const what = isHere ? "process" : "elsewhere";
    return { id, what, pid: senior.pid, lines: [name, ...more], shares: isHere ? shared : [] };
  }

  #holderLead([first]: readonly NamespaceRecord[], id: string): Lead {
    if (first === undefined) throw new RangeError("a row without a namespace");
    const [holder] = bySureness(holdersOf(this.#index, first.id));
    return { id, what: holder?.kind ?? "nobody", lines: this.#heldBy(first), shares: [] };
  }

  #heldBy(namespace: NamespaceRecord): string[] {
    const { language } = this.#wish;
    const [first, ...others] = bySureness(holdersOf(this.#index, namespace.id));
    if (first === undefined) return [PICTURE_TEXTS[namespace.listed ? "listed" : "nobody"][language]];
    const more = others.length > 0 ? [PICTURE_SENTENCES.others[language]({ count: others.length })] : [];
    return [this.#holderText(first), ...more];
  }

  #holderText(holder: Holder): string {
    const words = { ...this.#wish, nameOf: this.#nameOf };
    if (isProcessHolder(holder)) return holderWords(holder, words);
    if (holder.kind === "bind-mount") return placeWords(holder.pin, words);
    if (holder.kind === "mount") return placeWords(holder.mount, words);
    return this.#nameOf(holder.namespace);
  }

  #cardsOf(namespaces: readonly NamespaceRecord[], row: string): Card[] {
    const sorted = namespaces.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
    return sorted.map((namespace, nth) => {
      const id = `${row}c${nth}`;
      this.#cards.set(namespace.id, id);
      return {
        id,
        namespace: namespace.id,
        kind: namespace.kind,
        title: this.#nameOf(namespace),
        line: this.#aboutCard(namespace),
        own: this.#own.has(namespace.id),
      };
    });
  }

  #aboutCard(namespace: NamespaceRecord): string {
    const { language, charset } = this.#wish;
    const given = this.#index.names.get(namespace.id)?.map(({ name }) => safeText(name, charset)) ?? [];
    const whose = traceNameOf(namespace, charset);
    const count = this.#index.members.get(namespace.id)?.length ?? 0;
    return [
      ...given,
      ...(whose === undefined ? [] : [whose]),
      ...(count > 0 ? [PICTURE_SENTENCES.processes[language]({ count })] : []),
    ].join(" · ");
  }

  /** Memberships that no row and no word tells, and pid namespaces in pid namespaces of other rows. */
  links(): Link[] {
    const links: Link[] = [];
    for (const crowd of this.#crowds) {
      const from = this.#leads.get(crowd);
      if (from === undefined) continue;
      for (const kind of KINDS) {
        const at = crowd.senior.namespaces[kind];
        const to = at === undefined || kind === "user" ? undefined : this.#cards.get(at);
        if (at === undefined || to === undefined || this.#common.has(at) || to.startsWith(`${from}c`)) continue;
        links.push({ what: "member", from, to });
      }
    }
    for (const namespace of this.#index.snapshot.namespaces) {
      if (namespace.kind !== "pid" || namespace.parent === undefined || !("to" in namespace.parent)) continue;
      const [from, to] = [this.#cards.get(namespace.id), this.#cards.get(namespace.parent.to)];
      // The machine's first one is everybody's: lines to it would say nothing.
      const isFirst = this.#common.has(namespace.parent.to);
      if (from !== undefined && to !== undefined && !isFirst) links.push({ what: "parent", from, to });
    }
    return links;
  }
}
