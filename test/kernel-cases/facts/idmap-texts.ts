import type { FactCase } from "../fact-case.ts";
import { clone, write } from "../script.ts";
import { inShort, readMap } from "./map-steps.ts";

/** What the kernel makes of a text, written by root in the parent. */
const lines = (count: number): string => Array.from({ length: count }, (_, id) => `${id} ${id} 1\n`).join("");

const TEXTS: Readonly<Record<string, string>> = {
  plain: "0 0 1",
  nl: "0 0 1\n",
  nl2: "0 0 1\n\n",
  empty: "",
  onlynl: "\n",
  two: "0 0",
  four: "0 0 1 1",
  alpha: "a b c",
  count0: "0 0 0",
  spaces: " \t 0 \t0  1",
  hex: "0x10 0 1",
  leadzero: "007 008 010",
  neg: "-1 0 1",
  plus: "+1 0 1",
  "u32max.first": "4294967295 0 1",
  "u32max.lower": "0 4294967295 1",
  "u32max.count": "0 0 4294967295",
  wrap: "4294967290 0 10",
  "wrap.exact": "4294967290 0 6",
  "lower.wrap": "0 4294967290 10",
  over32: "4294967296 0 1",
  over32b: "0 0 4294967297",
  over64: "0 0 18446744073709551617",
  "overlap.first": "0 0 10\n5 20 10",
  "overlap.lower": "0 0 10\n20 5 10",
  adjacent: "0 0 10\n10 10 10",
  dup: "0 0 1\n0 0 1",
  crlf: "0 0 1\r\n",
  blankmid: "0 0 1\n\n1 1 1",
  "nul.tail": "10 10 1\n0 0 1",
  nul: "0 0 1\0garbage",
  nulonly: "\0\0\0",
  "340": lines(340),
  "341": lines(341),
  "5": lines(5),
  "6sorted": "20 0 1\n18 2 1\n16 4 1\n14 6 1\n12 8 1\n10 10 1\n",
  "4095": "0 0 1".padEnd(4095),
  "4096": "0 0 1".padEnd(4096),
};
/** Of these the fact says how they read back. */
const READ_BACK = new Set("spaces leadzero u32max.count over32 over32b over64 adjacent nul.tail 6sorted".split(" "));

export const MAP_TEXT_FACTS: readonly FactCase[] = Object.entries(TEXTS).map(([name, text]): FactCase => {
  const one: FactCase = {
    id: `map.fmt.${name}`,
    before: [["shell", clone("box", "user")]],
    asks: ["shell", write("box", "uid_map", text)],
  };
  if (!READ_BACK.has(name)) return one;
  return {
    ...one,
    shows: (_, scene) =>
      `success, reads back as ${inShort(readMap(scene, { by: "shell", of: "box", file: "uid_map" }))}`,
  };
});
