// Calls the addon with arguments that make no sense, or nearly do. A program of its own, for a crash must not end the
// tests. Words: the addon's path, the seed, how many calls for each function.
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import * as fc from "fast-check";

const [, , path, seed, numRuns] = process.argv;
const native = createRequire(import.meta.url)(path);
const openFds = () => new Set(readdirSync("/proc/self/fd").map(Number));
// Descriptors on which the calls do something.
const useful = [
  "/proc",
  "/proc/self/ns/user",
  "/proc/self/ns/net",
  "/proc/self/ns/pid",
  "/proc/self/ns/mnt",
  "/dev/null",
].map((name) => native.openat(-100, name, 0));
useful.push(native.pidfdOpen(process.pid, 0));
const own = openFds();

const detached = () => {
  const bytes = new Uint8Array(64);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
};
const ARRAYS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];
const typedArray = fc
  .tuple(fc.constantFrom(...ARRAYS), fc.nat(80), fc.nat(3), fc.boolean())
  .map(([Type, length, start, shared]) => {
    const size = (start + length) * Type.BYTES_PER_ELEMENT;
    const memory = shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size);
    return new Type(memory, start * Type.BYTES_PER_ELEMENT, length);
  });

const EDGES = [0, -0, 1, -1, 3, -100, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, NaN, Infinity, -Infinity, 0.5, 5e-324];
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(...EDGES));
const anything = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true, withNullPrototype: true }),
  number,
  typedArray,
  fc.constantFrom(
    () => {},
    Symbol("s"),
    Symbol.iterator,
    /r/,
    new Proxy({}, {}),
    new Proxy(new Uint8Array(8), {}),
    Promise.resolve(),
    new WeakMap(),
    globalThis,
    native,
    native.close,
    new DataView(new ArrayBuffer(8)),
    class Sub extends Uint8Array {},
    detached(),
  ),
);

// Descriptors of Node itself are not for us to close, as with fs.closeSync.
const fd = fc.oneof(fc.integer({ min: 1000 }), fc.integer({ max: -1 }), fc.constant(1_000_000_007));
const anyFd = fc.oneof(fc.integer({ min: -200, max: 40 }), fc.constantFrom(...useful), fd);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "/proc",
    "/proc/self/ns/net",
    ".",
    "\0",
    "a\0b",
    "\ud800",
    "x".repeat(4095),
    "é".repeat(2048),
    "y".repeat(1e5),
  ),
);
const flags = fc.oneof(fc.integer(), fc.nat({ max: 0o37777777 }), fc.constantFrom(0, 0o10000000, 0o200000, 0o4000));
const KNOWN = [0xb701, 0xb702, 0xb703, 0xb704, 0x8008b70d, 0x8004b706, 0x8004b709, 0xff01, 0xff0a, 0xc040ff0b, 0x894c];
const request = fc.oneof(
  fc.nat({ max: 0xffffffff }),
  fc
    .tuple(fc.nat(3), fc.nat(0x3fff), fc.constantFrom(0xb7, 0xff), fc.nat(255))
    .map(([direction, size, magic, number]) => direction * 2 ** 30 + size * 2 ** 16 + magic * 2 ** 8 + number),
  { weight: 2, arbitrary: fc.constantFrom(...KNOWN) },
);
const bytes = fc.nat(70_000).map((length) => new Uint8Array(length));

/** struct mnt_id_req, or nearly. */
const structs = fc
  .tuple(fc.nat(48), fc.oneof(fc.constantFrom(24, 32), fc.nat(64)), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
  .map(([length, said, id]) => {
    const view = new DataView(new ArrayBuffer(Math.max(length, 16)));
    view.setUint32(0, said, true);
    view.setBigUint64(8, id, true);
    return new Uint8Array(view.buffer, 0, length);
  });

/** Texts ended by NUL, or nearly. */
const texts = fc.array(fc.nat(3)).map((letters) => Uint8Array.from(letters.length > 9 ? letters : [...letters, 0]));

const pids = fc.oneof(
  { weight: 3, arbitrary: fc.constant(Int32Array.of(1, process.pid)) },
  fc.array(number, { maxLength: 4 }).map((all) => Int32Array.from(all)),
);

/** What each function takes; close takes only what is nobody's. */
const SIGNATURES = {
  openat: [anyFd, text, flags],
  close: [fd],
  fstat: [anyFd, fc.nat(8).map((length) => new BigUint64Array(length))],
  fstatfs: [anyFd],
  readlinkat: [anyFd, text, bytes],
  fcntl: [anyFd, fc.oneof(fc.constantFrom(1, 2, 3, 1030), fc.nat(1100)), fc.integer()],
  ioctl: [anyFd, request, bytes],
  ioctlValue: [anyFd, request, fc.integer()],
  pipe2: [fc.nat(4).map((length) => new Int32Array(length)), flags],
  pidfdOpen: [fc.integer({ min: -2, max: 5000 }), fc.integer()],
  pidfdProbe: [anyFd],
  askSocket: [anyFd, anyFd, fc.nat(8).map((length) => new BigUint64Array(length))],
  openSocketNamespace: [anyFd, anyFd],
  ownNetnsCookie: [fc.nat(3).map((length) => new BigUint64Array(length))],
  netnsid: [anyFd, fc.nat(3).map((length) => new Int32Array(length))],
  openat2: [anyFd, text, flags, fc.oneof(fc.nat(63), fc.integer())],
  statmount: [structs, bytes],
  listns: [structs, fc.nat(99).map((length) => new BigUint64Array(length))],
  openByHandleAt: [anyFd, bytes, flags],
  listmount: [structs, fc.nat(99).map((length) => new BigUint64Array(length))],
  scanProc: [
    anyFd,
    fc.oneof(fc.nat(32), number),
    fc.nat(99),
    fc.nat(99),
    fc.constantFrom(undefined, Int32Array.of(1, 2, 99_999_999), Int32Array.of(2, 1), 7),
  ],
  openLinks: [
    anyFd,
    pids,
    fc.oneof(
      fc.constant(Uint8Array.of(0, 5)),
      fc.array(fc.nat(12)).map((all) => Uint8Array.from(all)),
    ),
  ],
  sameStill: [
    anyFd,
    pids,
    fc.constantFrom(2, 2, 2, 1).map((count) => new Float64Array(count)),
    fc.constantFrom(20, 20, 20, 19).map((count) => new Float64Array(count)),
    fc.tuple(fc.nat(0xffff), fc.nat(0x3ff)).map((asked) => Uint16Array.from(asked)),
  ],
  mountTables: [anyFd, pids],
  messagePair: [fc.nat(4).map((length) => new Int32Array(length))],
  receiveDescriptor: [anyFd],
  sealedMemory: [bytes, fc.nat(1)],
  // None that it takes: it would end us.
  exitGroup: [fc.integer().filter((code) => code < 0 || code > 255)],
  // No program: what is open here is none, and what is not open is none either.
  become: [fd, fc.array(fc.integer({ min: 500 })).map((kept) => Int32Array.from(kept)), texts, texts],
};

/** Numbers that nothing may be called with by chance. */
const TABOO = { close: (value) => own.has(value), exitGroup: () => true };

/** The right arguments, with some replaced, left out, or added. */
function argumentsOf(name) {
  const isTaboo = TABOO[name] ?? (() => false);
  const junk = anything.filter((value) => typeof value !== "number" || !isTaboo(value));
  const mostlyRight = fc.tuple(
    ...SIGNATURES[name].map((right) => fc.oneof({ weight: 5, arbitrary: right }, { weight: 1, arbitrary: junk })),
  );
  return fc.oneof(
    { weight: 5, arbitrary: mostlyRight },
    { weight: 1, arbitrary: fc.tuple(mostlyRight, fc.nat(3)).map(([words, count]) => words.slice(0, count)) },
    { weight: 1, arbitrary: fc.tuple(mostlyRight, fc.array(junk)).map(([words, more]) => [...words, ...more]) },
    { weight: 1, arbitrary: fc.array(junk, { maxLength: 4 }) },
  );
}

/** What gives columns, of which the descriptors are closed below. */
const TABLES = new Set(["scanProc", "openLinks", "sameStill", "mountTables"]);

const tally = {};
for (const name of Object.keys(native)) {
  const counts = (tally[name] = { answered: 0, refused: 0 });
  const property = fc.asyncProperty(argumentsOf(name), anything, async (words, receiver) => {
    try {
      const result = await Reflect.apply(native[name], receiver, words);
      const isTable = TABLES.has(name) && typeof result === "object";
      if (!isTable && !Number.isSafeInteger(result)) throw new Error(`${name} gave ${String(result)}`);
      counts.answered++;
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
      counts.refused++;
    }
    for (const fd of openFds()) if (!own.has(fd) && existsSync(`/proc/self/fd/${fd}`)) native.close(fd);
  });
  await fc.assert(property, { seed: Number(seed), numRuns: Number(numRuns) });
}
console.log(JSON.stringify(tally));
