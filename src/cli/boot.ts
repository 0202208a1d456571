import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

/**
 * How dist/cli.cjs gets the rest of the program, which is in dist/program/: CommonJS, as Node 20 can keep that compiled and
 * modules not. See docs/decisions/0021-start.md.
 */
type Body = (exports: object, require: typeof needed, module: object, filename: string, folder: string) => void;

const PROGRAM = join(import.meta.dirname, "program");
/** Compiled code is V8's own, and fits the very V8 that made it; it looks at the flags itself, and at the length of the text. */
const COMPILED = join(import.meta.dirname, "compiled", `${process.versions.v8}-${process.arch}`);

/** What each file of the program offers, by its name. */
const offers = new Map<string, object>();

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
function load(name: string, exports: object): void {
  const path = join(PROGRAM, name);
  // Texts beyond ASCII are escaped (scripts/make-program.js), so that bytes are characters.
  const source = readFileSync(path, "latin1");
  const cachedData = compiled(name);
  const script = new Script(source, { filename: `nsatlas/${name.slice(2)}`, ...(cachedData && { cachedData }) });
  const body: Body = script.runInThisContext();
  body(exports, needed, { exports }, path, PROGRAM);
}

/** The files without a hash in their names are compiled: those of the commands that have to start fast. */
function compiled(name: string): Buffer | undefined {
  if (name.includes("-")) return undefined;
  try {
    return readFileSync(join(COMPILED, name.slice(2)));
  } catch {
    // Another Node than the one that this was built by: it compiles the text.
    return undefined;
  }
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

// Asked for anything, it is loaded, and runs.
Reflect.get(needed("./main.cjs"), "main");
