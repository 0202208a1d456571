import { safeText } from "../messages/safe-text.ts";
import { namesIn, type NamespaceName } from "../render/namespace-name.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { callerOf, statusOf, type Caller, type Person } from "./caller.ts";
import { governorOf, HIDDEN, type Ground } from "./ground.ts";
import { powerOver, type Power, type WalkStep } from "./power.ts";
import { step, type Evidence, type MissingFact, type ProofStep } from "./proof.ts";

/** A process in a proof: its credentials, and how it is called there. */
export interface Named {
  readonly person: Person;
  readonly caller: Caller;
  /** `42 sleep`, `42/43 worker`. */
  readonly who: string;
  /** `/proc/42`, `/proc/42/task/43`. */
  readonly folder: string;
  /** `42`, `42/43`. */
  readonly number: string;
}

export function named(ground: Ground, person: Person): Named {
  const { process, thread } = person;
  const proc = ground.index.snapshot.viewpoint.proc ?? "/proc";
  const number = thread === undefined ? String(process.pid) : `${process.pid}/${thread.tid}`;
  const folder = `${proc}/${process.pid}${thread === undefined ? "" : `/task/${thread.tid}`}`;
  return { person, caller: callerOf(ground, person), who: `${number} ${safeText(process.comm)}`, folder, number };
}

/** A power and how the kernel comes to it. */
export interface ProvedPower {
  readonly power: Power;
  /** The number of the user namespace whose capabilities count, or `HIDDEN`. */
  readonly governor: number;
  readonly steps: readonly ProofStep[];
  readonly missing: readonly MissingFact[];
}

/** The walk to the power over one namespace, step by step, with what each rests on. */
export function provePower(ground: Ground, person: Named, namespace: NamespaceRecord): ProvedPower {
  const nameOf = namesIn(ground.index.snapshot);
  const governor = governorOf(ground, namespace);
  const teller = new Teller(ground, person, nameOf);
  const user = ground.nodes[governor];
  if (namespace.kind !== "user" && user !== undefined) teller.governed(namespace, user);
  const power = powerOver(ground, person.caller, governor, (walked) => {
    teller.tell(walked, namespace);
  });
  return { power, governor, steps: teller.steps, missing: teller.missing };
}

/** The same from a user namespace that governs something, known by its number. */
export function proveOver(ground: Ground, person: Named, node: number): ProvedPower {
  const record = ground.nodes[node];
  if (record === undefined) return { power: { least: "none", most: "all" }, governor: HIDDEN, steps: [], missing: [] };
  return provePower(ground, person, record);
}

class Teller {
  readonly steps: ProofStep[] = [];
  readonly missing: MissingFact[] = [];
  readonly #ground: Ground;
  readonly #person: Named;
  readonly #nameOf: NamespaceName;

  constructor(ground: Ground, person: Named, nameOf: NamespaceName) {
    this.#ground = ground;
    this.#person = person;
    this.#nameOf = nameOf;
  }

  governed(namespace: NamespaceRecord, user: NamespaceRecord): void {
    const inputs = { namespace: this.#nameOf(namespace), user: this.#nameOf(user) };
    this.steps.push(step("governed-by", inputs, [asked("NS_GET_USERNS", inputs.namespace, inputs.user)]));
  }

  tell(walked: WalkStep, asker: NamespaceRecord): void {
    const { who } = this.#person;
    if (walked.rule === "governor-hidden") {
      const namespace = this.#nameOf(asker);
      this.missing.push({ what: "owner", of: namespace });
      this.steps.push(step("governor-hidden", { namespace }));
      return;
    }
    const at = this.#name(walked.at);
    switch (walked.rule) {
      case "own-namespace":
        this.#effective();
        this.steps.push(step("own-namespace", { who, at }, [this.#link(), ...this.#field("CapEff")]));
        return;
      case "owner": {
        const inputs = { who, at, parent: this.#name(walked.parent), uid: this.#person.caller.euid };
        this.steps.push(step("owner", inputs, this.#ownership(walked)));
        return;
      }
      case "not-owner": {
        const creator = this.#ground.creator[walked.at] ?? HIDDEN;
        const inputs = { who, at, parent: this.#name(walked.parent), creator, euid: this.#person.caller.euid };
        this.steps.push(step("not-owner", inputs, this.#ownership(walked)));
        return;
      }
      case "owner-unknown":
        if (this.#ground.creator[walked.at] === HIDDEN) this.missing.push({ what: "creator", of: at });
        if (this.#person.caller.euid === HIDDEN) this.#missingUid();
        this.steps.push(step("owner-unknown", { who, at, parent: this.#name(walked.parent) }, this.#ownership(walked)));
        return;
      case "further-up": {
        const parent = this.#name(walked.parent);
        this.steps.push(step("further-up", { who, at, parent }, [asked("NS_GET_PARENT", at, parent), this.#link()]));
        return;
      }
      case "not-below":
        this.steps.push(step("not-below", { who, at, own: this.#name(this.#person.caller.user) }, [this.#link()]));
        return;
      case "parent-hidden":
        this.missing.push({ what: "parent", of: at });
        this.#effective();
        this.steps.push(step("parent-hidden", { at }));
        return;
      case "own-hidden":
        this.missing.push({ what: "link", of: `${this.#person.person.process.pid}/user` });
        this.steps.push(step("own-hidden", { who, at }));
    }
  }

  #name(node: number): string {
    const record = this.#ground.nodes[node];
    return record === undefined ? "user:[?]" : this.#nameOf(record);
  }

  #link(): Evidence {
    const { process } = this.#person.person;
    const proc = this.#ground.index.snapshot.viewpoint.proc ?? "/proc";
    return { read: `${proc}/${process.pid}/ns/user`, says: this.#name(this.#person.caller.user) };
  }

  #ownership({ at, parent }: { readonly at: number; readonly parent: number }): Evidence[] {
    const [name, creator] = [this.#name(at), this.#ground.creator[at] ?? HIDDEN];
    return [
      asked("NS_GET_PARENT", name, this.#name(parent)),
      this.#link(),
      ...(creator === HIDDEN ? [] : [asked("NS_GET_OWNER_UID", name, String(creator))]),
      ...this.#field("Uid"),
    ];
  }

  #field(field: "CapEff" | "Uid"): Evidence[] {
    const { person, folder, caller } = this.#person;
    const status = statusOf(person);
    if (field === "Uid" && caller.euid === HIDDEN) return [];
    if (status === undefined) return field === "Uid" ? [{ read: `stat ${folder}`, says: String(caller.euid) }] : [];
    const says = field === "Uid" ? String(status.uid.effective) : status.capabilities.effective;
    return [{ read: `${folder}/status ${field}`, says }];
  }

  #effective(): void {
    if (this.#person.caller.effective === undefined) this.missing.push({ what: "status", of: this.#person.number });
  }
  #missingUid(): void {
    const unread = statusOf(this.#person.person) === undefined && this.#person.person.thread !== undefined;
    this.missing.push({ what: unread ? "status" : "id", of: this.#person.number });
  }
}

const asked = (request: string, of: string, says: string): Evidence => ({ read: `ioctl ${request}`, of, says });
