import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { CAPABILITIES } from "../../src/abi/capabilities.ts";
import { hasCapability } from "../../src/rules/has-capability.ts";
import { mayMap, mayWriteMap, type MapTarget } from "../../src/rules/may-map.ts";
import { mayRead } from "../../src/rules/may-read.ts";
import { maySetgroups } from "../../src/rules/may-set-groups.ts";
import { maySetns, type Joiner } from "../../src/rules/setns.ts";
import { mayCreate, type Creator } from "../../src/rules/unshare.ts";
import type { Credentials } from "../../src/rules/view.ts";
import { anySet, anySituation, type Situation } from "../support/arbitrary-view.ts";

/** Each decision, as a yes or no to one task: what it is asked about is drawn beside it. */
const file = fc.constantFrom("uid_map", "gid_map", "projid_map");
const extra = fc.record({
  capability: fc.constantFrom(...CAPABILITIES),
  by: fc.constantFrom("fs", "real"),
  yes: fc.boolean(),
  also: fc.boolean(),
  file,
  outside: fc.constantFrom(0, 1000, 5),
  count: fc.constantFrom(1, 2),
});
type Extra = typeof extra extends fc.Arbitrary<infer T> ? T : never;
type Decision = (who: Credentials<number>, situation: Situation, extra: Extra) => boolean;

const joiner = (credentials: Credentials<number>): Joiner<number> => ({
  credentials,
  pid: 0,
  threaded: false,
  sharesFs: false,
  sharesMemory: false,
});
const creator = (credentials: Credentials<number>): Creator<number> => ({
  credentials,
  pid: 0,
  pidForChildren: 0,
  threaded: false,
  sharesMemory: false,
  chrooted: false,
  rootElsewhere: false,
  idsMapped: true,
});
const mapTarget = ({ view, target }: Situation, { yes, also }: Extra): MapTarget<number> => ({
  ns: target,
  parent: view.parent(target),
  creatorUid: view.creator(target),
  parentCouldSetfcap: yes,
  setgroupsAllowed: also,
  alreadySet: false,
});

const DECISIONS: Readonly<Record<string, Decision>> = {
  CAP: (who, { view, target }, { capability }) => hasCapability(view, who, target, capability),
  PREAD: (who, { view, target, other }, { by, yes }) =>
    mayRead(view, who, { credentials: other, dumpable: yes, memoryUser: target, sameThreadGroup: false }, by).ok,
  SETNS: (who, { view, target }) => maySetns(view, joiner(who), target, 0).ok,
  UNSHARE: (who, { view, target }) => mayCreate(view, creator(who), target).ok,
  "MAPPERM before the text, for the opener": (who, situation, more) =>
    mayWriteMap(situation.view, { opener: who, writer: situation.other }, mapTarget(situation, more), {
      file: more.file,
      offset: 0,
      length: 5,
    }).ok,
  "MAPPERM after the text, for the opener": (who, situation, more) => mapped(situation, more, who, situation.other),
  "MAPPERM after the text, for the writer": (who, situation, more) => mapped(situation, more, situation.other, who),
  setgroups: (who, _, { yes, also }) => maySetgroups(who, { gidMapSet: yes, setgroupsAllowed: also }).ok,
};

function mapped(situation: Situation, more: Extra, opener: Credentials<number>, writer: Credentials<number>): boolean {
  const parent = situation.view.parent(situation.target);
  if (parent === undefined) return false;
  const { outside, count } = more;
  return mayMap(
    situation.view,
    { opener, writer },
    { ...mapTarget(situation, more), parent },
    {
      file: more.file,
      extents: [{ inside: 0, outside, count }],
      toKernel: (id) => id,
      rootNeedsSetfcap: true,
    },
  ).ok;
}

describe("more capabilities never turn a yes into a no", () => {
  test.each(Object.entries(DECISIONS))("%s", (_, decide) => {
    fc.assert(
      fc.property(anySituation(), extra, anySet, anySet, (situation, more, permitted, effective) => {
        const { one } = situation;
        fc.pre(decide(one, situation, more));
        const stronger = {
          ...one,
          permitted: one.permitted | permitted,
          effective: one.effective | (effective & (one.permitted | permitted)),
        };
        expect(decide(stronger, situation, more)).toBe(true);
      }),
      { numRuns: 500, maxSkipsPerRun: 1000 },
    );
  });
});

describe("a capability over a user namespace", () => {
  test("is one over every namespace below", () => {
    fc.assert(
      fc.property(anySituation(), extra, ({ view, one, target }, { capability }) => {
        const above = view.parent(target);
        fc.pre(above !== undefined && hasCapability(view, one, above, capability));
        expect(hasCapability(view, one, target, capability)).toBe(true);
      }),
      { numRuns: 500, maxSkipsPerRun: 1000 },
    );
  });

  test("is never one over a namespace that is not below the task's own", () => {
    fc.assert(
      fc.property(anySituation(), extra, ({ view, one, target }, { capability }) => {
        fc.pre(hasCapability(view, one, target, capability));
        let at: number | undefined = target;
        while (at !== undefined && at !== one.user) at = view.parent(at);
        expect(at).toBe(one.user);
      }),
      { numRuns: 500, maxSkipsPerRun: 1000 },
    );
  });
});
