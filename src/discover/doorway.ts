import type { Telling } from "../kernel/attributes.ts";
import type { Entrance, MountView } from "../kernel/mounting.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import { refused, type Outcome } from "../rules/outcome.ts";

/** Entering namespaces by processes of ours: opened where it is needed first, not at all where it is not wanted. */
export class Doorway implements Disposable {
  readonly #observer: Observer;
  readonly #mayEnter: boolean;
  #entrance: Outcome<Entrance> | undefined;
  /** What was not looked at, for it would have been entered and that was not wanted. */
  declined = 0;

  constructor(observer: Observer, { mayEnter }: { mayEnter: boolean }) {
    this.#observer = observer;
    this.#mayEnter = mayEnter;
  }

  /** ECANCELED: it is not wanted. Else as `Entrance.mounts`. */
  enter(file: NsFile): Outcome<MountView> {
    const entrance = this.#open();
    return entrance.ok ? entrance.value.mounts(file) : entrance;
  }

  /** Whoever can be asked about namespaces from inside; about our own too where ECANCELED: entering is not wanted. */
  telling(of: "own" | undefined): Outcome<Telling> {
    return of === "own" ? this.#start() : this.#open();
  }

  mqueueDevices(files: readonly NsFile[]): readonly Outcome<bigint>[] {
    const entrance = this.#open();
    return entrance.ok ? entrance.value.mqueueDevices(files) : files.map(() => entrance);
  }

  #open(): Outcome<Entrance> {
    if (!this.#mayEnter) {
      this.declined++;
      return refused("ECANCELED");
    }
    return this.#start();
  }

  #start(): Outcome<Entrance> {
    return (this.#entrance ??= this.#observer.openEntrance());
  }

  [Symbol.dispose](): void {
    if (this.#entrance?.ok === true) this.#entrance.value[Symbol.dispose]();
  }
}
