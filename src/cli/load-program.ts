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
  /** A file of dist/program/. Its texts beyond ASCII are escaped (scripts/make-program.js): bytes are characters. */
  text(name: string): string;
  /** What V8 made of it ahead, where that is the very V8 that runs this: it looks at its flags itself, and at the text's length. */
  compiled(name: string): Buffer | undefined;
}

let files: ProgramFiles;
/** What each file of the program offers, by its name. */
const offers = new Map<string, object>();

/** Runs the program. */
export function boot(those: ProgramFiles): void {
  files = those;
  // Asked for anything, it is loaded, and runs.
  Reflect.get(needed("./main.cjs"), "main");
}

/**
 * What `./NAME.cjs` of the program offers, or one of Node's modules. A file is loaded when something of it is first used, not
 * when it is named: what only some runs need costs the others nothing.
 */
function needed(name: string): object {
  if (!name.startsWith("./")) return builtIn(name);
  const before = offers.get(name);
  if (before !== undefined) return before;
  const offer: object = Object.create(
    // Asked for what the object lacks: for everything, as long as the file is not loaded.
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

/** A file of the program is a function: `(function (exports, require, module, __filename, __dirname) {…})`. */
function load(required: string, exports: object): void {
  const name = required.slice(2);
  // The files without a hash in their names are compiled: those of the commands that have to start fast.
  const cachedData = name.includes("-") ? undefined : files.compiled(name);
  const script = new Script(files.text(name), { filename: `nsatlas/${name}`, ...(cachedData && { cachedData }) });
  const body: Body = script.runInThisContext();
  const folder = join(files.folder, "program");
  body(exports, needed, { exports }, join(folder, name), folder);
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
