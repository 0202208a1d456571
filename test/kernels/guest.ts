import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { openLiveActor, type LiveActor } from "../../src/kernel/live/actor.ts";
import { loadNative } from "../../src/kernel/live/load-native.ts";
import { runningRelease } from "../../src/kernel/live/running-release.ts";
import { hasChange } from "../../src/rules/kernel-changes.ts";
import type { Patience } from "../kernel-cases/half-way.ts";
import { deal } from "./deal.ts";
import type { Line } from "./record.ts";
import { broken } from "./record.ts";
import type { Room } from "./rooms.ts";

/*
 * What runs inside a virtual machine: tries every part, asks its kernel every case, and writes each answer to the file that it is
 * given (a serial line), of all or of those whose id matches a pattern, or its share of these, as "0/2" is the first of two. Nothing is
 * judged here: whoever reads it asks the model the same.
 */
const [path = "/dev/stdout", only = "", share = "0/1"] = process.argv.slice(2);
const wanted = new RegExp(only);
const [number = 0, guests = 1] = share.split("/").map(Number);
const { parts, rooms } = deal(wanted, guests)[number] ?? { parts: [], rooms: [] };
const out = openSync(path, "w");
/** A serial line holds back a page, UART_XMIT_SIZE, and what its terminal does. */
const BUFFERED = 16_384;
const write = (line: Line): void => void writeSync(out, `${JSON.stringify(line)}\n`);

const loaded = loadNative();
if ("missing" in loaded) throw new Error(`no native half: ${loaded.missing.why}`);
const { native } = loaded;

/** Network and IPC namespaces end in a work queue, and give back what they were charged then. */
const LIMIT_MS = 20_000;
/** So long may a call take on an emulated machine that others keep busy. */
const CALL_LIMIT_MS = 60_000;
const PAUSE_MS = 5;
const patience: Patience = (attempt) => {
  for (const until = Date.now() + LIMIT_MS; !attempt(); pause()) if (Date.now() > until) return false;
  return true;
};
const pause = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, PAUSE_MS);
};

const took = (name: string, begun: number): void => {
  write({ took: name, seconds: (performance.now() - begun) / 1000 });
};

let asked = 0;
function visit(actor: LiveActor, room: Room): void {
  for (const [at, ask] of room.enter(actor, patience).entries()) {
    const id = room.ids[at] ?? "";
    if (!wanted.test(id)) continue;
    write({ id, says: attempt(ask) });
    asked++;
  }
}

function attempt(ask: () => string): string {
  try {
    return ask();
  } catch (error) {
    console.error(error);
    return broken(error);
  }
}

const status = readFileSync("/proc/self/status", "utf8");
const release = runningRelease();
write({
  kernel: readFileSync("/proc/sys/kernel/osrelease", "utf8").trim(),
  version: readFileSync("/proc/version", "utf8").trim(),
  capabilities: /^CapBnd:\s*(\w+)/m.exec(status)?.[1] ?? "",
});
write({ took: "boot", seconds: Number.parseFloat(readFileSync("/proc/uptime", "latin1")) });
let actor = openLiveActor(native, { privateMounts: true, limitMs: CALL_LIMIT_MS });
/** What an earlier part or case left may take longer to end than the actor waits: another one does not wait for it. */
function restart(uid: number): LiveActor {
  try {
    actor.restart({ uid, privateMounts: true });
  } catch (error) {
    console.error(error);
    actor = openLiveActor(native, { uid, privateMounts: true, limitMs: CALL_LIMIT_MS });
  }
  return actor;
}
for (const part of parts) {
  const begun = performance.now();
  try {
    for await (const { id, says, should } of part.run({ native, actor: restart(0), release })) {
      write({ id, says, should });
      asked++;
    }
  } catch (error) {
    console.error(error);
    write({ id: part.name, says: broken(error), should: "its end" });
    asked++;
  }
  took(part.name, begun);
}
/** Before Linux 6.14 it is one number for the whole machine, which cases change. */
const PID_MAX = "/proc/sys/kernel/pid_max";
const pidMax = readFileSync(PID_MAX, "utf8");
for (const room of rooms) {
  if (room.needs !== undefined && !hasChange(release, room.needs)) continue;
  writeFileSync(PID_MAX, pidMax);
  const begun = performance.now();
  visit(restart(room.uid), room);
  took(room.name, begun);
}
actor[Symbol.dispose]();
write({ finished: asked });
// What the line still holds when the machine switches itself off is lost: not the answers.
writeSync(out, "\n".repeat(BUFFERED));
closeSync(out);
