// node --random-seed=1 compile-ahead.cjs DIST NAME: compiles parts of DIST/program for the Node that runs this, all of their
// functions: of a command ("run") all that it needs, else what every start does ("main"), or the part of that name. They become one
// file, with the text, as src/cli/load-program.ts takes it. One a process: what V8 has compiled before shows.
"use strict";
const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { setFlagsFromString } = require("node:v8");
const { Script } = require("node:vm");
const { brotliDecompressSync } = require("node:zlib");

const MAGIC = 0x5041534e;
const HEADER_BYTES = 16;
const ALIGNED = 8;
const LARGE_BYTES = 2 ** 17;

const [dist, name] = process.argv.slice(2);
const program = path.join(dist, "program");
// What few runs need is packed.
const withoutEnding = (file) => file.replace(/\.br$/, "");
const textOf = (file) => {
  const bytes = readFileSync(path.join(program, file));
  return (file.endsWith(".br") ? brotliDecompressSync(bytes) : bytes).toString("latin1");
};

const files = readdirSync(program).sort();
const commandsOf = (file) => (/^for_(\w+)\.cjs$/.exec(file) ?? ["", ""])[1].split("_");
const alone = files.filter((file) => withoutEnding(file) === `${name}.cjs` && name !== "main");
const everywhere = files.filter((file) => file === "main.cjs" || file.startsWith("rolldown-runtime-"));
const parts = alone.length > 0 ? alone : [...everywhere, ...files.filter((file) => commandsOf(file).includes(name))];
const body = `({${parts.map((file) => `"./${withoutEnding(file)}":${textOf(file)}`).join(",")}})`;
// A text of LARGE_BYTES V8 puts beside its young objects, of which there may be a megabyte before it sorts them out: a millisecond.
const text = body.length < LARGE_BYTES / 2 ? body : body.padEnd(LARGE_BYTES);

// Not only what runs at once. V8 notes its flags with what it keeps, which are to be those of the program.
setFlagsFromString("--no-lazy");
const script = new Script(text, { filename: `nsatlas/${name}` });
setFlagsFromString("--lazy");
const code = script.createCachedData();

const codeAt = Math.ceil((HEADER_BYTES + text.length) / ALIGNED) * ALIGNED;
const file = Buffer.alloc(codeAt + code.length);
[MAGIC, text.length, code.length].forEach((word, nth) => file.writeUInt32LE(word, nth * 4));
file.write(text, HEADER_BYTES, "latin1");
code.copy(file, codeAt);
const folder = path.join(dist, "compiled", `${process.versions.v8}-${process.arch}`);
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, `${name}.bin`), file);
