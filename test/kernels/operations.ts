import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { attaches, OPERATION_NAMES, type OperationName } from "../../src/caps/operations.ts";
import type { TriedEach } from "../caps/live/try-each.ts";
import { tryEach } from "../caps/live/try-each.ts";
import type { Part } from "./part.ts";

const YAMA = "/proc/sys/kernel/yama/ptrace_scope";
/** Setting 3 cannot be taken back. */
const SCOPES = ["0", "1", "2"];

/**
 * Every operation of `can`, tried on a guest's kernel by many, each time beside the answer; those that Yama minds with each
 * of its settings besides.
 */
export const operations: Part = {
  name: "operation",
  seconds: 130,
  async *run({ native, actor }) {
    const all = await tryEach(native, actor);
    for (const name of OPERATION_NAMES) yield checked(all, name, "");
    if (!existsSync(YAMA)) return;
    const usual = readFileSync(YAMA, "utf8");
    for (const scope of SCOPES) {
      writeFileSync(YAMA, scope);
      const some = await tryEach(native, actor, OPERATION_NAMES.filter(attaches));
      for (const name of OPERATION_NAMES.filter(attaches)) yield checked(some, name, `, ptrace_scope ${scope}`);
    }
    writeFileSync(YAMA, usual);
  },
};

function checked({ tally, wrong }: TriedEach, name: OperationName, as: string) {
  const { yes, no, unknown, otherwise } = tally.rows.get(name) ?? { yes: 0, no: 0, unknown: 0, otherwise: 0 };
  const texts = wrong.get(name) ?? [];
  for (const text of texts) console.error(text);
  const should = `let ${yes}, refused ${no}, not foretold ${unknown + otherwise}`;
  const says = texts.length === 0 ? should : `${texts.length} answers are contradicted: ${texts[0]}`;
  return { id: `operation: ${name}${as}`, says, should };
}
