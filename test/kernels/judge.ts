import { ALL_CAPABILITIES } from "../../src/abi/capabilities.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { NEWEST_RELEASE } from "../../src/rules/release.ts";
import { broken, type Line } from "./record.ts";
import { PARTS } from "./parts.ts";
import { ROOMS } from "./rooms.ts";

export { guestsFor } from "./deal.ts";
export { pageOf } from "./page.ts";

/** A case that two kernels answer differently. */
export interface Difference {
  readonly id: string;
  readonly kernel: string;
  readonly model: string;
}

/** What the answers of one kernel's guests come to. */
export interface Judgement {
  /** What the guests that did not come to their end wrote last. */
  readonly unfinished: readonly string[];
  /** How long what took, of each guest, in seconds. */
  readonly took: readonly ReadonlyMap<string, number>[];
  /** How many cases it answered. */
  readonly asked: number;
  /** Where the model of the same release says otherwise: must be empty. */
  readonly wrong: readonly Difference[];
  /** What the parts found, by part: each check without the part's name, and what came of it. */
  readonly parts: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Where the model of the release that all facts were measured on says otherwise: what is special about this kernel. */
  readonly special: readonly Difference[];
}

/** Compares what the guests of one kernel wrote with the models. */
export function judge(records: readonly string[], release: string): Judgement {
  const guests = records.map(read);
  const answers = new Map(guests.flatMap((guest) => [...guest.answers]));
  const expected = new Map(guests.flatMap((guest) => [...guest.expected]));
  const capabilities = guests[0]?.capabilities ?? ALL_CAPABILITIES;
  const modelled = new Map([...askModel(release, capabilities), ...expected]);
  // What is no case of the model is special nowhere.
  const usual = new Map([...askModel(NEWEST_RELEASE, capabilities), ...pick(answers, expected)]);
  return {
    unfinished: guests.flatMap(({ finished, last }) => (finished ? [] : [last])),
    took: guests.map(({ took }) => took),
    asked: answers.size,
    wrong: compare(answers, modelled),
    special: compare(answers, usual),
    parts: partsOf(answers),
  };
}

const pick = (answers: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>): [string, string][] =>
  [...answers].filter(([id]) => expected.has(id));

/** `expected`: of what no model is asked. */
function read(records: string): {
  answers: Map<string, string>;
  expected: Map<string, string>;
  took: Map<string, number>;
  capabilities: bigint;
  finished: boolean;
  last: string;
} {
  const expected = new Map<string, string>();
  const answers = new Map<string, string>();
  const took = new Map<string, number>();
  let capabilities = ALL_CAPABILITIES;
  let finished: number | undefined;
  let last = "its start";
  for (const text of records.split(/\r?\n/).filter((line) => line.startsWith("{") && line.endsWith("}"))) {
    const line = JSON.parse(text) as Line;
    if ("finished" in line) ({ finished } = line);
    else if ("took" in line) took.set(line.took, (took.get(line.took) ?? 0) + line.seconds);
    else if ("id" in line) {
      answers.set((last = line.id), line.says);
      if (line.should !== undefined) expected.set(line.id, line.should);
    } else capabilities = BigInt(`0x${line.capabilities}`);
  }
  return { answers, expected, took, capabilities, finished: finished === answers.size, last };
}

function partsOf(answers: ReadonlyMap<string, string>): Map<string, Map<string, string>> {
  const parts = new Map<string, Map<string, string>>(PARTS.map(({ name }) => [name, new Map<string, string>()]));
  for (const [id, says] of answers) {
    const [name = "", check = ""] = id.split(/: ([^]*)/);
    parts.get(name)?.set(check, says);
  }
  return parts;
}

function compare(answers: ReadonlyMap<string, string>, modelled: ReadonlyMap<string, string>): Difference[] {
  return [...answers].flatMap(([id, kernel]) => {
    const model = modelled.get(id) ?? "no such case";
    return kernel === model ? [] : [{ id, kernel, model }];
  });
}

/** Every case, asked of the model of a release. */
function askModel(release: string, capabilities: bigint): Map<string, string> {
  const answers = new Map<string, string>();
  for (const { uid, ids, enter } of ROOMS) {
    const actor = new ModelActor({ release, uid, ...(uid === 0 ? { capabilities } : {}) });
    for (const [at, ask] of enter(actor, (attempt) => attempt()).entries()) {
      const id = ids[at] ?? "";
      try {
        answers.set(id, ask());
      } catch (error) {
        answers.set(id, broken(error));
      }
    }
  }
  return answers;
}
