import { join } from "node:path";
import { callText, taskName, type Call, type TaskName, type Value } from "../../src/kernel/call.ts";
import { pause } from "../../src/kernel/live/actor-ends.ts";
import type { PlainCall } from "../../src/kernel/live/calls-together.ts";
import { HolderLostError } from "../../src/kernel/live/holder-calls.ts";
import type { LiveActor } from "../../src/kernel/live/actor.ts";
import type { ModelActor } from "../../src/kernel/model/actor.ts";
import { step } from "../../src/kernel/model/step.ts";
import type { World } from "../../src/kernel/model/world.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import { whyNotPlayed } from "./beyond.ts";
import { Comparison, givesDescriptor, type Said } from "./compare.ts";
import { stateDiffers } from "./compare-state.ts";
import { bindDraft, type DraftCall } from "./draft-call.ts";
import type { Bound } from "./draw-people.ts";
import { Scene } from "./scene.ts";

export interface Sides {
  readonly model: ModelActor;
  readonly live: LiveActor;
  /** A folder of the running kernel with an empty folder `empty`. */
  readonly folder: string;
  /** The one that has files to bind over. */
  readonly places: string;
}

/** Where the model has the files that can be bound over. */
const MODEL_FOLDER = "/run/netns";

/** With a millisecond between them. */
const CLEARING_TRIES = 1000;
const ENDING_TRIES = 100;
function isNotClearedYet({ op }: Call, ours: Outcome<Value>, theirs: Outcome<Value> | string): boolean {
  if (typeof theirs === "string") return false;
  if (op === "open_by_handle_at")
    return !ours.ok && ours.errno === "ESTALE" && (theirs.ok || theirs.errno !== "ESTALE");
  return !theirs.ok && theirs.errno === "ENOSPC" && (ours.ok || ours.errno !== "ENOSPC");
}

/** The model and the running kernel, side by side, from the same start. */
export class Pair {
  readonly #sides: Sides;
  readonly #comparison: Comparison;
  #names = 0;
  readonly history: Said[] = [];
  /** All that was made, the last one too if the running kernel gave no answer to it. */
  readonly made: Bound[] = [];
  #worldBefore: World;

  constructor(sides: Sides) {
    this.#sides = sides;
    this.#comparison = new Comparison(sides.model, sides.live);
    this.#worldBefore = sides.model.world;
  }

  /** As the model has it. */
  get world(): World {
    return this.#sides.model.world;
  }

  /** The model's world before the last call. */
  get worldBefore(): World {
    return this.#worldBefore;
  }

  get #scene(): Scene {
    return new Scene(this.world, {
      newName: () => taskName(`t${this.#names++}`),
      handles: this.#comparison.handles,
    });
  }

  /** Makes what a draft stands for on both sides; gives what differs, in words. */
  play(draft: DraftCall): string | undefined {
    for (const bound of bindDraft(draft, this.#scene)) {
      const difference = this.playBound(bound);
      if (difference !== undefined) return difference;
      // Without the new task there is nothing for the others to work on.
      const last = this.history.at(-1);
      if (last?.call.op === "clone" && !last.model.ok) return undefined;
    }
    return undefined;
  }

  playBound({ caller, call }: Bound): string | undefined {
    const task = this.world.tasks.get(caller);
    // An earlier call of the same draft may have been refused, or left out to make a sequence shorter.
    if (task?.memberships === undefined || task.waitsFor !== undefined) return undefined;
    if (whyNotPlayed(this.world, task, this.#forModel(call)) !== undefined) return undefined;
    // What gave the handle may have been left out.
    if (call.op === "open_by_handle_at" && !this.#comparison.knows(call.handle)) return undefined;
    const { model, live } = this.#sides;
    const numbers = new Map<TaskName, number>();
    for (const name of model.world.tasks.keys()) numbers.set(name, live.pidOf(name));
    const before = { world: model.world, pidOf: (name: TaskName) => numbers.get(name) ?? live.pidOf(name) };
    this.#worldBefore = model.world;
    this.made.push({ caller, call });
    const ours = model.call(caller, this.#forModel(call));
    const theirs = this.#askPatiently(caller, this.#forLive(call), ours);
    if (typeof theirs === "string") return `${caller} ${call.op}: ${theirs}`;
    const said = { caller, call, model: ours, live: theirs };
    this.history.push(said);
    return this.#comparison.differs(said, before);
  }

  /**
   * The running kernel comes to clear some namespaces away a while after their end. Until then it counts them, and refuses
   * new ones, and handles still lead to them. Source: net/core/net_namespace.c cleanup_net, ipc/namespace.c free_ipc,
   * kernel/user_namespace.c free_user_ns, kernel/pid.c delayed_put_pid.
   */
  #askPatiently(caller: TaskName, call: Call, ours: Outcome<Value>): Outcome<Value> | string {
    let theirs = this.#ask(caller, call);
    for (let tries = CLEARING_TRIES; tries > 0 && isNotClearedYet(call, ours, theirs); tries--) {
      if (typeof theirs === "object" && theirs.ok) this.#ask(caller, { op: "close", fd: Number(theirs.value) });
      pause();
      theirs = this.#ask(caller, call);
    }
    return theirs;
  }

  /**
   * What the model says of a call, where that changes nothing but what `together` will ask; undefined: it changes more,
   * and is to be played alone.
   */
  foresee(caller: TaskName, call: Call): Outcome<Value> | undefined {
    const [, outcome] = step(this.world, caller, call);
    const changesNothing = !outcome.ok || (call.op === "ioctl" && !givesDescriptor(call));
    return changesNothing ? outcome : undefined;
  }

  /** Calls by one task that change nothing, as foreseen, sent to the running kernel together. Gives what differs first. */
  playTogether(caller: TaskName, foreseen: readonly Foreseen[]): string | undefined {
    const { live } = this.#sides;
    const before = { world: this.world, pidOf: (name: TaskName) => live.pidOf(name) };
    const answers = attempt(() =>
      live.together(
        caller,
        foreseen.map(({ call }) => call),
      ),
    );
    if (typeof answers === "string") return `${caller}: ${answers}`;
    for (const [at, { call, model }] of foreseen.entries()) {
      const answer = answers[at];
      if (answer === undefined) return `${caller} ${callText(call)}: no answer`;
      const said = { caller, call, model, live: answer };
      this.history.push(said);
      const difference = this.#comparison.differs(said, before);
      if (difference !== undefined) return `${caller} ${callText(call)}: ${difference}`;
    }
    return undefined;
  }

  #ask(caller: TaskName, call: Call): Outcome<Value> | string {
    return attempt(() => this.#sides.live.call(caller, call));
  }

  /** Whether all tasks stand alike on both sides, as /proc shows them; who is about to end gets some time for it. */
  compareState(): string | undefined {
    const compare = (): string | undefined => stateDiffers(this.world, this.#sides.live);
    let difference = compare();
    for (let tries = ENDING_TRIES; tries > 0 && difference !== undefined; tries--) {
      pause();
      difference = compare();
    }
    return difference;
  }

  // Names and handles are the model's or nobody's: each side gets what stands for them there.
  #forModel(call: Call): Call {
    return "path" in call && !call.path.startsWith("/") ? { ...call, path: join(MODEL_FOLDER, call.path) } : call;
  }
  #forLive(call: Call): Call {
    if (call.op === "open_by_handle_at") return { ...call, handle: this.#comparison.liveHandle(call.handle) };
    const { folder, places } = this.#sides;
    const below = call.op === "chroot" ? folder : places;
    return "path" in call && !call.path.startsWith("/") ? { ...call, path: join(below, call.path) } : call;
  }
}

/** A call that changes nothing, and what the model says of it. */
export interface Foreseen {
  readonly call: PlainCall;
  readonly model: Outcome<Value>;
}

/** What went wrong on the running kernel's side, in words. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof HolderLostError) return error.message;
    if (error instanceof Error) return error.stack ?? error.message;
    throw error;
  }
}
