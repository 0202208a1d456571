import { join } from "node:path";
import { Script } from "node:vm";

/**
 * How the rest of the program is got, which is in dist/program/: CommonJS, as Node 20 can keep that compiled and modules
 * not. See docs/decisions/0021-start.md.
 */
type Body = (exports: object, require: typeof needed, module: object, filename: string, folder: string) => void;

/** Where the files of the program are. */
export interface ProgramFiles {
  /** As dist/ calls it. */
  readonly folder: string;
  /** A file in dist/program/, where there is one of that name. */
  part(name: string): Buffer | undefined;
  /** Some parts, and what V8 made of them ahead, where that is the very V8 that runs this. */
  compiled(name: string): Buffer | undefined;
}

/** The commands that have to start fast: each has a file with all the parts that it needs. See scripts/quick-files.js. */
const QUICK: ReadonlySet<string> = new Set(["enter", "help", "list", "run"]);
/** Of those, the one that is asked for. */
const asked = /^(?:--)?(?:help|version)$/.test(process.argv[2] ?? "") ? "help" : (process.argv[2] ?? "");

let files: ProgramFiles;
/** What each part of the program offers, by its name. */
const offers = new Map<string, object>();
/** The parts in each file that was compiled ahead and is read. */
const compiled = new Map<string, Readonly<Record<string, Body>>>();

/** Runs the program. */
export function boot(those: ProgramFiles): void {
  files = those;
  // Asked for anything, it is loaded, and runs.
  Reflect.get(needed("./main.cjs"), "main");
}

/**
 * What the part `./NAME.cjs` of the program offers, or one of Node's modules. A part is loaded when something of it is first used,
 * not when it is named: what only some runs need costs the others nothing.
 */
function needed(name: string): object {
  if (!name.startsWith("./")) return builtIn(name);
  const before = offers.get(name);
  if (before !== undefined) return before;
  const offer: object = Object.create(
    // Asked for what the object lacks: for everything, as long as the part is not loaded.
    new Proxy(Object.prototype, {
      get(_, key) {
        Object.setPrototypeOf(offer, Object.prototype);
        load(name, offer);
        return Reflect.get(offer, key);
      },
    }),
  );
  offers.set(name, offer);
  return offer;
}

function load(name: string, exports: object): void {
  const body = ahead(name) ?? inText(name);
  const folder = join(files.folder, "program");
  body(exports, needed, { exports }, join(folder, name), folder);
}

/**
 * A part is a function: `(function (exports, require, module, __filename, __dirname) {…})`. Its texts beyond ASCII are escaped
 * (scripts/make-program.js): bytes are characters.
 */
const inText = (name: string): Body => {
  const file = name.slice("./".length);
  const bytes = files.part(file) ?? unpacked(`${file}.br`);
  return new Script(bytes.toString("latin1"), { filename: `nsatlas/${file}` }).runInThisContext();
};

/** Large parts that few runs need are packed, or the package would be a fiftieth larger. */
function unpacked(name: string): Buffer {
  const bytes = files.part(name);
  if (bytes === undefined) throw new Error(`nsatlas is not whole: it lacks ${name}`);
  return process.getBuiltinModule("node:zlib").brotliDecompressSync(bytes);
}

function ahead(name: string): Body | undefined {
  const file = fileOf(name);
  if (file === undefined) return undefined;
  let parts = compiled.get(file);
  if (parts === undefined) compiled.set(file, (parts = partsIn(file)));
  return parts[name];
}

/** The file with a part: `for_run_enter` is in those of both commands. Only parts that no start needs are not compiled ahead. */
function fileOf(part: string): string | undefined {
  if (part === "./main.cjs" || part.startsWith("./rolldown-runtime-")) return QUICK.has(asked) ? asked : "main";
  if (part === "./seldom.cjs") return "seldom";
  if (!part.startsWith("./for_")) return undefined;
  const commands = part.slice("./for_".length, -".cjs".length).split("_");
  const atHand = commands.find((command) => command === asked || compiled.has(command));
  // Else in the least of them.
  return atHand ?? (commands.includes("help") ? "help" : commands.at(-1));
}

/** A number that no file has by chance, the length of the text, that of the code, and both: scripts/compile-ahead.cjs. */
const [MAGIC, HEADER_BYTES, ALIGNED] = [0x5041534e, 16, 8];

function partsIn(name: string): Readonly<Record<string, Body>> {
  const file = files.compiled(`${name}.bin`);
  if (file === undefined || file.length < HEADER_BYTES || file.readUInt32LE(0) !== MAGIC) return {};
  const textEnd = HEADER_BYTES + file.readUInt32LE(4);
  const codeAt = Math.ceil(textEnd / ALIGNED) * ALIGNED;
  if (file.length !== codeAt + file.readUInt32LE(8)) return {};
  // V8 looks at its version and flags and at the text's length, and compiles the text where they are others.
  const cachedData = file.subarray(codeAt);
  return new Script(file.toString("latin1", HEADER_BYTES, textEnd), {
    filename: `nsatlas/${name}`,
    cachedData,
  }).runInThisContext();
}

/** What Node has loaded before us. */
const AT_HAND = new Set(["node:fs", "node:path", "node:url"]);

/** One of Node's modules. Streams and sockets take milliseconds to load, so each is loaded when something of it is first used. */
function builtIn(name: string): object {
  const load = (): object => process.getBuiltinModule(name) ?? {};
  if (AT_HAND.has(name)) return load();
  return new Proxy(
    {},
    {
      get: (_, key) => Reflect.get(load(), key),
      has: (_, key) => Reflect.has(load(), key),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, key) => ({ value: Reflect.get(load(), key), enumerable: true, configurable: true }),
    },
  );
}
