import { writeSync } from "node:fs";
import { languageOf } from "../messages/sentence.ts";
import { nsShow } from "./ns-show/run.ts";

/** The program ns_show, installed beside nsatlas. */
const { stdout, stderr, exit } = nsShow(process.argv.slice(2), languageOf(process.env));
writeSync(1, stdout);
writeSync(2, stderr);
process.exitCode = exit;
