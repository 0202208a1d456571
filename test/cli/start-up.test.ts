import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { PROGRAMS, self } from "../support/viewers.ts";

/** The parts of the bundle that are loaded with `file`, itself among them: what it imports, however far, but by import(). */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, path = ""] of text.matchAll(/^(?:import|export)[^"';]*["'](\.[^"']+)["'];?$/gm)) {
    loadedWith(join(dirname(file), path), loaded);
  }
  return loaded;
}
const textOf = (files: Iterable<string>): string => Array.from(files, (file) => readFileSync(file, "utf8")).join("\n");

test("starting nsatlas loads no command, no discovery, no zod", () => {
  const text = textOf(loadedWith(PROGRAMS.nsatlas));
  for (const heavy of ["zod", "scanProc", "NS_GET_MNTNS_ID came", "libsmartcols", "encodeSnapshot"]) {
    expect({ heavy, there: text.includes(heavy) }).toEqual({ heavy, there: false });
  }
  expect(text.length).toBeLessThan(100_000);
});
test("--help and --version need neither /proc nor the native half nor a terminal", needs("linux"), async () => {
  for (const word of ["--help", "--version", "help", "version"]) {
    const { code, stderr } = await self.run(process.execPath, [PROGRAMS.nsatlas, word], { env: { PATH: undefined } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  }
});
