import { CAPABILITIES, type Capability } from "../../../src/abi/capabilities.ts";
import { CLONE_FLAGS, CONSTANTS } from "../../../src/abi/constants.ts";
import { KINDS } from "../../../src/abi/namespace-kinds.ts";
import { taskName, type Call, type MapFile, type Value } from "../../../src/kernel/call.ts";
import type { Scene, Step } from "../fact-case.ts";
import { capset, dumpable, openMap, read, setresgid, setresuid } from "../script.ts";

/** What the cases on id maps and capabilities have in common. */

/** A task has the initial namespaces open: this descriptor is the next that it gets. */
export const NEXT_FD = KINDS.length;

/** All that those who measured had, but for some. */
export const allBut = (...missing: readonly Capability[]): Call =>
  capset(...CAPABILITIES.filter((name) => name !== "CAP_SYS_RESOURCE" && !missing.includes(name)));

/** A task becomes a user without capabilities, as after a login. */
export const become = (who: string, uid: number): Step[] => [
  [who, setresgid(uid)],
  [who, setresuid(uid)],
  [who, dumpable],
];

/** The same with some capabilities. */
export const becomeWith = (who: string, uid: number, ...names: Capability[]): Step[] => [
  [who, { op: "set-securebits", bits: CONSTANTS.SECBIT_KEEP_CAPS }],
  [who, setresgid(uid)],
  [who, setresuid(uid)],
  [who, capset(...names)],
];

/** A task that has its descriptors in common with the shell. */
export const sharing = (as: string): Step => [
  "shell",
  { op: "clone", as: taskName(as), flags: CLONE_FLAGS.CLONE_FILES },
];

/** The text that a read gave. */
export const textOf = (value: Value | string): string =>
  typeof value === "object" && "text" in value ? value.text : "";
/** As a fact writes it in one line. */
export const escaped = (text: string): string => text.replaceAll("\n", "\\n");
/** Its lines, each with single blanks and a semicolon. */
export const inShort = (text: string): string =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => `${line.trim().replaceAll(/ +/g, " ")};`)
    .join("");

/** What a task reads in one of the files. */
export function readMap(scene: Scene, { by, of, file }: { by: string; of: string; file: MapFile }): string {
  return textOf(scene.call(by, read(Number(scene.call(by, openMap(of, file, "read"))))));
}
