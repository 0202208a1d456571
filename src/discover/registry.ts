import type { NamespaceId } from "../abi/ids.ts";
import { nests, type NamespaceKind, type NestingKind } from "../abi/namespace-kinds.ts";
import type { NsFile } from "../kernel/observer.ts";
import { explain, type NamespaceCall } from "../rules/explain.ts";
import type { Outcome, Refused } from "../rules/outcome.ts";
import type { Answer, NamespaceRecord, Refusal, Relation } from "../snapshot/types.ts";
import { compareNamespaces } from "../snapshot/order.ts";
import { Tally } from "./tally.ts";

/**
 * Every namespace found so far. Each is asked once, whatever leads to it; its owner and parent are followed until nothing
 * new turns up, so that user namespaces without a process are found as well. From `keepOpen` on, each file stays open to the end
 * of the look, so that nobody else gets the namespace's number meanwhile.
 */
export class Registry implements Disposable {
  /** Files that began before that, in milliseconds after 1970, are older than our look: their age says something. */
  readonly #before: number;
  readonly #records = new Map<NamespaceId, NamespaceRecord>();
  readonly #byUniqueId = new Map<bigint, NamespaceId>();
  readonly #listed = new Set<NamespaceId>();
  readonly relations = new Tally("relations");
  /** What holders led to, of which some may have ended since. */
  readonly led = new Set<NamespaceId>();
  /** The number of namespaces that were asked before each. */
  readonly #askedBefore = new Map<NamespaceId, number>();
  readonly #held: Disposable[] = [];
  readonly #times = new TimeTexts();
  /** Where it led from the one before, of those that were asked. */
  readonly #lastAbove: { owner?: { readonly to: NamespaceId }; parent?: { readonly to: NamespaceId } } = {};
  #keepsOpen = false;

  readonly #mostHeld: number;

  /** `lookedAt`: the beginning of the look. */
  constructor(lookedAt: Date, mostHeld = MOST_HELD) {
    this.#mostHeld = mostHeld;
    this.#before = lookedAt.getTime() - FILE_CLOCK_MS;
  }

  /** Before, all descriptors are to be read, so that ours are not among them. */
  keepOpen(): void {
    this.#keepsOpen = true;
  }
  letGo(): void {
    this.#keepsOpen = false;
    for (const held of this.#held.splice(0)) held[Symbol.dispose]();
  }
  [Symbol.dispose](): void {
    this.letGo();
  }
  has(id: NamespaceId): boolean {
    return this.#records.has(id);
  }
  /** How many were asked so far. */
  get asked(): number {
    return this.#askedBefore.size;
  }
  /** Whether it was asked, and is open, since so many were: a number that was read later is its own. */
  wasAskedAmong(id: NamespaceId, asked: number): boolean {
    return (this.#askedBefore.get(id) ?? Infinity) < asked;
  }
  kindOf(id: NamespaceId): NamespaceKind | undefined {
    return this.#records.get(id)?.kind;
  }
  /** Whether its file was opened and asked; one that is known by its number alone was not. */
  wasAsked(id: NamespaceId): boolean {
    const known = this.#records.get(id);
    return known !== undefined && !("refused" in known.owner && known.owner.call === "openat");
  }
  /** The one with this 64-bit id, where it was asked. */
  ofUniqueId(uniqueId: bigint): NamespaceId | undefined {
    return this.#byUniqueId.get(uniqueId);
  }
  /** The kernel lists it to the viewer. */
  markListed(id: NamespaceId): void {
    this.#listed.add(id);
  }
  /** By kind, then device and inode. */
  get records(): NamespaceRecord[] {
    return [...this.#records.values()]
      .map((record): NamespaceRecord => (this.#listed.has(record.id) ? { ...record, listed: true } : record))
      .toSorted(compareNamespaces);
  }

  /**
   * Asks an open namespace file everything, and then what it leads to. The file stays the caller's. False: it is of a
   * kind that this nsatlas does not know, and has no record. `told`: its kind, as a mount table has it: a file that is opened
   * by a path does not show that without the native half.
   */
  visit(file: NsFile, told?: NamespaceKind): boolean {
    const found: NsFile[] = [];
    try {
      if (!this.#ask(file, found, told)) return false;
      for (let next = found.pop(); next !== undefined; next = found.pop()) {
        using above = next;
        this.#ask(above, found);
      }
    } finally {
      for (const file of found) file[Symbol.dispose]();
    }
    return true;
  }

  /** As `visit`, of what something led to that holds it: it is shown as long as its holder is there. */
  lead(file: NsFile, told?: NamespaceKind): boolean {
    this.led.add(file.id);
    return this.visit(file, told);
  }

  /**
   * Keeps a namespace that is known only by its number: why its file could not be opened stands for all answers. False: the
   * number is another's by now.
   */
  keepUnopened(id: NamespaceId, kind: NamespaceKind, refusal: Refusal): boolean {
    this.led.add(id);
    const known = this.kindOf(id);
    if (known !== undefined) return known === kind;
    const more = { ...(nests(kind) ? { parent: refusal } : {}), ...(kind === "user" ? { creatorUid: refusal } : {}) };
    this.#records.set(id, { id, kind, owner: refusal, ...more });
    return true;
  }

  #ask(file: NsFile, found: NsFile[], told?: NamespaceKind): boolean {
    if (this.wasAsked(file.id) && !this.#isAnothers(file, told)) return true;
    const shown = file.kind();
    const kind = shown.ok ? shown.value : told;
    if (kind === undefined) return false;
    // One that was known by number alone is asked now that it is open. If that was another, it has ended.
    this.#askedBefore.set(file.id, this.asked);
    if (this.#keepsOpen && this.#held.length < this.#mostHeld) this.#held.push(file.hold());
    const owner = this.#follow(file, "owner", kind, found);
    const unique = file.uniqueId();
    if (unique.ok) this.#byUniqueId.set(unique.value, file.id);
    const since = file.existsSince();
    // Field by field: spreads take as long as all the rest, ten thousand times.
    const record: { -readonly [Field in keyof NamespaceRecord]: NamespaceRecord[Field] } = { id: file.id, kind, owner };
    if (unique.ok) record.uniqueId = String(unique.value);
    const netnsid = kind === "net" ? netnsidOf(file) : undefined;
    if (netnsid !== undefined) record.netnsid = netnsid;
    if (since !== undefined && since < this.#before) record.existsSince = this.#times.of(since);
    if (nests(kind)) record.parent = this.#parent(file, kind, owner, found);
    if (kind === "user") record.creatorUid = answer(file.ownerUid(), "NS_GET_OWNER_UID", "user");
    this.#records.set(file.id, record);
    return true;
  }

  /** Whether the number, of one that was asked and could not be kept open, is another namespace's by now. */
  #isAnothers(file: NsFile, told?: NamespaceKind): boolean {
    if (this.#held.length < this.#mostHeld) return false;
    const unique = file.uniqueId();
    const known = this.#records.get(file.id);
    if (unique.ok && known?.uniqueId !== undefined) return known.uniqueId !== String(unique.value);
    const shown = file.kind();
    return known?.kind !== (shown.ok ? shown.value : (told ?? known?.kind));
  }

  /** The owner of a user namespace is its parent: the kernel answers both by one function, so it is asked once. */
  #parent(file: NsFile, kind: NestingKind, owner: Relation, found: NsFile[]): Relation {
    if (kind === "pid") return this.#follow(file, "parent", kind, found);
    if ("to" in owner) return owner;
    const same = explain("NS_GET_PARENT", owner.refused, kind);
    return {
      refused: owner.refused,
      call: "ioctl NS_GET_PARENT",
      ...(same === undefined ? {} : { reason: same }),
    };
  }

  /** What is above and was not asked yet goes to `found`. */
  #follow(file: NsFile, above: "owner" | "parent", kind: NamespaceKind, found: NsFile[]): Relation {
    const call = above === "owner" ? "NS_GET_USERNS" : "NS_GET_PARENT";
    const told = file.told(above);
    // Most that are asked one after the other have the same one.
    if (told?.ok === true && told.value === this.#lastAbove[above]?.to) {
      this.relations.saw();
      return this.#lastAbove[above];
    }
    const isKnown = told?.ok === true && this.kindOf(told.value) === (above === "owner" ? "user" : kind);
    if (isKnown && this.wasAsked(told.value)) {
      this.relations.saw();
      return (this.#lastAbove[above] = { to: told.value });
    }
    const opened = told?.ok === false ? told : above === "owner" ? file.openOwner() : file.openParent();
    if (!opened.ok) {
      this.relations.refused(opened.errno);
      return refusal(opened, call, kind);
    }
    this.relations.saw();
    found.push(opened.value);
    return { to: opened.value.id };
  }
}

/**
 * So many files are kept open: 4,096 descriptors is the least that systems let a process have that asks for more. On a machine with
 * more namespaces the rest are told apart by what their links say before and after.
 */
const MOST_HELD = 3072;

/** Where it is not told, nothing is lost: the number is a name that other programs use. */
function netnsidOf(file: NsFile): number | "unassigned" | undefined {
  const told = file.netnsid();
  if (!told.ok) return undefined;
  return told.value < 0 ? "unassigned" : told.value;
}

/** How the library of the language writes a time, which takes long: what changes within a second is written anew. */
class TimeTexts {
  #second = NaN;
  #text = "";

  /** In milliseconds after 1970; in UTC, by ISO 8601. */
  of(time: number): string {
    const second = Math.floor(time / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * 1000).toISOString().slice(0, -"000Z".length);
    }
    return `${this.#text}${String(Math.floor(time) - second * 1000).padStart(3, "0")}Z`;
  }
}

/** File times come from a clock that goes in steps of some milliseconds. */
const FILE_CLOCK_MS = 1000;

function answer<T>(outcome: Outcome<T>, call: NamespaceCall, kind: NamespaceKind): Answer<T> {
  return outcome.ok ? { value: outcome.value } : refusal(outcome, call, kind);
}

function refusal({ errno, reason }: Refused, call: NamespaceCall, kind: NamespaceKind): Refusal {
  const why = reason ?? explain(call, errno, kind);
  return { refused: errno, call: `ioctl ${call}`, ...(why === undefined ? {} : { reason: why }) };
}
