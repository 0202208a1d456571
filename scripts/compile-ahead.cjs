// node --random-seed=1 compile-ahead.cjs DIST NAME: compiles DIST/program/NAME for the Node that runs this, all of its
// functions, and writes what src/cli/load-program.ts gives to V8 with the text. One file a process: what V8 has compiled before shows.
"use strict";
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { setFlagsFromString } = require("node:v8");
const { Script } = require("node:vm");

const [dist, name] = process.argv.slice(2);
// Not only what runs at once. V8 notes its flags with what it keeps, which are to be those of the program.
setFlagsFromString("--no-lazy");
const script = new Script(readFileSync(path.join(dist, "program", name), "latin1"), { filename: `nsatlas/${name}` });
setFlagsFromString("--lazy");
const folder = path.join(dist, "compiled", `${process.versions.v8}-${process.arch}`);
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, name), script.createCachedData());
