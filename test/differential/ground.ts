import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LiveActor, openLiveActor } from "../../src/kernel/live/actor.ts";
import type { Native } from "../../src/kernel/live/native.ts";
import { runningRelease } from "../../src/kernel/live/running-release.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { statusOf } from "./compare-state.ts";
import { EMPTY_FOLDER } from "./draw-creation.ts";
import { BIND_NAMES } from "./draw-files.ts";
import { Pair } from "./pair.ts";

/** How the first task of a sequence starts: as root, or as an ordinary user. */
export interface Start {
  readonly uid: number;
}

/** No call of a sequence may take longer where nobody says otherwise: it would be one that waits for ever. */
const CALL_LIMIT_MS = 2000;

export interface GroundOptions {
  /** The release that the model is of, where it is not the running kernel's. */
  readonly kernel?: string;
  readonly callLimitMs?: number;
}

/**
 * Where mounts are private, files to bind over lie below one of them, as the model has it: a root whose mount namespace has
 * ended lacks both.
 */
const OWN_PLACES = "/run/netns";

function makePlaces(folder: string): void {
  for (const name of BIND_NAMES) writeFileSync(join(folder, name), "");
}

/** The running kernel and a folder of it, on which sequences are played one after the other. Whoever opens it ends it. */
export class Ground implements Disposable {
  readonly #native: Native;
  readonly #kernel: string;
  readonly #callLimitMs: number;
  readonly #folder: string;
  readonly #isRoot = process.geteuid?.() === 0;
  #live: LiveActor;
  /** Where mounts are private, the first task's mount namespace: in the model it is the machine's own, which nobody ends by leaving it. */
  #mounts: number | undefined;

  constructor(native: Native, { kernel = runningRelease(), callLimitMs = CALL_LIMIT_MS }: GroundOptions = {}) {
    this.#native = native;
    this.#kernel = kernel;
    this.#callLimitMs = callLimitMs;
    this.#folder = mkdtempSync(join(tmpdir(), "nsatlas-differential-"));
    chmodSync(this.#folder, 0o755);
    mkdirSync(join(this.#folder, EMPTY_FOLDER));
    makePlaces(this.#folder);
    this.#live = this.#open();
  }

  /** Both kernels at the start of a sequence. */
  pair({ uid }: Start): Pair {
    this.#restart(this.#isRoot ? { uid } : {});
    const pid = this.#live.pidOf(this.#live.first);
    this.#letGo();
    if (this.#isRoot) {
      this.#mounts = openSync(`/proc/${pid}/ns/mnt`, "r");
      makePlaces(join("/proc", String(pid), "root", OWN_PLACES));
    }
    const first = statusOf(pid);
    if (first === undefined) throw new Error("the first task is gone before it did anything");
    const { effective, bounding = effective } = first.capabilities;
    const model = new ModelActor({
      release: this.#kernel,
      uid: first.uid.effective,
      capabilities: effective,
      bounding,
    });
    const places = this.#isRoot ? OWN_PLACES : this.#folder;
    return new Pair({ model, live: this.#live, folder: this.#folder, places });
  }

  #open(): LiveActor {
    return openLiveActor(this.#native, { limitMs: this.#callLimitMs, privateMounts: this.#isRoot });
  }

  #restart(start: { uid?: number }): void {
    try {
      this.#live.restart(start);
    } catch {
      // Something of the sequence before is stuck: another program ends with all of its own.
      this.#live[Symbol.dispose]();
      this.#live = this.#open();
      this.#live.restart(start);
    }
  }

  #letGo(): void {
    if (this.#mounts !== undefined) closeSync(this.#mounts);
    this.#mounts = undefined;
  }

  [Symbol.dispose](): void {
    this.#letGo();
    this.#live[Symbol.dispose]();
    rmSync(this.#folder, { recursive: true });
  }
}
