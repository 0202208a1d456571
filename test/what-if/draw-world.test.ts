import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { taskName } from "../../src/kernel/call.ts";
import { canonical } from "../../src/kernel/model/same-world.ts";
import { parseWorld, saysWholeWorld } from "../../src/kernel/model/text/parse-world.ts";
import { printDrawing } from "../../src/kernel/print-drawing.ts";
import { carryOut } from "../../src/what-if/carry-out.ts";
import { drawWorld, worldText } from "../../src/what-if/draw-world.ts";
import { readCalls } from "../../src/what-if/grammar.ts";
import { situationOf, situationSaid, type Situation } from "../../src/what-if/situation.ts";
import { drawn } from "../support/drawn-machine.ts";

const WORLD =
  "user:init\n  user:outer by 1000\n    user:inner\npid:init\n  pid:box of user:outer\nnet:blue of user:inner empty pin /run/netns/blue\n";

const WHO = ["shell", "user:outer", "user:inner", "pid:box"] as const;
const anyCall = fc.oneof(
  fc
    .tuple(fc.constantFrom(...WHO), fc.subarray(["user", "net", "uts", "mnt", "ipc", "pid"], { minLength: 1 }))
    .map(([who, kinds]) => `${who}: unshare ${kinds.join(" ")}`),
  fc
    .tuple(fc.constantFrom(...WHO), fc.subarray(["user", "net", "pid"]), fc.nat({ max: 99 }))
    .map(([who, kinds, nth]) => `${who}: clone3 ${kinds.join(" ")} as c${nth}`),
  fc.constantFrom("umount -l /run/netns/blue", "mount net:blue /run/b", "mount net:init /run/n", "setns net:blue"),
);

/** What `--world` makes of a text. */
function read(text: string): Situation {
  if (!saysWholeWorld(text)) return situationOf(drawn(text));
  const said = parseWorld(text);
  if (!said.ok) throw new Error(`line ${said.line}: ${said.message}\n${text}`);
  return situationSaid(said.world, said.names);
}

describe("the world behind the last call, as text", () => {
  test("of calls that change nothing is what was drawn", () => {
    const situation = situationOf(drawn(WORLD));
    const { world } = carryOut(situation, readCalls("getpid; setns pid:box net"), situation.world.first);
    expect(printDrawing(drawWorld(world, situation.names))).toBe(WORLD);
    expect(worldText(world, situation.names)).toBe(WORLD);
  });
  test("of another kernel says which", () => {
    const { world, names } = situationOf(drawn(WORLD), "6.1");
    expect(read(worldText(world, names)).world.release).toBe("6.1");
  });
  test("is read back as the same world with the same names, whatever calls were made; and calls go on alike", () => {
    const calls = fc.uniqueArray(anyCall, { maxLength: 8, selector: (call) => call.split(" as ")[1] ?? call });
    fc.assert(
      fc.property(calls, (made) => {
        const situation = situationOf(drawn(WORLD));
        const { names } = situation;
        const { world } = carryOut(situation, readCalls(["getpid", ...made].join("; ")), situation.world.first);
        const text = worldText(world, names);
        const again = read(text);
        // A drawing says no time.
        const { ticks } = saysWholeWorld(text) ? again.world : world;
        expect(canonical({ ...again.world, ticks }), text).toEqual(canonical(world));
        for (const key of world.namespaces.keys()) expect(again.names.of(key)).toBe(names.of(key));
        expect(worldText(again.world, again.names)).toBe(text);
        const more = readCalls("shell: unshare net; user:outer: unshare user uts; user:inner: getpid");
        const [here, there] = [{ ...situation, world }, again].map((one) => carryOut(one, more, taskName("shell")));
        expect(there?.answers.map(({ outcome }) => outcome)).toEqual(here?.answers.map(({ outcome }) => outcome));
      }),
    );
  });
});
