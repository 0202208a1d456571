import { spawn, spawnSync } from "node:child_process";
import fc from "../../support/property.ts";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { layOut } from "../../../src/kernel/live/holder-arguments.ts";
import {
  FRAME_BYTES,
  HELLO_BYTES,
  OPS,
  type Request,
  SLOTS,
  STATUSES,
  takeAnswer,
} from "../../../src/kernel/live/holder-wire.ts";
import { Series } from "../../../src/kernel/live/series.ts";
import { needs } from "../../support/needs.ts";
import { frameOf, numbers, openPipes, openTestHolders, program } from "./holder-support.ts";

const nothing = layOut([]);
const base = { slot: 0, limitMs: 1000, layout: nothing } as const;
const getpid: Request = { ...base, op: "syscall", number: numbers.getpid };
const start: Request = { ...base, op: "start" };

/** A series of one getpid, its record at 0 of the data, changed. */
function series(change: (record: DataView) => void, args = [0, 1]): Request {
  const one = new Series();
  one.call("getpid");
  const layout = one.layOut(numbers);
  for (const [, bytes] of layout.data) change(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return { ...base, op: "series", layout: { ...layout, args } };
}
/** Where a record has what: struct series_call. */
const [POINTERS, RESULTS, NEEDS, ARGS] = [4, 5, 6, 16];
const as = (): void => {};

/** What the program answers to these bytes, and its exit code after the end of them. */
async function talk(...frames: readonly Uint8Array[]): Promise<{ statuses: readonly string[]; code: number | null }> {
  const child = spawn(program, ["actor"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.stdin.on("error", () => {
    // It hung up on us before it had read all: that is what some of these tests want.
  });
  child.stdin.end(Buffer.concat(frames));
  const out = await buffer(child.stdout);
  const bytes = new Uint8Array(out);
  const view = new DataView(bytes.buffer);
  const statuses: string[] = [];
  for (let at = FRAME_BYTES + HELLO_BYTES; at < bytes.length;) {
    const end = at + FRAME_BYTES + view.getUint32(at, true);
    for (at += FRAME_BYTES; at < end;) {
      const [answer, next] = takeAnswer(bytes, view, at);
      statuses.push(answer.status);
      at = next;
    }
  }
  return { statuses, code: await ended };
}

/** The frame with some of its bytes changed. */
function changed(frame: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = frame.slice();
  change(new DataView(copy.buffer));
  return copy;
}

describe("the holder program", needs("native"), () => {
  test("says how it is used by its exit code alone", () => {
    for (const words of [[], ["actor", "twice"], ["resume", "1"], ["resume", "x", "y"], ["actor", "one-cpu", "more"]]) {
      const { status, stdout, stderr } = spawnSync(program, words, { encoding: "utf8" });
      expect([words, stdout, stderr]).toEqual([words, "", ""]);
      expect(status).toBeGreaterThan(0);
    }
  });

  test("that is not there, or is another program, says so at once", async () => {
    const before = openPipes();
    for (const path of ["/nonexistent/holder", "/bin/true", "/bin/sh", "/", "bad\0name"]) {
      expect(() => openTestHolders({ program: path })).toThrow(/could not be started|bad/);
    }
    expect(openPipes()).toEqual(before);
  });

  test("ends with 0 when there is nothing more to do", async () => {
    expect(await talk()).toEqual({ statuses: [], code: 0 });
    expect(await talk(frameOf([]))).toEqual({ statuses: [], code: 0 });
    expect(await talk(frameOf([start, getpid]))).toEqual({ statuses: ["done", "done"], code: 0 });
  });

  test.each<[string, readonly Request[], readonly string[]]>([
    ["a slot that nobody has", [getpid], ["unused"]],
    ["a slot out of range", [{ ...start, slot: SLOTS }], ["badRequest"]],
    [
      "a new slot out of range",
      [start, { ...base, op: "clone", number: numbers.clone, newSlot: SLOTS }],
      ["done", "badRequest"],
    ],
    ["a slot that is taken", [start, start], ["done", "busy"]],
    [
      "a clone into itself",
      [start, { ...base, op: "clone", number: numbers.clone, newSlot: 0 }],
      ["done", "badRequest"],
    ],
    [
      "another call as clone",
      [start, { ...base, op: "clone", number: numbers.getpid, newSlot: 1 }],
      ["done", "badRequest"],
    ],
    ["clone as a plain call", [start, { ...getpid, number: numbers.clone }], ["done", "badRequest"]],
    ["clone3 as a plain call", [start, { ...getpid, number: numbers.clone3 }], ["done", "badRequest"]],
    ["an answer that is not due", [start, { ...base, op: "await" }], ["done", "badRequest"]],
    [
      "data that come back from beyond the area",
      [start, { ...getpid, layout: { ...nothing, outFrom: 16_384, outBytes: 1 } }],
      ["done", "badRequest"],
    ],
    [
      "more data than there is room for",
      [start, { ...getpid, layout: { ...nothing, outFrom: 4, outBytes: 0xffff_fffc } }],
      ["done", "badRequest"],
    ],
    [
      "a pointer beyond the area",
      [start, { ...getpid, layout: { ...nothing, args: [16_385], pointers: 1 } }],
      ["done", "badRequest"],
    ],
    [
      "a relocation beyond the area",
      [start, { ...getpid, layout: { ...nothing, relocations: [[16_377, 0]] } }],
      ["done", "badRequest"],
    ],
    [
      "a relocation to beyond the area",
      [start, { ...getpid, layout: { ...nothing, relocations: [[0, 16_385]] } }],
      ["done", "badRequest"],
    ],
    ["a series", [start, series(as), series(as, [0, 0])], ["done", "done", "done"]],
    ["a series of more calls than came", [start, series(as, [0, 2])], ["done", "badRequest"]],
    ["a series that begins beyond what came", [start, series(as, [72, 0])], ["done", "badRequest"]],
    ["a series that begins anywhere", [start, series(as, [4, 0])], ["done", "badRequest"]],
    [
      "clone in a series",
      [start, series((record) => record.setUint32(0, numbers.clone, true))],
      ["done", "badRequest"],
    ],
    [
      "clone3 in a series",
      [start, series((record) => record.setUint32(0, numbers.clone3, true))],
      ["done", "badRequest"],
    ],
    ["a call that needs itself", [start, series((record) => record.setUint16(NEEDS, 1, true))], ["done", "badRequest"]],
    [
      "a call that means its own result",
      [start, series((record) => record.setUint8(RESULTS, 1))],
      ["done", "badRequest"],
    ],
    [
      "a call that means a result that there is not",
      [
        start,
        series((record) => {
          record.setUint8(RESULTS, 1);
          record.setBigUint64(ARGS, 0xffff_ffff_ffff_ffffn, true);
        }),
      ],
      ["done", "badRequest"],
    ],
    [
      "a call of a series with a pointer beyond the area",
      [
        start,
        series((record) => {
          record.setUint8(POINTERS, 1);
          record.setBigUint64(ARGS, 16_385n, true);
        }),
      ],
      ["done", "badRequest"],
    ],
  ])("answers %s with a status and goes on", async (_, requests, statuses) => {
    expect(await talk(frameOf(requests), frameOf([{ ...start, slot: 5 }]))).toEqual({
      statuses: [...statuses, "done"],
      code: 0,
    });
  });

  test("refuses an operation that it does not know", async () => {
    const frame = changed(frameOf([start]), (view) => view.setUint16(FRAME_BYTES + 4, 99, true));
    expect(await talk(frame)).toEqual({ statuses: ["badRequest"], code: 0 });
  });

  test.each<[string, (view: DataView) => void]>([
    ["is larger than a frame may be", (view) => view.setUint32(0, 65_537, true)],
    ["announces more requests than it has", (view) => view.setUint32(4, 2, true)],
    ["has a request shorter than a request", (view) => view.setUint32(FRAME_BYTES, 72, true)],
    ["has a request that reaches beyond its end", (view) => view.setUint32(FRAME_BYTES, 88, true)],
    ["has a request of an odd size", (view) => view.setUint32(FRAME_BYTES, 81, true)],
  ])("ends all when a frame %s", async (_, change) => {
    const answer = await talk(frameOf([start]), changed(frameOf([start]), change));
    expect(answer).toEqual({ statuses: ["done"], code: 2 });
  });

  test("has a status for whatever comes in a well-made frame", async () => {
    const anyRequest: fc.Arbitrary<Request> = fc.record({
      op: fc.constantFrom(...(Object.keys(OPS) as (keyof typeof OPS)[])),
      slot: fc.nat(6),
      limitMs: fc.nat(5),
      // Calls without consequences, besides those that clone.
      number: fc.constantFrom(
        numbers.getpid,
        numbers.clone,
        numbers.clone3,
        numbers.close,
        numbers.exit_group,
        numbers.dup,
      ),
      newSlot: fc.nat(6),
      suspends: fc.boolean(),
      layout: fc.record({
        // No flags at all, or those of a thread; both with and without SIGCHLD.
        args: fc.tuple(
          fc.constantFrom(0, 17, 0x10f00, 0x4111),
          fc.constant(0),
          fc.constant(0),
          fc.constant(0),
          fc.constant(0),
        ),
        pointers: fc.nat(3),
        relocations: fc.array(fc.tuple(fc.nat(20_000), fc.nat(20_000)), { maxLength: 20 }),
        data: fc.constant([]),
        inBytes: fc.nat(100),
        outFrom: fc.nat(20_000),
        outBytes: fc.nat(2000),
        rooms: fc.constant([]),
      }),
    });
    const property = fc.asyncProperty(fc.array(anyRequest, { minLength: 1, maxLength: 25 }), async (requests) => {
      const { statuses, code } = await talk(frameOf(requests));
      expect(code).toBe(0);
      expect(statuses).toHaveLength(requests.length);
      expect(STATUSES).toEqual(expect.arrayContaining([...statuses]));
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
