import fc from "../support/property.ts";
import type { Call, CallName } from "../../src/kernel/call.ts";
import type { FileTarget, Task } from "../../src/kernel/model/world.ts";
import { Digits } from "./digits.ts";
import { CREATION_ROWS } from "./draw-creation.ts";
import { CREDENTIAL_ROWS } from "./draw-credentials.ts";
import { FILE_ROWS } from "./draw-files.ts";
import { HANDLE_ROWS } from "./draw-handles.ts";
import { GROUPS, type GroupName } from "./draw-groups.ts";
import type { Bound } from "./draw-people.ts";
import type { Start } from "./ground.ts";
import type { Scene } from "./scene.ts";

type Matching<One, Op> = One extends { readonly op: infer Names } ? (Op extends Names ? One : never) : never;

/** How often a call is drawn, against the others, and what it is made of; undefined: there is nothing to make it of. */
export interface Row<Op extends CallName> {
  readonly weight: number;
  /** Of which types a descriptor is wanted: mostly a caller is chosen that has one. */
  readonly wants?: readonly FileTarget["type"][];
  draw(scene: Scene, caller: Task, digits: Digits): Matching<Call, Op> | undefined;
}
export type Rows = { readonly [Op in CallName]?: Row<Op> };

/** Every call there is: one without a row does not compile. */
const ROWS: { readonly [Op in CallName]: Row<Op> } = {
  ...FILE_ROWS,
  ...HANDLE_ROWS,
  ...CREATION_ROWS,
  ...CREDENTIAL_ROWS,
};
/** A sequence starts with some of these, and later on there is one now and then. */
const PERSON = "person";
const MOST_PEOPLE = 4;

/**
 * A call that is not bound yet: its numbers choose among the tasks, descriptors and flags that there are when its turn
 * comes. So a sequence stays meaningful when a part of it is taken away.
 */
export interface DraftCall {
  readonly op: CallName | GroupName;
  readonly by: number;
  readonly how: number;
}

/** Choices take digits from it: some ten of them fit. */
const number = fc.noBias(fc.nat(2 ** 31 - 1));
const draftOf = (op: DraftCall["op"]) => fc.record({ op: fc.constant(op), by: number, how: number });

const anyDraft: fc.Arbitrary<DraftCall> = fc.oneof(
  ...(Object.keys(ROWS) as CallName[]).map((op) => ({ arbitrary: draftOf(op), weight: ROWS[op].weight })),
  ...(Object.keys(GROUPS) as GroupName[]).map((op) => ({ arbitrary: draftOf(op), weight: GROUPS[op].weight })),
);

/** Of 5 to 40 calls or little groups of them, after those that make the first tasks. */
const anySequence: fc.Arbitrary<readonly DraftCall[]> = fc
  .tuple(
    fc.array<DraftCall>(draftOf(PERSON), { maxLength: MOST_PEOPLE, size: "max" }),
    fc.array(anyDraft, { minLength: 5, maxLength: 40, size: "max" }),
  )
  .map(([people, calls]) => [...people, ...calls]);
const anyBeginning = fc.noBias(fc.record({ start: fc.nat(), drafts: anySequence }));

export interface Sequence {
  readonly start: Start;
  readonly drafts: readonly DraftCall[];
}

/** The sequence that a number stands for. */
export function sequenceOf(seed: number, starts: readonly Start[]): Sequence {
  const [drawn] = fc.sample(anyBeginning, { seed: scattered(seed), numRuns: 1 });
  const start = drawn === undefined ? undefined : starts[drawn.start % starts.length];
  if (drawn === undefined || start === undefined) throw new RangeError("nothing to start from");
  return { start, drafts: drawn.drafts };
}

/** Numbers that follow each other would begin alike. This is the end of MurmurHash3, which gives no number twice. */
function scattered(seed: number): number {
  let mixed = seed;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Binds a drafted call to what there is; none where there is nothing for it to choose from. */
export function bindDraft({ op, by, how }: DraftCall, scene: Scene): readonly Bound[] {
  if (scene.callers.length === 0) return [];
  const who = new Digits(by);
  if (isGroup(op)) return GROUPS[op].draw(scene, scene.caller(who, []), new Digits(how));
  const { wants = [] } = ROWS[op];
  // Where nobody has such a descriptor yet, one is opened instead, but for a few.
  const opens = wants[0] === undefined || scene.haveAny(wants) || who.once(6) ? undefined : OPENS[wants[0]];
  const row = ROWS[opens ?? op];
  const caller = scene.caller(who, row.wants ?? []);
  const call = row.draw(scene, caller, new Digits(how));
  return call === undefined ? [] : [{ caller: caller.name, call }];
}

const isGroup = (op: string): op is GroupName => Object.hasOwn(GROUPS, op);

/** The call that gives a descriptor of a type. */
const OPENS = {
  namespace: "open",
  pidfd: "pidfd_open",
  map: "open-map",
  socket: "open-other",
  other: "open-other",
} as const satisfies Record<FileTarget["type"], CallName>;
