import fc from "../support/property.ts";
import { expect, test } from "vitest";
import { openLiveActor } from "../../src/kernel/live/actor.ts";
import { carryOut } from "../../src/what-if/carry-out.ts";
import { readCalls } from "../../src/what-if/grammar.ts";
import { situationOf } from "../../src/what-if/situation.ts";
import { footingInModel, type Footing } from "../../src/what-if/verify/footing.ts";
import { verifyCopied, type Grounds } from "../../src/what-if/verify/verify.ts";
import { drawn } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { theAddon } from "../support/the-addon.ts";

const WORLD = drawn(`
user:outer by 1000
  user:inner
pid:box of user:outer by 1000
  pid:deep of user:outer by 1000
net:box of user:outer by 1000
uts:far of user:inner
`);
const PLACES = ["shell", "outer", "inner", "pid:box", "deep", "net:box", "far"];
const NAMES = ["user:init", "user:outer", "user:inner", "net:init", "net:box", "pid:box", "pid:deep", "uts:far"];
const place = fc.constantFrom(...PLACES);
const name = fc.constantFrom(...NAMES);
const call = fc
  .tuple(
    place,
    fc.oneof(
      name.map((on) => `setns ${on}`),
      fc
        .tuple(name, fc.constantFrom("NS_GET_PARENT", "NS_GET_USERNS", "NS_GET_NSTYPE"))
        .map((of) => `ioctl ${of.join(" ")}`),
      place.map((of) => `open ${of}/net`),
      fc.constantFrom(
        "unshare net",
        "unshare user",
        "unshare pid uts",
        "getresuid",
        "setresuid 0",
        "setgroups",
        "execve",
      ),
      place.map((of) => `kill ${of} 0`),
      name.map((on) => `open_by_handle_at FD_NSFS_ROOT ${on}`),
    ),
  )
  .map(([by, made]) => `${by}: ${made}`);

/** What is said of calls in a drawn world that is copied as if somebody had seen it. */
function copied(calls: string, { me, open, footings }: Grounds) {
  const situation = situationOf(WORLD, "6.18");
  const { answers } = carryOut(situation, readCalls(calls), situation.world.first);
  return verifyCopied(situation, answers, { me, open, footings });
}

const ME = { uid: 1000, gid: 1000, groups: [] };

test.each<[Footing, number]>([
  ["root", 0.95],
  ["own-user-namespace", 0.4],
])("on the footing %s a copy in memory agrees, or is not made", (footing, least) => {
  let [same, all] = [0, 0];
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 4 }), (calls) => {
      const open = (): ReturnType<typeof footingInModel> => footingInModel(footing, ME, "6.18");
      const verdicts = copied(calls.join("; "), { me: ME, footings: [footing], open });
      expect(verdicts.filter(({ is }) => is === "differs")).toEqual([]);
      same += verdicts.filter(({ is }) => is === "same").length;
      all += verdicts.length;
    }),
    { numRuns: 60 },
  );
  expect(same / all).toBeGreaterThan(least);
});

test("a copy on the running kernel agrees, or is not made", needs("native", "root", "user-namespaces"), () => {
  let [same, all] = [0, 0];
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 4 }), (calls) => {
      const open = () => openLiveActor(theAddon(), { privateMounts: true });
      const verdicts = copied(calls.join("; "), { me: { uid: 0, gid: 0, groups: [] }, footings: ["root"], open });
      expect(verdicts.filter(({ is }) => is === "differs")).toEqual([]);
      same += verdicts.filter(({ is }) => is === "same").length;
      all += verdicts.length;
    }),
    { numRuns: 40 },
  );
  expect(same / all).toBeGreaterThan(0.8);
});

test("a copy is not made where another kernel says something else", () => {
  const open = () => footingInModel("root", ME, "5.7");
  const verdicts = copied("clone net as x; pidfd_open x; setns fd:3 net; getpid", { me: ME, footings: ["root"], open });
  expect(verdicts.map(({ is }) => is)).toEqual(["same", "same", "differs", "not-made"]);
});
